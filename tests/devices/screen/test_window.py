"""What the window says before it opens."""

from __future__ import annotations

import pytest

from devices.screen import ScreenUnavailableError, WindowSetup, open_window
from devices.screen.window import has_display


def test_a_machine_without_a_display_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ScreenUnavailableError, match="There is no display: set DISPLAY"):
        open_window(WindowSetup("kiosk", "Lượt"))


def test_a_display_is_one_of_three_variables() -> None:
    assert has_display({"DISPLAY": ":1"})
    assert has_display({"WAYLAND_DISPLAY": "wayland-0"})
    assert not has_display({"DISPLAY": ""})


def test_a_window_without_a_size_is_as_large_as_its_kind_of_screen() -> None:
    assert WindowSetup("kiosk", "x").pixels == (1080, 1920)
    assert WindowSetup("kiosk", "x", size=(540, 960)).pixels == (540, 960)
