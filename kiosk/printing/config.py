"""What the controller tells a printer about itself (contract 8), and whether its slips carry a QR code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from pydantic import field_validator

from broker.contract.payloads import CentreCard, Payload
from kiosk.printing.address import FileAddress, TcpAddress, is_loopback, parse_address

if TYPE_CHECKING:
    from broker.contract.payloads import DeviceConfig


class PrinterConfig(Payload):
    """A printer's configuration."""

    revision: int | str
    centre: CentreCard
    address: str
    width_mm: Literal[58, 80] = 80

    @field_validator("address")
    @classmethod
    def _known_form(cls, value: str) -> str:
        parse_address(value)
        return value


def printer_config(config: DeviceConfig) -> PrinterConfig:
    """Read a printer's configuration; one that cannot be read is a pydantic ValidationError (a ValueError)."""
    return PrinterConfig.model_validate(config.model_dump())


def qr_url(url: str, address: str) -> str | None:
    """Give the address that a slip's QR code carries, or None when nobody could follow it.

    A loopback address leads nowhere from a telephone: it is printed only where the printer itself is a program or a
    file on this machine, as in the demonstration.
    """
    if not url:
        return None
    if not is_loopback(urlsplit(url).hostname or ""):
        return url
    printer = parse_address(address)
    emulated = (isinstance(printer, TcpAddress) and is_loopback(printer.host)) or (
        isinstance(printer, FileAddress) and not printer.path.startswith("/dev/")
    )
    return url if emulated else None
