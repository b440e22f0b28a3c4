"""The staff's screens: the PIN, the menu behind it, and the hidden corner that leads there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from kivy.clock import Clock
from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.widget import Widget

from devices.screen.widgets import TouchPanel
from kiosk.flow.actions import OpenStaff, PinEnter, PinErase, PinKey, TakeTask
from kiosk.screens.parts import BodyScreen

if TYPE_CHECKING:
    from collections.abc import Callable

    from kiosk.flow.actions import Action

Builder.load_file(str(Path(__file__).with_name("staff.kv")), encoding="utf-8")

HOLD_S = 5.0
"""How long the corner is held until the staff's PIN is asked for."""


class HiddenCorner(Widget):  # type: ignore[misc]  # Kivy ships no types
    """The upper right corner, where the time stands: a finger that stays on it opens the way to the staff's menu.

    It takes no touch away from what lies beneath.
    """

    def __init__(self, act: Callable[[Action], None], **properties: object) -> None:
        self._act = act
        self._finger: Any = None
        self._hold = Clock.create_trigger(lambda _: self._act(OpenStaff()), HOLD_S)
        super().__init__(**properties)

    def on_touch_down(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Begin to count."""
        if self.collide_point(*touch.pos):
            self._finger = touch
            self._hold.cancel()
            self._hold()
        return False

    def on_touch_move(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Count no longer when the finger leaves."""
        if touch is self._finger and not self.collide_point(*touch.pos):
            self._end()
        return False

    def on_touch_up(self, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
        """Count no longer when the finger is gone."""
        if touch is self._finger:
            self._end()
        return False

    def _end(self) -> None:
        self._finger = None
        self._hold.cancel()


class TaskPanel(TouchPanel):
    """A task of the staff: its icon, its name, a note."""

    tile = ObjectProperty(rebind=True)


class PinScreen(BodyScreen):
    """Marks for the digits that were typed, and the digits."""

    def press(self, digit: str) -> None:
        """Type a digit."""
        self.act(PinKey(digit))

    def erase(self) -> None:
        """Take the last digit back."""
        self.act(PinErase())

    def enter(self) -> None:
        """Have the PIN looked at."""
        self.act(PinEnter())


class StaffScreen(BodyScreen):
    """How the kiosk is, and what can be done; `panel` is the kind of its tiles."""

    panel = ObjectProperty(TaskPanel)

    def choose(self, task: str) -> None:
        """Choose a task."""
        self.act(TakeTask(task))
