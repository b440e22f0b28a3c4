"""Widgets that sign and board share. Import only after `open_window()`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.core.text import Label as Drawn
from kivy.lang import Builder
from kivy.properties import NumericProperty

from devices.screen.widgets import Words

TRIAL_PX = 100

Builder.load_file(str(Path(__file__).with_name("widgets.kv")), encoding="utf-8")


class Fitted(Words):
    """Words on one line, as large as the widget allows, and never larger than the text size `text_style`."""

    limit = NumericProperty(0)

    def fit(self, *_: Any) -> None:  # noqa: ANN401 - Kivy hands in whatever changed
        """Choose the font size for the present text and room."""
        if not self.text or min(self.size) <= 1:
            return
        wide, high = Drawn(font_name=self.weight, font_size=TRIAL_PX).get_extents(self.text)
        room = min(self.width / max(1, wide), self.height / max(1, high)) * TRIAL_PX * 0.98
        self.font_size = int(min(room, self.limit))


class Paragraph(Words):
    """Words on as many lines as they need, in letters small enough to stay within the widget's height."""

    room = NumericProperty(0)
    limit = NumericProperty(0)

    def fit(self, *_: Any) -> None:  # noqa: ANN401 - Kivy hands in whatever changed
        """Choose the largest font size, up to the one of `text_style`, with which the text stays within `room`."""
        if not self.text or self.width <= 1 or self.room <= 1:
            return
        for size in range(int(self.limit), 5, -1):
            if self._fits(size):
                break
        self.font_size = size

    def _fits(self, size: int) -> bool:
        drawn = Drawn(
            text=self.text, font_name=self.weight, font_size=size, line_height=self.line_height,
            text_size=(self.width, None),
        )  # fmt: skip
        widest = max(drawn.get_extents(word)[0] for word in self.text.split() or [""])
        return bool(widest <= self.width and drawn.render()[1] <= self.room)
