"""The sign above a counter, drawn. Import only after `open_window()`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kivy.lang import Builder
from kivy.properties import BooleanProperty, StringProperty
from kivy.uix.floatlayout import FloatLayout

from displays.base import widgets  # noqa: F401 - its rules are used in sign.kv
from displays.base.view_parts import TextPair

if TYPE_CHECKING:
    from displays.sign.view import SignView

Builder.load_file(str(Path(__file__).with_name("screen.kv")), encoding="utf-8")


class SignScreen(FloatLayout):  # type: ignore[misc]  # Kivy ships no types
    """A counter's sign: its label, and beside it the number in hand as the largest thing, or what the counter does."""

    label = StringProperty("")
    label_second = StringProperty("")
    main = StringProperty("")
    main_is_number = BooleanProperty(False)
    below = StringProperty("")
    foot = StringProperty("")
    foot_second = StringProperty("")
    tone = StringProperty("quiet")
    light = BooleanProperty(False)
    identify = StringProperty("")

    def show(self, look: SignView) -> None:
        """Draw a look; properties that are as before draw nothing."""
        self.label, self.label_second = look.label.first, look.label.second
        self.main_is_number = bool(look.number)
        self.main = look.number or look.headline.first
        self.below = look.headline.first if look.number else look.headline.second
        foot = look.detail if look.detail.first or not look.number else TextPair(look.headline.second)
        self.foot, self.foot_second = foot.first, foot.second
        self.tone, self.light, self.identify = look.tone, look.light, look.identify
