"""One running controller: its adapters and background tasks, from the first connection to the last."""

from __future__ import annotations

import asyncio
import gc
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import structlog

from broker.contract.errors import RefusedError
from broker.link.link import LinkDownError
from broker.runtime.clock import SystemClock
from broker.runtime.version import own_version
from broker.server.provision import ControlRefusedError, Provisioner
from controller.admin.admin_service import AdminService
from controller.admin.brokers import report_differences
from controller.admin.pairing import PairingCodes
from controller.admin.socket import ControlSocket
from controller.http.app import create_app
from controller.http.dependencies import Dependencies
from controller.http.server.connections import own_limits
from controller.http.server.web_server import WebServer
from controller.metrics.collector import MetricsCollector
from controller.mqtt.adapter import MqttAdapter
from controller.mqtt.dependencies import MqttDependencies
from controller.services.accounts.budget import CallBudget
from controller.services.devices.after_restore import WAIT_S, AfterRestore
from controller.services.devices.granting import CredentialDifferences, Granting
from controller.services.devices.inventory import Inventory, kinds_of
from controller.services.devices.presence import Presence
from controller.services.engine.liveness import report_liveness
from controller.services.engine.readiness import Readiness
from controller.services.journal.stored_centre import former_centres
from controller.store.database import FILE
from controller.store.figures import FiguresStore

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine
    from typing import Any

    from broker.link.mqtt_link import MqttLink
    from broker.runtime.clock import Clock
    from broker.server.mosquitto import Mosquitto
    from controller.core import Core
    from controller.settings import Settings

log = structlog.get_logger()

REFRESH_S = 1.0
SAVE_S = 600.0
COLLECT = (10_000, 20, 20)
"""When memory is searched for cycles; see `gc.set_threshold`."""


