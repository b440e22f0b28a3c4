"""What every device's command line shares: its options, how they become a device, and how it ends.

    def sign(mqtt: MqttOption = None, centre: CentreOption = None, device: DeviceOption = None,
             ca: CaOption = None, pair: PairOption = None, data: DataOption = None) -> None:
        run_to_end(lambda: show(device_settings(mqtt=mqtt, centre=centre, device=device, ca=ca, pair=pair, data=data)))

    async def show(settings: DeviceSettings) -> None:
        machine = open_device(account(settings, os.environ), Kind.SIGN, os.environ)
        await machine.run()          # beside the screen; returns when told to restart: then `restart_program()`

Every option can also be set as LUOT_... in the environment; what is on the command line goes first.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable  # noqa: TC003 - a field of a dataclass
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from broker.contract.ids import CONTROLLER, is_slug
from broker.link.address import parse_pairing, parse_url
from broker.link.link import LinkRefusedError
from broker.link.mqtt_link import MqttLink
from broker.link.tls import trust_file, trust_fingerprint
from broker.runtime.clock import clock_from, is_driven
from broker.runtime.unit_settings import hold_back, missing_file, warn_if_exposed
from broker.runtime.version import own_version
from devices.base.device import Device
from devices.base.device_folder import default_data, folder_fault

if TYPE_CHECKING:
    import ssl
    from collections.abc import Coroutine, Mapping

    from broker.contract.payloads import Kind
    from broker.link.address import Address

MqttOption = Annotated[str | None, typer.Option("--mqtt", help="The broker: mqtt://HOST:PORT or mqtts://HOST:PORT.")]
CentreOption = Annotated[str | None, typer.Option("--centre", help="The id of the centre.")]
DeviceOption = Annotated[
    str | None, typer.Option("--device", help="The id of this device; its password is read from LUOT_PASSWORD.")
]
CaOption = Annotated[Path | None, typer.Option("--ca", help="The certificate of the authority behind mqtts.")]
PairOption = Annotated[str | None, typer.Option("--pair", help="The pairing code, instead of the options above.")]
DataOption = Annotated[
    Path | None, typer.Option("--data", help="The folder where this device keeps what it must not forget.")
]


class UsageError(ValueError):
    """The options do not make sense together; the message is one sentence that says what to give."""


class DeviceSettings(BaseSettings):
    """The options of one device, from the command line and the environment (`LUOT_MQTT`, ...).

    `printer_password` is for a kiosk that drives an attached printer and signs in for both.
    """

    model_config = SettingsConfigDict(env_prefix="LUOT_", extra="ignore", frozen=True)

    mqtt: str | None = None
    centre: str | None = None
    device: str | None = None
    ca: Path | None = None
    pair: SecretStr | None = None
    password: SecretStr | None = None
    printer_password: SecretStr | None = None
    data: Path | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Where one device signs in, as whom, whom it trusts there, and where it keeps what it must not forget."""

    address: Address
    centre: str
    device: str
    password: str
    data: Path
    trust: Callable[[], ssl.SSLContext] | None


def device_settings(**given: object) -> DeviceSettings:
    """Put the command line over the environment; what is None was not given. UsageError when a value is none."""
    try:
        return DeviceSettings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # it is checked there
    except ValidationError as error:
        fault = error.errors()[0]
        raise UsageError(f"--{'.'.join(str(step) for step in fault['loc'])}: {fault['msg']}") from error


def account(settings: DeviceSettings, environment: Mapping[str, str]) -> Account:
    """Give the account that the options mean; UsageError when something is missing or contradicts."""
    warn_if_exposed(environment)
    try:
        if settings.pair is not None:
            own = _paired(settings, settings.pair.get_secret_value(), environment)
        else:
            own = _told(settings, environment)
    except UsageError:
        raise
    except ValueError as error:
        raise UsageError(str(error)) from error
    if fault := folder_fault(own.data):
        raise UsageError(f"--data {fault}")
    return own


