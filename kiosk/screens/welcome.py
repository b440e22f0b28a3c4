"""The first screen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from devices.screen.widgets import TouchPanel
from kiosk.flow.actions import Begin, OpenFind, OpenProcedures, Stay
from kiosk.screens.parts import BodyScreen
from kiosk.views.welcome import AWAKE

Builder.load_file(str(Path(__file__).with_name("welcome.kv")), encoding="utf-8")


class StartButton(TouchPanel):
    """The one large target of the first screen."""


class Door(TouchPanel):
    """A smaller target of the first screen: an icon, what it is, what it is for."""

    icon = StringProperty("")
    text = StringProperty("")
    note = StringProperty("")


class FirstDoors(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """What can be done without a number: read about procedures where there are some, look for a slip."""

    find = StringProperty("")
    find_note = StringProperty("")
    read = StringProperty("")
    read_note = StringProperty("")
    act = ObjectProperty()
    upright = BooleanProperty(True)

    def open_find(self) -> None:
        """Look for a slip."""
        self.act(OpenFind())

    def open_procedures(self) -> None:
        """Look procedures up."""
        self.act(OpenProcedures())


class WelcomeScreen(BodyScreen):
    """Greets, says the hours, and begins at a touch."""

    def on_touch_down(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Let a touch beside every target end the calm; one on a target does what it always does."""
        if super().on_touch_down(touch):
            return True
        if self.body.calm != AWAKE:
            self.act(Stay())
        return False

    def begin(self) -> None:
        """Begin."""
        self.act(Begin())
