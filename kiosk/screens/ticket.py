"""The screen of a number that was given: the number is the largest thing on it."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty

from kiosk.flow.actions import AskCancel, GoHome
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("ticket.kv")), encoding="utf-8")


class TicketScreen(BodyScreen):
    """The number, what comes next, and the truth about its slip; `wide`: side by side, the code too where `beside`."""

    wide = BooleanProperty(False)
    beside = BooleanProperty(True)
    qr = NumericProperty(0)

    def leave(self) -> None:
        """Done: back to the first screen."""
        self.act(GoHome())

    def cancel(self) -> None:
        """Ask to give the number back."""
        self.act(AskCancel())
