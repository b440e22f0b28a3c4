"""A slip once more, at the printer of the kiosk where it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.domain.commands import Reprint

if TYPE_CHECKING:
    from broker.contract.payloads import TokenRequest
    from controller.domain.centre.model import Device


def reprint_of(asked: TokenRequest, device: Device, request: str) -> Reprint:
    """Give the command for a copy; `request` is the id that the print command will name."""
    return Reprint(token=asked.token, printer=device.printer, request=request, device=device.id)
