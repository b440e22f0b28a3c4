"""Takes the keyboard back when another window took it and went: a kiosk without the keyboard reads no codes.

Without a window manager the X server then gives keys to nobody, for ever. Import only after `open_window()`.
"""

from __future__ import annotations

from typing import Any

from kivy.clock import Clock

FIRST_S = 1.0
LONGEST_S = 60.0
"""The pause before each attempt doubles up to this: where showing the window again does not help, it seldom blinks."""


class FocusKeeper:
    """Shows a window again, which gives it the keyboard, as long as it has none."""

    def __init__(self, window: Any) -> None:  # noqa: ANN401 - Kivy ships no types
        self._window = window
        self._pause = FIRST_S
        window.bind(focus=lambda _, has_it: self._changed(has_it=has_it))

    def _changed(self, *, has_it: bool) -> None:
        if has_it:
            self._pause = FIRST_S
        Clock.unschedule(self._look)
        if not has_it:
            Clock.schedule_once(self._look, self._pause)

    def _look(self, _: float) -> None:
        if not self._window.focus:
            self._pause = min(2 * self._pause, LONGEST_S)
            self._window.hide()
            self._window.show()
            Clock.schedule_once(self._look, self._pause)
