"""Where a printer is, as its configuration says it; pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass

FORMS = "tcp://HOST:PORT, usb:VENDOR:PRODUCT, serial:/dev/NAME@BAUD or file:PATH"


@dataclass(frozen=True, slots=True)
class TcpAddress:
    """A printer on the network."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UsbAddress:
    """A printer on USB, by its two identifiers."""

    vendor: int
    product: int


@dataclass(frozen=True, slots=True)
class SerialAddress:
    """A printer on a serial line."""

    path: str
    baud: int


@dataclass(frozen=True, slots=True)
class FileAddress:
    """A device file, or a plain file that every slip is added to."""

    path: str


Address = TcpAddress | UsbAddress | SerialAddress | FileAddress


def parse_address(text: str) -> Address:
    """Read an address of one of the four forms; anything else is a ValueError that names them."""
    if found := re.fullmatch(r"tcp://([^:/\s\[\]]+):(\d{1,5})", text):
        port = int(found[2])
        if 0 < port < 65536:
            return TcpAddress(found[1], port)
    elif found := re.fullmatch(r"usb:([0-9a-fA-F]{1,4}):([0-9a-fA-F]{1,4})", text.replace("0x", "")):
        return UsbAddress(int(found[1], 16), int(found[2], 16))
    elif found := re.fullmatch(r"serial:(/[^@\s]+)@(\d{3,7})", text):
        return SerialAddress(found[1], int(found[2]))
    elif found := re.fullmatch(r"file:(?://)?(.+)", text):
        return FileAddress(found[1])
    raise ValueError(f"the printer's address {text!r} is not one of {FORMS}")


def is_loopback(host: str) -> bool:
    """Tell whether a host name or address means this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() in {"localhost", "localhost.localdomain"}
