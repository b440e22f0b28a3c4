"""Screens about a slip that somebody brings: looking for it, and where its ticket stands."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty

from kiosk.events import EraseKey, LookUp, TypeKey
from kiosk.screens.parts import BodyScreen, KeyRow, rows_of

Builder.load_file(str(Path(__file__).with_name("slip.kv")), encoding="utf-8")

KEYS_IN_A_ROW = 10
DIGITS = tuple("1234567890")


class FindScreen(BodyScreen):
    """Scan the code, or type the number; `wide`: side by side."""

    wide = BooleanProperty(False)

    def on_kv_post(self, base_widget: object) -> None:
        """Build the keyboard as soon as the place for it is there."""
        super().on_kv_post(base_widget)
        self.lay_keys()

    def on_body(self, *_: object) -> None:
        """Build the keyboard again when its letters change."""
        self.lay_keys()

    def lay_keys(self) -> None:
        """Lay the letters that numbers begin with, the digits and the hyphen."""
        place = self.ids.get("keys")
        wanted = (*rows_of(self.body.letters, KEYS_IN_A_ROW), (*DIGITS[:5],), (*DIGITS[5:], "-"))
        if place is None or getattr(place, "laid", None) == wanted:
            return
        place.laid = wanted
        place.clear_widgets()
        for row in wanted:
            line = KeyRow(pressed=self.press)
            line.keys = row
            place.add_widget(line)

    def press(self, key: str) -> None:
        """Type a key."""
        self.act(TypeKey(key))

    def erase(self) -> None:
        """Take the last key back."""
        self.act(EraseKey())

    def look(self) -> None:
        """Look for what was typed."""
        self.act(LookUp())


class FoundScreen(BodyScreen):
    """Where a ticket stands."""
