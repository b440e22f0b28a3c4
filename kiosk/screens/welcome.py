"""The first screen."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from broker.screen.widgets import TouchPanel
from kiosk.events import Begin, OpenFind
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("welcome.kv")), encoding="utf-8")


class StartButton(TouchPanel):
    """The one large target of the first screen."""


class WelcomeScreen(BodyScreen):
    """Greets, says the hours, and begins at a touch."""

    def begin(self) -> None:
        """Begin."""
        self.act(Begin())

    def find(self) -> None:
        """Look for a slip."""
        self.act(OpenFind())
