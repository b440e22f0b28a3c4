"""What the window says before it opens."""

from __future__ import annotations

import subprocess
import sys

import pytest

from devices.screen import ScreenUnavailable, WindowSetup, open_window
from devices.screen.window import has_display


def test_a_machine_without_a_display_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ScreenUnavailable, match="There is no display: set DISPLAY"):
        open_window(WindowSetup("kiosk", "Lượt"))


def test_a_display_is_one_of_three_variables() -> None:
    assert has_display({"DISPLAY": ":1"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display({"DISPLAY": ""})


def test_a_display_that_does_not_answer_is_one_sentence_and_no_traceback() -> None:
    program = (
        "from devices.screen import *\n"
        "try:\n    open_window(WindowSetup('kiosk', 'x'))\n"
        "except ScreenUnavailable as error:\n    print(error)"
    )
    environment = {"DISPLAY": ":64999", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, env=environment, check=False
    )
    assert done.stdout.startswith("No window can be opened on display :64999")
    assert "Traceback" not in done.stdout + done.stderr


def test_a_window_without_a_size_is_as_large_as_its_kind_of_screen() -> None:
    assert WindowSetup("kiosk", "x").pixels == (1080, 1920)
    assert WindowSetup("kiosk", "x", size=(540, 960)).pixels == (540, 960)


def test_importing_the_door_imports_no_kivy() -> None:
    program = "import sys, devices.screen; sys.exit('kivy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
