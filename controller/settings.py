"""The settings of the controller's process: from the command line first, else from `LUOT_...` in the environment.

What belongs to the centre (services, counters, devices, hours) is in the stored configuration, not here.
"""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from broker.link.address import parse_listen, parse_url
from broker.runtime.clock import clock_from


class SettingsError(Exception):
    """A setting cannot be used; the message is one sentence that names it and says what to give."""


class Settings(BaseSettings):
    """How one controller runs. Each field is documented in `docs/settings.md`."""

    model_config = SettingsConfigDict(env_prefix="LUOT_", frozen=True, extra="ignore")

    data: Path
    centre: Path | None = None
    http: str = "127.0.0.1:8000"
    mqtt: str | None = None
    mqtt_listen: str = "127.0.0.1:1883"
    mqtt_password: SecretStr | None = None
    ca: Path | None = None
    monitoring: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = Field(
        default=(IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
    )
    proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode] = ()
    log: Literal["debug", "info", "warning", "error"] = "info"
    clock: str = ""

    @field_validator("monitoring", "proxies", mode="before")
    @classmethod
    def _networks(cls, value: object) -> object:
        """Read networks with commas between them."""
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def reachable(self) -> bool:
        """Return whether other machines reach this controller, by HTTP or through its broker."""
        broker = parse_url(self.mqtt).host if self.mqtt else parse_listen(self.mqtt_listen)[0]
        return not (is_loopback(parse_listen(self.http)[0]) and is_loopback(broker))


def only_here(public_url: str) -> bool:
    """Return whether an address in the QR of a slip leads a citizen's phone to the phone itself."""
    return is_loopback(urlsplit(public_url).hostname or "")


def read_settings(given: dict[str, object]) -> Settings:
    """Put what the command line gave over the environment; anything that cannot be used is `SettingsError`."""
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})  # type: ignore[arg-type]  # pydantic checks
    except ValidationError as error:
        faults = [f"{option_name(str(fault['loc'][0]))}: {fault['msg']}" for fault in error.errors()]
        raise SettingsError("; ".join(faults)) from error
    for name, check in (("http", parse_listen), ("mqtt", parse_url), ("mqtt_listen", parse_listen)):
        value = getattr(settings, name)
        try:
            if value is not None:
                check(value)
        except ValueError as error:
            raise SettingsError(f"{option_name(name)}: {error}") from error
    _check_clock(settings)
    return settings


def option_name(name: str) -> str:
    """Return the name of a setting as it is typed."""
    return (
        "--" + name.replace("_", "-")
        if name in ("data", "centre", "http", "mqtt", "mqtt_listen")
        else "LUOT_" + name.upper()
    )


def _check_clock(settings: Settings) -> None:
    """Refuse a driven clock where real people could be at the other end."""
    if not settings.clock:
        return
    try:
        clock_from({"LUOT_CLOCK": settings.clock})
    except ValueError as error:
        raise SettingsError(str(error)) from error
    hosts = [parse_listen(settings.http)[0]]
    hosts.append(parse_url(settings.mqtt).host if settings.mqtt else parse_listen(settings.mqtt_listen)[0])
    for host in hosts:
        if not is_loopback(host):
            raise SettingsError(
                f"LUOT_CLOCK is for the demonstration and tests on this machine, and {host} is not loopback: unset it"
            )


def is_loopback(host: str) -> bool:
    """Return whether a host name or address means this machine only."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
