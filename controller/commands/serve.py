"""`luot serve`: the controller of a centre."""

from __future__ import annotations

import os
import resource
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import uvloop

from broker.contract.ids import is_slug
from broker.link.link import LinkRefusedError
from broker.runtime.logs import configure_logs
from broker.runtime.unit_settings import hold_back, warn_if_exposed
from broker.server.mosquitto import BrokerError
from controller.admin.lock import DataLockedError, lock_data
from controller.commands.centre_file import read_centre
from controller.commands.output import WRONG_USE, fail, fail_with_config_faults
from controller.domain.centre.centre import CentreFaults
from controller.main import ListenError, serve
from controller.mqtt.heartbeat import AnotherControllerError
from controller.services.engine.supervision import RepeatedFailureError
from controller.services.journal.ports import StoreError
from controller.settings import SettingsError, read_settings
from controller.store.database import FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controller.domain.centre.centre import Centre
    from controller.settings import Settings

EXPECTED = (
    DataLockedError,
    ListenError,
    StoreError,
    BrokerError,
    LinkRefusedError,
    AnotherControllerError,
    RepeatedFailureError,
)
"""What may keep a controller from working; each message is one sentence that says what to do."""
MOST_DESCRIPTORS = 8192


def register(app: typer.Typer) -> None:
    """Add `serve` to the application."""
    app.command("serve", help="Run the controller of a centre.")(run)


def run(
    *,
    centre: Annotated[Path | None, typer.Option(help="The centre's configuration; read the first time.")] = None,
    data: Annotated[Path | None, typer.Option(help="Where the controller keeps everything.")] = None,
    http: Annotated[str | None, typer.Option(help="HOST:PORT for people and programs; port 0: any free one.")] = None,
    mqtt: Annotated[str | None, typer.Option(help="A given broker: mqtt://HOST:PORT or mqtts://HOST:PORT.")] = None,
    mqtt_listen: Annotated[str | None, typer.Option(help="HOST:PORT of the controller's own broker.")] = None,
) -> None:
    """Run the controller of a centre until SIGTERM; it says `ready http=HOST:PORT mqtt=HOST:PORT` when it is."""
    given = {"centre": centre, "data": data, "http": http, "mqtt": mqtt, "mqtt_listen": mqtt_listen}
    try:
        settings = read_settings(dict(given))
        first = first_centre(settings)
    except SettingsError as wrong:
        with _held_back():
            fail(str(wrong), WRONG_USE)
    except CentreFaults as faults:
        with _held_back():
            fail_with_config_faults(faults)
    configure_logs({}, level=settings.log)
    if settings.mqtt_password is not None:
        warn_if_exposed(os.environ)
    raise_descriptors()
    _serve(settings, first)


def first_centre(settings: Settings) -> Centre | None:
    """Read what `--centre` names; beside a store it only says which centre is meant."""
    if settings.centre is None:
        return None
    if is_slug(str(settings.centre)) and not settings.centre.exists():
        raise SettingsError(
            f"--centre (LUOT_CENTRE) {str(settings.centre)!r} is an id, as devices take it: "
            "`luot serve` reads a configuration file, as /etc/luot/centre.toml"
        )
    return read_centre(settings.centre, stored=(settings.data / FILE).exists())


def raise_descriptors() -> None:
    """Use as many descriptors as the system allows, up to what is of use: many processes start with 1,024 of them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    allowed = MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))


def _serve(settings: Settings, first: Centre | None) -> None:
    try:
        with lock_data(settings.data, "stop it, or give another --data"):
            uvloop.run(serve(settings, first))
    except* SettingsError as wrong:
        with _held_back():
            fail(_sentence(wrong), WRONG_USE)
    except* EXPECTED as expected:
        fail(_sentence(expected))
    except* OSError as error:
        fail(f"the data directory {settings.data} cannot be used: {_sentence(error)}")


@contextmanager
def _held_back() -> Iterator[None]:
    """Wait before the program ends for settings that cannot be used: a unit would start it again at once."""
    try:
        yield
    finally:
        hold_back(os.environ)


def _sentence(group: BaseExceptionGroup[BaseException]) -> str:
    return str(next(_leaves(group)))


def _leaves(group: BaseExceptionGroup[BaseException]) -> Iterator[BaseException]:
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            yield from _leaves(error)
        else:
            yield error
