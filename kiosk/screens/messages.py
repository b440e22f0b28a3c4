"""Screens that say one thing: busy, a message, closed."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import GoHome
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("messages.kv")), encoding="utf-8")


class BusyScreen(BodyScreen):
    """Something is on its way; nothing moves, so that nothing is drawn while it waits."""


class MessageScreen(BodyScreen):
    """A message with at most one way on."""

    def leave(self) -> None:
        """Back to the first screen."""
        self.act(GoHome())


class ClosedScreen(BodyScreen):
    """Nothing is issued at present."""
