"""The keyboard on the screen: rows of characters, and where words are typed, a space bar and a key for Telex."""

from __future__ import annotations

from pathlib import Path

from kivy.lang import Builder
from kivy.properties import BooleanProperty, NumericProperty, ObjectProperty, StringProperty
from kivy.uix.boxlayout import BoxLayout

from devices.screen.widgets import Panel, TouchPanel
from kiosk.flow.actions import EraseKey, ToggleTelex, TypeKey
from kiosk.screens.parts import KeyRow
from kiosk.views import parts

Builder.load_file(str(Path(__file__).with_name("keyboard.kv")), encoding="utf-8")


class TypedField(Panel):
    """What has been typed, or in grey what could be."""

    typed = StringProperty("")
    empty = StringProperty("")


class TelexKey(TouchPanel):
    """Turns Telex on and off, and says in words which it is; `words` is the height that those need."""

    text = StringProperty("")
    chosen = BooleanProperty(False)
    words = NumericProperty(0)


class LowRow(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The last row where words are typed: Telex, space, erase."""

    keys = ObjectProperty(parts.Keys(()), rebind=True)
    act = ObjectProperty()

    def telex(self) -> None:
        """Turn Telex on or off."""
        self.act(ToggleTelex())

    def space(self) -> None:
        """Type a space."""
        self.act(TypeKey(" "))

    def erase(self) -> None:
        """Take the last letter back."""
        self.act(EraseKey())


class ScreenKeyboard(BoxLayout):  # type: ignore[misc]  # Kivy ships no types
    """The whole keyboard; `act` is told each key. A key that stays is not made anew while somebody types.

    A `short` one is without its first row, the digits: large letters need the room.
    """

    keys = ObjectProperty(parts.Keys(()), rebind=True)
    act = ObjectProperty()
    short = BooleanProperty(False)

    def on_keys(self, *_: object) -> None:
        """Lay the rows anew when they are others."""
        place, rows = self.ids.get("rows"), self.keys.rows[1:] if self.short else self.keys.rows
        if place is None or getattr(place, "laid", None) == rows:
            return
        place.laid = rows
        place.clear_widgets()
        for row in rows:
            line = KeyRow(pressed=self.press)
            line.keys = row
            place.add_widget(line)

    def on_short(self, *_: object) -> None:
        """Lay the rows with the digits or without."""
        self.on_keys()

    def on_kv_post(self, base_widget: object) -> None:
        """Lay the rows as soon as there is a place for them."""
        super().on_kv_post(base_widget)
        self.on_keys()

    def press(self, key: str) -> None:
        """Type a character."""
        self.act(TypeKey(key))
