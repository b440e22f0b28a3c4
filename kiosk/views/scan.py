"""The faces after a scan: where a receipt leads, the wait for a card, and what is said in passing; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.views.menus import service_tile

if TYPE_CHECKING:
    from kiosk.views.context import ViewContext
    from kiosk.views.parts import Tile


@dataclass(frozen=True, slots=True)
class ReceiptBody:
    """The receipt of a dossier was read: the services that hand its result back."""

    title: str
    code: str
    choose: str
    tiles: tuple[Tile, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CardBody:
    """A card is waited for: how to hold it, why, what becomes of it, and the way without one."""

    service: str
    title: str
    how: str
    why: str
    privacy: str
    without: str


LAST_DIGITS = 4
"""So much of a dossier's code is shown: its holder knows it again, and nobody else learns it."""


def receipt(context: ViewContext, dossier: str) -> ReceiptBody:
    """Give the services that hand the result of a dossier back."""
    reading = context.config.receipt
    offered = [context.config.service(service) for service in reading.services] if reading else []
    return ReceiptBody(
        context.say("receipt.title"),
        context.say("receipt.code", digits=dossier[-LAST_DIGITS:]),
        context.say("receipt.choose"),
        tuple(service_tile(context, card) for card in offered if card is not None),
        context.say("receipt.note"),
    )


def card(context: ViewContext, service: str) -> CardBody:
    """Give the wait for a card."""
    chosen = context.config.service(service)
    return CardBody(
        context.read(chosen.name) if chosen else "",
        *(context.say(f"card.{part}") for part in ("title", "how", "why", "privacy", "without")),
    )
