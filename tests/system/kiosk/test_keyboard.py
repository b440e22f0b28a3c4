"""A real keyboard, as the X server has it: codes and keys of persons, whatever the layout of the computer is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from Xlib import X
from Xlib.display import Display

from tests.system.kiosk.by_keys import PERSON_S, READER_S

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.system.kiosk.by_keys import Keys

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = Path(__file__).parent / "keyboard_window.py"
PATIENCE_S = 30.0
TOKEN = "Ab-9_cDeFgHiJkLmNoPqRs"

pytestmark = [pytest.mark.screen, pytest.mark.system]


class Ears:
    """A window that tells what it hears from the keyboard."""

    def __init__(self, window: subprocess.Popen[str]) -> None:
        self._window = window

    def heard(self) -> dict[str, Any]:
        """Wait for the next thing that the window heard."""
        assert self._window.stdout is not None
        line = self._window.stdout.readline()
        assert line, "the window has gone"
        return dict(json.loads(line))


@pytest.fixture
def ears(display: str, request: pytest.FixtureRequest) -> Iterator[Ears]:
    environment = {**os.environ, "DISPLAY": display, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(PROGRAM), *getattr(request, "param", ())]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as window:
        made = Ears(window)
        try:
            assert made.heard() == {"ready": True}
            yield made
        finally:
            window.kill()


@pytest.mark.parametrize("layout", ["us", "vn", "fr"])
def test_a_code_is_read_and_keys_are_free_in_every_layout(ears: Ears, keys: Keys, layout: str) -> None:
    keys.layout(layout)
    keys.scan(TOKEN)
    assert ears.heard()["scan"] == TOKEN
    keys.press("a1", PERSON_S)
    typed = [ears.heard(), ears.heard()]
    assert [key["key"] for key in typed] == ["a", "1"]
    assert typed[0]["typed"] == ("q" if layout == "fr" else "a")
    keys.press("↑\x1b\r", READER_S)
    assert [ears.heard()["key"] for _ in range(3)] == ["up", "escape", "enter"]
    keys.press("012345\x1b678901\r", READER_S)
    assert ears.heard() == {"scan": None, "typed": None}


@pytest.mark.parametrize("ears", [("locked",)], indirect=True)
def test_a_kiosk_takes_the_keyboard_back_from_a_window_that_has_gone(ears: Ears, keys: Keys, display: str) -> None:
    server = Display(display)
    thief = server.screen().root.create_window(0, 0, 50, 50, 0, server.screen().root_depth)
    thief.map()
    server.sync()
    thief.set_input_focus(X.RevertToNone, X.CurrentTime)
    thief.destroy()
    server.sync()
    assert server.get_input_focus().focus == X.NONE
    deadline = monotonic() + PATIENCE_S
    while server.get_input_focus().focus == X.NONE:
        assert monotonic() < deadline
    server.close()
    keys.scan(TOKEN)
    assert ears.heard()["scan"] == TOKEN
