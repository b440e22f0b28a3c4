"""The screens of a rating, for the kiosk and for the pad: levels, reasons."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty

from devices.screen.widgets import TouchButton
from kiosk.flow.actions import GiveScore, GoOn, ToggleReason
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("rating.kv")), encoding="utf-8")


class SendButton(TouchButton):
    """Sends what was answered; grey until it is enough. Only one of a screen's two places shows it."""

    ready = BooleanProperty(False)
    shown = BooleanProperty(True)


class RateScreen(BodyScreen):
    """The levels of a question, one touch each."""

    def give(self, score: int) -> None:
        """Choose a level."""
        self.act(GiveScore(score))


class ReasonsScreen(BodyScreen):
    """Why somebody was not satisfied."""

    def toggle(self, code: str) -> None:
        """Choose a reason or take it back."""
        self.act(ToggleReason(code))

    def send(self) -> None:
        """Go on."""
        self.act(GoOn())
