"""The faces after a scan: where a receipt leads, the wait for a card, and what is said in passing; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.views.menus import service_tile
from kiosk.views.view import CardBody, ReceiptBody

if TYPE_CHECKING:
    from kiosk.views.context import Sight

LAST_DIGITS = 4
"""So much of a dossier's code is shown: its holder knows it again, and nobody else learns it."""


def receipt(sight: Sight, dossier: str) -> ReceiptBody:
    """Give the services that hand the result of a dossier back."""
    reading = sight.config.receipt
    offered = [sight.config.service(service) for service in reading.services] if reading else []
    return ReceiptBody(
        sight.say("receipt.title"),
        sight.say("receipt.code", digits=dossier[-LAST_DIGITS:]),
        sight.say("receipt.choose"),
        tuple(service_tile(sight, card) for card in offered if card is not None),
        sight.say("receipt.note"),
    )


def card(sight: Sight, service: str) -> CardBody:
    """Give the wait for a card."""
    chosen = sight.config.service(service)
    return CardBody(
        sight.read(chosen.name) if chosen else "",
        *(sight.say(f"card.{part}") for part in ("title", "how", "why", "privacy", "without")),
    )
