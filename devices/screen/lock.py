"""What a window of a device takes from people: one finger at a time, and nothing that a desktop would do with the rest.

It knows Kivy's window without importing it.
"""

from __future__ import annotations

from typing import Any

from typing_extensions import override

FINGER = "left"
"""A touch screen presses the left button; a mouse that somebody plugs in has others, and a wheel."""


class _Pressed(set[int]):
    """The buttons that are down, by SDL's numbers; a button that comes up without having been seen going down is none.

    That is how a finger arrives which lay on the screen before the window stood. Kivy's own set ends the program at it.
    """

    @override
    def remove(self, button: int) -> None:
        """Take a button away, if it is there."""
        self.discard(button)


def lock(window: Any, *, closes: bool) -> None:  # noqa: ANN401 - Kivy ships no types
    """Take only fingers; with `closes` False no window manager, key or message of the desktop closes the window."""
    window.bind(on_touch_down=_is_no_finger, on_drop_file=_nothing, on_drop_text=_nothing)
    window._mouse_buttons_down = _Pressed()  # noqa: SLF001 - Kivy has no other way
    if not closes:
        window.bind(on_request_close=_nothing)
        window.show_cursor = False


def _is_no_finger(_: object, touch: Any) -> bool:  # noqa: ANN401 - Kivy ships no types
    """End what is no finger here: what a handler answers with True goes no further."""
    return getattr(touch, "button", FINGER) != FINGER


def _nothing(*_: object, **__: object) -> bool:
    return True
