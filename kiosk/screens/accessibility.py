"""The choice of how the screen shall be."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import GoBack, ToggleMode
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("accessibility.kv")), encoding="utf-8")


class AccessScreen(BodyScreen):
    """Every mode, with a mark where it is chosen."""

    def toggle(self, mode: str) -> None:
        """Choose a mode or take it back."""
        self.act(ToggleMode(mode))

    def done(self) -> None:
        """Close the choice."""
        self.act(GoBack())
