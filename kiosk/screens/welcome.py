"""The first screen."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from broker.screen.widgets import TouchPanel
from kiosk.events import Begin, OpenFind
from kiosk.events_reading import OpenProcedures
from kiosk.screens.parts import BodyScreen

Builder.load_file(str(Path(__file__).with_name("welcome.kv")), encoding="utf-8")


class StartButton(TouchPanel):
    """The one large target of the first screen."""


class FirstDoors(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """What can be done without a number: read about procedures where there are some, look for a slip."""

    find = StringProperty("")
    read = StringProperty("")
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

    def begin(self) -> None:
        """Begin."""
        self.act(Begin())
