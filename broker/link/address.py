"""Where a broker is: `mqtt://HOST:PORT`, `mqtts://HOST:PORT`, `HOST:PORT` to listen on, and pairing codes. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from broker.contract.ids import CONTROLLER, is_slug

PORTS = {"mqtt": 1883, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class Address:
    """A broker to connect to."""

    host: str
    port: int
    tls: bool = False

    @property
    def url(self) -> str:
        """The address as `--mqtt` takes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'mqtts' if self.tls else 'mqtt'}://{host}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Tell whether it is this machine, reached over its own loopback."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


@dataclass(frozen=True, slots=True)
class Pairing:
    """What a pairing code holds; `fingerprint` is the SHA-256 of the authority's certificate, in hex."""

    address: Address
    centre: str
    device: str
    password: str
    fingerprint: str


def parse_url(url: str) -> Address:
    """Read `mqtt://HOST[:PORT]` or `mqtts://HOST[:PORT]`; anything else is a ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.username:
        raise ValueError(f"{url!r} is no broker address: give mqtt://HOST:PORT or mqtts://HOST:PORT")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError as error:
        raise ValueError(f"{url!r} has no valid port: give a number up to 65535") from error
    return Address(parts.hostname, port, tls=parts.scheme == "mqtts")


def parse_listen(text: str) -> tuple[str, int]:
    """Read `HOST:PORT` or `[HOST]:PORT`; port 0 means any free one, and anything else is a ValueError."""
    found = re.fullmatch(r"(?:\[(?P<six>[0-9a-fA-F:]+)\]|(?P<host>[^:\[\]/]+)):(?P<port>\d{1,5})", text)
    if found is None or int(found["port"]) > 65535:
        raise ValueError(f"{text!r} is no address to listen on: give HOST:PORT, as 127.0.0.1:1883")
    return found["six"] or found["host"], int(found["port"])


def parse_pairing(code: str) -> Pairing:
    """Read `mqtts://DEVICE:PASSWORD@HOST:PORT/CENTRE#sha256-of-CA`; anything else is a ValueError.

    The message of the error never holds the code, because there is a password in it.
    """
    parts = urlsplit(code)
    fingerprint = parts.fragment.removeprefix("sha256-").replace(":", "").lower()
    device, password, centre = parts.username or "", unquote(parts.password or ""), parts.path.strip("/")
    whole = "the pairing code must be mqtts://DEVICE:PASSWORD@HOST:PORT/CENTRE#sha256-of-CA: "
    if parts.scheme != "mqtts" or not parts.hostname:
        raise ValueError(f"{whole}it does not begin with mqtts:// and a host")
    if not is_slug(device) or device == CONTROLLER or not password or not is_slug(centre):
        raise ValueError(f"{whole}device, password or centre is missing")
    if not re.fullmatch(r"[0-9a-f]{64}", fingerprint):
        raise ValueError(f"{whole}its end is not the SHA-256 of a certificate, 64 hexadecimal digits")
    try:
        port = parts.port or PORTS["mqtts"]
    except ValueError as error:
        raise ValueError(f"{whole}its port is not a number up to 65535") from error
    return Pairing(Address(parts.hostname, port, tls=True), centre, device, password, fingerprint)


def pairing_code(pairing: Pairing) -> str:
    """Write a pairing code; `parse_pairing` reads it back."""
    host = f"[{pairing.address.host}]" if ":" in pairing.address.host else pairing.address.host
    user = f"{pairing.device}:{_quoted(pairing.password)}"
    return f"mqtts://{user}@{host}:{pairing.address.port}/{pairing.centre}#{pairing.fingerprint}"


def _quoted(password: str) -> str:
    return "".join(char if re.match(r"[A-Za-z0-9_-]", char) else f"%{char.encode().hex('%')}" for char in password)