def _paired(settings: DeviceSettings, code: str, environment: Mapping[str, str]) -> Account:
    pairing = parse_pairing(code)
    data = settings.data or default_data(pairing.device, environment)
    trust = trust_fingerprint(pairing.address, pairing.fingerprint, data / "authority.pem")
    return Account(pairing.address, pairing.centre, pairing.device, pairing.password, data, trust)


def _told(settings: DeviceSettings, environment: Mapping[str, str]) -> Account:
    if settings.mqtt is None or settings.centre is None or settings.device is None:
        missing = missing_file(environment)
        raise UsageError(missing or "give --mqtt URL, --centre ID and --device ID, or --pair CODE")
    if settings.password is None:
        raise UsageError("set the device's password in LUOT_PASSWORD: `luot device add` shows it once")
    if names_file(settings.centre):
        raise UsageError(
            f"--centre (LUOT_CENTRE) {settings.centre!r} is a file, which only `luot serve` reads: "
            "a device takes the id that the file gives under [centre], as quang-ngai"
        )
    for option, value in (("--centre", settings.centre), ("--device", settings.device)):
        if not is_slug(value) or value == CONTROLLER:
            raise UsageError(f"{option} {value!r} is no id: lower-case letters, digits and hyphens, at most 32")
    address = parse_url(settings.mqtt)
    if settings.ca is not None and not (address.tls and settings.ca.is_file()):
        raise UsageError(f"--ca {settings.ca} needs mqtts:// and a file that is there")
    return Account(
        address, settings.centre, settings.device, settings.password.get_secret_value(),
        settings.data or default_data(settings.device, environment), trust_file(settings.ca) if address.tls else None,
    )  # fmt: skip


def names_file(centre: str) -> bool:
    """Return whether `--centre` was given a controller's configuration file where an id belongs."""
    return "/" in centre or centre.endswith(".toml")


def attached(account: Account, device: str, password: str) -> Account:
    """Give the account of a printer that a kiosk drives: another name at the same broker, its own folder."""
    return replace(account, device=device, password=password, data=account.data / device)


def open_device(account: Account, kind: Kind, environment: Mapping[str, str]) -> Device:
    """Make a device on a real link; its clock is the environment's, which may be driven on loopback only."""
    if is_driven() and not account.address.is_loopback:
        raise UsageError("LUOT_CLOCK is for demos and drills on this machine: unset it to reach a broker elsewhere")
    try:
        clock = clock_from(environment)
    except ValueError as error:
        raise UsageError(str(error)) from error
    link = MqttLink(
        account.address, account.centre, account.device, account.password, clock,
        trust=account.trust, trouble=lambda sentence: print(f"luot: {sentence}", file=sys.stderr),  # noqa: T201 - for people
    )  # fmt: skip
    return Device(link, clock, kind, own_version(), account.data)


def run_to_end(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a program until it ends, is interrupted, or fails with one sentence on stderr.

    Exit status: 0 when it ended or was asked to (SIGINT, SIGTERM), 1 when the broker refuses it, 2 for wrong use.
    """
    try:
        asyncio.run(_until_told(work))
    except* UsageError as group:
        _say(group)
        hold_back(os.environ)
        raise SystemExit(2) from group
    except* LinkRefusedError as group:
        _say(group)
        raise SystemExit(1) from group


def _say(group: BaseExceptionGroup[Exception]) -> None:
    first: BaseException = group
    while isinstance(first, BaseExceptionGroup):
        first = first.exceptions[0]
    print(f"luot: {first}", file=sys.stderr, flush=True)  # noqa: T201 - the one sentence for people


async def _until_told(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Cancel the work at SIGTERM and SIGINT, so that it says goodbye to the broker."""
    task = asyncio.ensure_future(work())
    told = False

    def stop() -> None:
        nonlocal told
        told = True
        task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await task
    except asyncio.CancelledError:
        if not told:
            raise


def restart_program() -> NoReturn:
    """Begin this program anew, as command `restart` asks; call it after the event loop has ended."""
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])  # noqa: S606 - the same program with the same words
