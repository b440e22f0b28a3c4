"""A locked window on a real screen: no key, button or message of a desktop does anything but a finger's touch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import X
from Xlib.display import Display
from Xlib.ext import xtest
from Xlib.protocol.event import ClientMessage

from devices.screen.lock import _Pressed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).parent / "locked_window.py"
CTRL, SHIFT, ALT, SUPER = 37, 50, 64, 133
F1, F4, F11, F12, ESCAPE, PRINT, MENU, TAB, Q, E, V, C = 67, 70, 95, 96, 9, 107, 135, 23, 24, 26, 55, 54
LEFT, MIDDLE, RIGHT, WHEEL_UP, WHEEL_DOWN, BACK, FORWARD = 1, 2, 3, 4, 5, 8, 9

pytestmark = [pytest.mark.screen, pytest.mark.system]


class Locked:
    """The window's process, and hands on its keyboard and mouse."""

    def __init__(self, name: str) -> None:
        self._display = Display(name)
        environment = {"PATH": os.environ["PATH"], "HOME": "/", "DISPLAY": name, "PYTHONPATH": str(ROOT)}
        self._window = subprocess.Popen(
            [sys.executable, str(PROGRAM)], cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self._line() == {"ready": True}

    def keys(self, *codes: int) -> None:
        """Press keys together."""
        for code in codes:
            xtest.fake_input(self._display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(self._display, X.KeyRelease, code)
        self._display.sync()

    def button(self, button: int, x: int = 270, y: int = 480) -> None:
        xtest.fake_input(self._display, X.MotionNotify, x=x, y=y)
        xtest.fake_input(self._display, X.ButtonPress, button)
        xtest.fake_input(self._display, X.ButtonRelease, button)
        self._display.sync()

    def close_by_the_desktop(self) -> None:
        """Ask every window to close, as a window manager does."""
        delete = self._display.get_atom("WM_DELETE_WINDOW")
        protocols = self._display.get_atom("WM_PROTOCOLS")
        for window in self._display.screen().root.query_tree().children:
            message = ClientMessage(window=window, client_type=protocols, data=(32, [delete, X.CurrentTime, 0, 0, 0]))
            window.send_event(message)
        self._display.sync()

    def windows(self) -> int:
        shown = self._display.screen().root.query_tree().children
        return sum(1 for window in shown if window.get_attributes().map_state == X.IsViewable)

    def heard(self) -> list[dict[str, Any]]:
        """Give what the window told up to now; that it answers shows that it lives."""
        assert self._window.stdin is not None
        self._window.stdin.write("?\n")
        self._window.stdin.flush()
        told = []
        while "alive" not in (line := self._line()):
            told.append(line)
        assert line["shown"] == ["TouchPanel"]
        return told

    def _line(self) -> dict[str, Any]:
        assert self._window.stdout is not None
        line = self._window.stdout.readline()
        assert line, f"the window has ended with {self._window.wait(10)}"
        return dict(json.loads(line))

    def end(self) -> int:
        for stream in (self._window.stdin, self._window.stdout):
            if stream is not None:
                stream.close()
        self._window.terminate()
        code = self._window.wait(20)
        self._display.close()
        return code


@pytest.fixture
def locked(display: str) -> Iterator[Locked]:
    window = Locked(display)
    yield window
    window.end()


def test_a_finger_touches(locked: Locked) -> None:
    locked.button(LEFT)
    assert locked.heard() == [{"touched": True}]


def test_no_key_opens_or_closes_anything(locked: Locked) -> None:
    alone = [(key,) for key in (F1, F4, F11, F12, ESCAPE, PRINT, MENU, SUPER)]
    together = [(ALT, F4), (ALT, TAB), (CTRL, Q), (CTRL, E), (CTRL, C), (CTRL, V), (CTRL, SHIFT, ESCAPE), (SUPER, Q)]
    for keys in (*alone, *together):
        locked.keys(*keys)
        assert locked.heard() == [], keys
        assert locked.windows() == 1, keys
    locked.button(LEFT)
    assert locked.heard() == [{"touched": True}]


def test_no_other_button_is_a_touch(locked: Locked) -> None:
    for button in (MIDDLE, RIGHT, WHEEL_UP, WHEEL_DOWN, BACK, FORWARD):
        locked.button(button)
    assert locked.heard() == []


def test_ctrl_and_a_click_make_no_second_finger_that_stays(locked: Locked) -> None:
    xtest.fake_input(locked._display, X.KeyPress, CTRL)
    locked.button(LEFT, 100, 100)
    xtest.fake_input(locked._display, X.KeyRelease, CTRL)
    locked.heard()
    locked.button(LEFT, 400, 400)
    assert locked.heard() == [{"touched": True}]


def test_the_desktop_does_not_close_it(locked: Locked) -> None:
    locked.close_by_the_desktop()
    assert locked.heard() == []
    assert locked.windows() == 1


def test_a_finger_that_lay_there_before_the_window_stood_ends_nothing(display: str) -> None:
    before = Display(display)
    xtest.fake_input(before, X.MotionNotify, x=270, y=480)
    xtest.fake_input(before, X.ButtonPress, LEFT)
    before.sync()
    window = Locked(display)
    xtest.fake_input(before, X.ButtonRelease, LEFT)
    before.sync()
    assert window.heard() == []
    window.button(LEFT)
    assert window.heard() == [{"touched": True}]
    assert window.end() == 0
    before.close()


def test_the_signal_of_the_service_manager_still_ends_it(display: str) -> None:
    assert Locked(display).end() == 0


def test_a_button_that_was_never_down_may_come_up() -> None:
    pressed = _Pressed({1})
    pressed.remove(1)
    pressed.remove(1)
    assert pressed == set()
