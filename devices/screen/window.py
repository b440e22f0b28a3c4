"""One window for one device: set up before Kivy is first imported, locked down, without Kivy's own files or look."""

from __future__ import annotations

import importlib
import logging
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broker.runtime.theme import WEIGHTS, Scale, load_theme
from devices.screen.lock import lock
from devices.screen.memory_use import return_memory

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_FONT = "regular"


class ScreenUnavailableError(Exception):
    """No window can be opened; the message says in one sentence why and what to do."""


@dataclass(frozen=True, slots=True)
class WindowSetup:
    """Where a device's window stands.

    `kind` names a screen of the theme. `size` and `position` are pixels (width, height) and (x, y); without a position
    the window manager decides. `locked`: no key and no window manager closes it. `fps` bounds how soon a change is
    drawn, 0 not at all; nothing is drawn while nothing changes.
    """

    kind: str
    title: str
    size: tuple[int, int] | None = None
    position: tuple[int, int] | None = None
    fullscreen: bool = False
    locked: bool = False
    fps: int = 30

    @property
    def pixels(self) -> tuple[int, int]:
        """The window's size, or the size that the theme's screen was drawn for."""
        return self.size or load_theme().screens[self.kind].pixels


def has_display(environment: Mapping[str, str]) -> bool:
    """Tell whether the environment names a display, or a SDL driver that needs none."""
    return any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"))


def open_window(setup: WindowSetup) -> Scale:
    """Open the process's one window and give the scale of its theme; `ScreenUnavailableError` when there is no display.

    The scale and the theme are known in every `.kv` file as `scale` and `theme`.
    """
    if not has_display(os.environ):
        raise ScreenUnavailableError("There is no display: set DISPLAY to a running X server, or start one with Xvfb.")
    _prepare_environment()
    return_memory()
    window = _first_window(setup)
    if window is None:
        where = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or os.environ.get("SDL_VIDEODRIVER")
        raise ScreenUnavailableError(f"No window can be opened on display {where}: check that it runs and has OpenGL.")
    if setup.position is not None:
        window.left, window.top = setup.position
    window.clearcolor = load_theme().rgba("ground")
    window.set_title(setup.title)
    lock(window, closes=not setup.locked)
    if setup.locked:
        importlib.import_module("devices.screen.focus").FocusKeeper(window)
    _register_fonts()
    return _publish_scale(setup.kind, window.size)


def _first_window(setup: WindowSetup) -> Any:  # noqa: ANN401 - Kivy ships no types
    """Give Kivy's window or None; what Kivy logs about a display that fails is said in one sentence instead."""
    kivy_log = logging.getLogger("kivy")
    kivy_log.disabled = True
    try:
        _configure(setup)
        return importlib.import_module("kivy.core.window").Window
    finally:
        kivy_log.disabled = False
        kivy_log.setLevel(logging.WARNING)


def _prepare_environment() -> None:
    """Keep Kivy from reading arguments, taking over stderr and logging, and making a folder in the home directory."""
    # Kivy's other window providers end the process, or draw to nowhere, when a display does not answer.
    fixed = {"KIVY_NO_ARGS": "1", "KIVY_NO_CONFIG": "1", "KIVY_LOG_MODE": "PYTHON", "KIVY_WINDOW": "sdl2"}
    os.environ.update(fixed)
    os.environ.setdefault("SDL_VIDEODRIVER", "x11" if os.environ.get("DISPLAY") else "wayland")
    os.environ.setdefault("KIVY_HOME", str(Path(tempfile.gettempdir()) / "luot-kivy"))
    os.environ.setdefault("SDL_VIDEO_X11_WMCLASS", "luot")
    # Mesa's cache of compiled shaders costs more memory (20 MiB) than the few shaders here cost time.
    os.environ.setdefault("MESA_SHADER_CACHE_DISABLE", "true")


def _configure(setup: WindowSetup) -> None:
    """Write Kivy's configuration: size, no settings page, no exit key, no simulated second finger, no other input."""
    config = importlib.import_module("kivy.config").Config
    width, height = setup.pixels
    values: dict[tuple[str, str], object] = {
        ("kivy", "log_level"): "error",
        ("kivy", "exit_on_escape"): 0,
        ("kivy", "keyboard_mode"): "",
        ("kivy", "default_font"): [DEFAULT_FONT, str(load_theme().font_file(DEFAULT_FONT))],
        ("graphics", "width"): width,
        ("graphics", "height"): height,
        ("graphics", "borderless"): int(setup.fullscreen or setup.size is None),
        ("graphics", "fullscreen"): "auto" if setup.fullscreen else 0,
        ("graphics", "resizable"): 0,
        ("graphics", "maxfps"): setup.fps,
        ("graphics", "position"): "custom" if setup.position else "auto",
        # Shapes are smoothed where they are drawn; samples for the whole window cost about 80 MiB of memory.
        ("graphics", "multisamples"): 0,
    }
    if setup.position is not None:
        values["graphics", "left"], values["graphics", "top"] = setup.position
    for (section, key), value in values.items():
        config.set(section, key, value)
    config.remove_section("input")
    config.add_section("input")
    config.set("input", "mouse", "mouse,disable_multitouch")


def _register_fonts() -> None:
    text = importlib.import_module("kivy.core.text")
    for weight in WEIGHTS:
        text.LabelBase.register(weight, str(load_theme().font_file(weight)))


def _publish_scale(kind: str, size: tuple[int, int]) -> Scale:
    scale = load_theme().scale(kind, *size)
    known = importlib.import_module("kivy.lang.parser").global_idmap
    known["scale"], known["theme"] = scale, load_theme()
    return scale