class ControllerProcess:
    """One controller of one centre, with its adapters for MQTT, HTTP and admin requests."""

    def __init__(
        self, settings: Settings, core: Core, clock: Clock, link: MqttLink, mosquitto: Mosquitto | None
    ) -> None:
        self._settings = settings
        self._core = core
        self._clock = clock
        self._link = link
        self._presence = Presence(clock)
        self._counts = core.counts
        if mosquitto is not None:
            core.counts.broker_restarts = mosquitto.restarts
        provisioner = Provisioner(link, own=mosquitto is not None)
        self._granting = Granting(core.credentials, provisioner, mosquitto.renew if mosquitto else None)
        self._pairing = PairingCodes(settings.mqtt, link.centre, settings.ca)
        self._inventory = Inventory(core.configuration, self._granting, self._presence)
        self._mqtt = MqttAdapter(
            MqttDependencies(
                link=link, engine=core.engine, store=core.store, configuration=core.configuration,
                presence=self._presence, procedures=core.procedures, day_key=core.day_key,
                counts=self._counts, clock=clock, ids=core.ids, aside=core.aside, supervisor=core.supervisor,
                version=own_version(), suspender=provisioner,
            )
        )  # fmt: skip
        self._metrics = MetricsCollector(
            self._presence, self._counts, link.counts, lambda: len(self._mqtt.commands),
            lambda: core.engine.purged_at, core.engine.guard, lambda: core.store.closing,
        )  # fmt: skip
        self._readiness = Readiness(core.engine, core.store, SystemClock())
        self._linked = asyncio.Event()
        self._begun = clock.now()
        self._restore = AfterRestore(core.engine, self._presence, self._counts)
        self._restore.hold()
        self._settled = asyncio.Event()
        self._changed = asyncio.Event()

    async def run(self, listener: socket.socket, ready: str) -> None:
        """Serve until SIGTERM or SIGINT; say that it is ready on standard output; raise what cannot be lived with."""
        self._core.engine.listen(self._metrics.count_commit)
        current = self._core.configuration.current().version
        await self._mqtt.open(await former_centres(self._core.store, current, self._core.aside))
        self._link.on_connect(self._on_connect)
        self._core.configuration.listen(lambda _before, _after: self._changed.set())
        web = WebServer(
            create_app(self._http_dependencies()), listener, own_limits(self._settings.proxies), self._counts.strangers
        )
        admin = AdminService(
            self._core.configuration, self._inventory, self._core.accounts, self._core.procedures,
            self._mqtt.commands.send, self._pairing, engine=self._core.engine,
        )  # fmt: skip
        control = ControlSocket(self._settings.data, admin.handle)
        await control.open()
        try:
            await self._work(web, ready)
        finally:
            await control.close()

    async def _work(self, web: WebServer, ready: str) -> None:
        stop = _stop_signal()
        serving = asyncio.create_task(web.run(), name="http")
        tasks = [
            serving,
            self._core.running,
            *self._background(web, ready),
            asyncio.create_task(stop.wait(), name="stop"),
        ]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            web.stop()
            await asyncio.gather(serving, return_exceptions=True)
            for task in tasks:
                if task is not self._core.running:
                    task.cancel()
            await asyncio.gather(*tasks[2:], return_exceptions=True)
        for task in done:
            task.result()
        log.info("stopped", by=[task.get_name() for task in done])

    def _background(self, web: WebServer, ready: str) -> list[asyncio.Task[None]]:
        """Start what works beside the engine and the web server; a loop that fails is restarted."""
        keep = self._core.supervisor.keep
        work: dict[str, Coroutine[Any, Any, None]] = {
            "link": keep("link", self._link.run),
            "devices": self._mqtt.run(),
            "look": keep("look", self._refresh_metrics, vital=False),
            "day key": keep("day key", self._core.day_key.run, vital=False),
            "credentials": keep("credentials", self._keep_credentials),
            "restore": self._settle_restore(),
            "ready": self._announce_ready(web, ready),
            "liveness": report_liveness(self._core.engine, web.started),
        }
        return [asyncio.create_task(coroutine, name=name) for name, coroutine in work.items()]

    async def _announce_ready(self, web: WebServer, ready: str) -> None:
        await web.started()
        with suppress(TimeoutError):  # the store, or a clock that is not believed, may keep the outcome waiting
            await asyncio.wait_for(self._settled.wait(), 2 * WAIT_S + 1)
        await self._linked.wait()
        _settle_memory()
        sys.stdout.write(ready + "\n")
        sys.stdout.flush()
        log.info("ready", line=ready)
        await asyncio.Event().wait()

    async def _settle_restore(self) -> None:
        """Issue no number after a restore before the devices were asked; without a broker nobody can be asked."""
        with suppress(TimeoutError):
            if self._core.engine.numbers.held:
                await asyncio.wait_for(self._linked.wait(), WAIT_S)
        await self._restore.settle(self._core.configuration.centre(), self._begun)
        self._settled.set()
        await asyncio.Event().wait()

    async def _refresh_metrics(self) -> None:
        """Refresh the figures that follow the hall, and keep what the estimator learns."""
        saved = self._clock.monotonic()
        while True:
            try:
                await self._core.engine.ask(self._metrics.collect_hall)
                if self._clock.monotonic() - saved > SAVE_S:
                    saved = self._clock.monotonic()
                    await self._core.save_estimates()
            except RefusedError as refused:
                log.warning("figures_wait", reason=str(refused))
            await asyncio.sleep(REFRESH_S)

    # ---- the broker ----

    async def _on_connect(self) -> None:
        self._changed.set()

    async def _keep_credentials(self) -> None:
        """Hold the broker's users to the configuration, after each connect and each change."""
        reported = CredentialDifferences()
        self._changed.set()
        while True:
            await self._changed.wait()
            self._changed.clear()
            try:
                found = await self._granting.sync(kinds_of(self._core.configuration.centre()))
            except (LinkDownError, ControlRefusedError, RefusedError) as error:
                starting = isinstance(error, LinkDownError) and not self._linked.is_set()
                (log.info if starting else log.warning)("credentials_wait", reason=str(error))
                continue
            self._linked.set()
            if found != reported:
                reported = found
                report_differences(found)

    # ---- HTTP ----

    def _http_dependencies(self) -> Dependencies:
        core = self._core
        return Dependencies(
            clock=self._clock, engine=core.engine, store=core.store, configuration=core.configuration,
            inventory=self._inventory, accounts=core.accounts, procedures=core.procedures,
            history=FiguresStore(self._settings.data / FILE), centre=core.configuration.centre, ready=self._lacking,
            metrics=self._metrics.page, monitoring=self._settings.monitoring, version=own_version(),
            reachable=self._settings.reachable,
            budget=CallBudget(SystemClock()), strangers=self._counts.strangers,
        )  # fmt: skip

    async def _lacking(self) -> list[str]:
        lacking = [] if self._link.connected else ["The broker cannot be reached."]
        if self._core.engine.numbers.held:
            lacking.append("After a restore the devices are being asked for their numbers.")
        held = self._core.engine.guard.held
        lacking += [] if held is None else [f"The clock is not believed: {held}."]
        return lacking + await self._readiness.lacking()


def _settle_memory() -> None:
    """Spare what stays for good, and look for cycles less often: a day holds many objects and hardly any cycle."""
    gc.freeze()
    gc.set_threshold(*COLLECT)


def _stop_signal() -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
