"""Widgets that sign and board share. Import only after `open_window()`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.core.text import Label as Drawn
from kivy.lang import Builder
from kivy.properties import NumericProperty

from broker.screen.widgets import Words

TRIAL_PX = 100

Builder.load_file(str(Path(__file__).with_name("parts.kv")), encoding="utf-8")


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
