"""What follows a scan: where a receipt leads, and the wait for a card."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import TakeService
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("scan.kv")), encoding="utf-8")


class ReceiptScreen(BodyScreen):
    """The services that hand the result of a dossier back."""

    def take(self, service: str) -> None:
        """Ask for a number."""
        self.act(TakeService(service))


class CardScreen(BodyScreen):
    """A card is waited for."""
