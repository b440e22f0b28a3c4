"""Screens about a slip that somebody brings: looking for it, and where its ticket stands."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty

from kiosk.flow.actions import AskCancel, EraseKey, LookUp
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("find.kv")), encoding="utf-8")


class FindScreen(BodyScreen):
    """Scan the code, or type the number; `wide`: side by side, `beside`: looking it up stands beside what is typed."""

    wide = BooleanProperty(False)
    beside = BooleanProperty(False)

    def erase(self) -> None:
        """Take the last key back."""
        self.act(EraseKey())

    def look(self) -> None:
        """Look for what was typed."""
        self.act(LookUp())


class FoundScreen(BodyScreen):
    """Where a ticket stands."""

    def cancel(self) -> None:
        """Ask to give the number back."""
        self.act(AskCancel())
