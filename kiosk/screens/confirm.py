"""What is asked before it is done."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder

from kiosk.flow.actions import CancelNumber, GoBack, OpenPriorities, TakeNumber
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("confirm.kv")), encoding="utf-8")


class ConfirmScreen(BodyScreen):
    """A question with two answers; the large one is the one that a finger may touch without thinking."""

    def yes(self) -> None:
        """Do it."""
        self.act(CancelNumber() if self.body.safe else TakeNumber())

    def no(self) -> None:
        """Do it not."""
        self.act(GoBack())

    def priorities(self) -> None:
        """Open the choice of a priority."""
        self.act(OpenPriorities())
