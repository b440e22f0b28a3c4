"""Starts a controller: opens its store, broker and listener, and runs it until it is stopped."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import structlog

from broker.link.address import Address, parse_listen, parse_url
from broker.link.mqtt_link import MqttLink
from broker.link.tls import trust_file
from broker.runtime.clock import clock_from
from broker.server.mosquitto import Mosquitto
from broker.server.port_holder import port_holder
from controller.admin.brokers import BROKER_FOLDER, adopt_file, remember_broker
from controller.admin.config_drift import warn_of_drift
from controller.core import open_core
from controller.http.server.web_server import bind
from controller.process import ControllerProcess
from controller.services.devices.inventory import kinds_of
from controller.settings import SettingsError, only_here

if TYPE_CHECKING:
    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre
    from controller.services.engine.clock_guard import ClockGuard
    from controller.settings import Settings


log = structlog.get_logger()

GIVE_PUBLIC_URL = "set [centre] public_url to the address by which citizens' phones reach this controller"


class ListenError(Exception):
    """An address is taken; the message is one sentence."""


async def serve(settings: Settings, first: Centre | None) -> None:
    """Run a controller on a data directory whose lock is held; see `ControllerProcess.run` for what it raises."""
    clock = clock_from(os.environ)
    host, port = parse_listen(settings.http)
    try:
        listener = bind(host, port)
    except OSError as error:
        holder = port_holder(port) if error.errno == errno.EADDRINUSE else None
        why = f"{error.strerror}{f' by {holder}' if holder else ''}"
        raise ListenError(f"cannot listen on {settings.http} ({why}): give another --http") from error
    async with AsyncExitStack() as stack:
        stack.callback(listener.close)
        core = await stack.enter_async_context(open_core(settings.data, clock, first))
        clock = core.engine.guard
        _print_held(core.engine.guard)
        centre = core.configuration.centre()
        if first is not None and first.id != centre.id:
            raise SettingsError(f"--centre: {settings.data} belongs to the centre {centre.id}, not to {first.id}")
        warn_of_drift(settings, first, core.configuration)
        mosquitto, address, password = None, None, ""
        if settings.mqtt is None:
            folder, listen = settings.data / BROKER_FOLDER, parse_listen(settings.mqtt_listen)
            await adopt_file(core.store, core.credentials, kinds_of(centre), folder)
            mosquitto = Mosquitto(folder, centre.id, *listen, users=core.broker_users)
            await stack.enter_async_context(mosquitto)
            address, password = Address(mosquitto.host, mosquitto.port), mosquitto.password
        else:
            address, password = parse_url(settings.mqtt), _given_password(settings)
        link = _link(settings, address, centre.id, password, clock)
        await remember_broker(core.engine, core.store, settings.mqtt)
        controller = ControllerProcess(settings, core, clock, link, mosquitto)
        if settings.reachable and only_here(centre.card.public_url):
            log.warning("public_url_is_this_machine", public_url=centre.card.public_url, do=GIVE_PUBLIC_URL)
        ready = f"ready http={_shown(host, listener.getsockname()[1])} mqtt={_shown(address.host, address.port)}"
        await controller.run(listener, ready)


def _print_held(guard: ClockGuard) -> None:
    held = guard.held
    if held is not None:
        print(f"luot: {held}", file=sys.stderr)  # noqa: T201 - for people


def _given_password(settings: Settings) -> str:
    if settings.mqtt_password is None:
        raise SettingsError(
            "LUOT_MQTT_PASSWORD: a given broker needs the controller's password; `luot broker-files` makes it"
        )
    return settings.mqtt_password.get_secret_value()


def _link(settings: Settings, address: Address, centre: str, password: str, clock: Clock) -> MqttLink:
    def trouble(sentence: str) -> None:
        print(f"luot: {sentence}", file=sys.stderr)  # noqa: T201 - for people

    trust = trust_file(settings.ca) if address.tls else None
    return MqttLink(address, centre, "controller", password, clock, trust=trust, trouble=trouble)


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
