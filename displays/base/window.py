"""A display and its window: every change is drawn at once, flashes and the clock by a slow tick, nothing else.

Import only after `open_window()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from kivy.clock import Clock
from kivy.core.window import Window

from broker.runtime.theme import load_theme
from devices.screen.capture import save_picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TICK_S = 0.25
"""Half of a flash's half period, so that no phase is missed."""

SETTLED_FRAMES = 4
"""A picture is taken so many frames after its look appeared: laid out, and in the same phase of a flash."""

L_co = TypeVar("L_co", covariant=True)
L_contra = TypeVar("L_contra", contravariant=True)
L = TypeVar("L")


class ViewSource(Protocol[L_co]):
    """A display at work."""

    on_change: Callable[[], None]

    def look(self) -> L_co:
        """Give what is to be seen now."""
        ...


class ViewTarget(Protocol[L_contra]):
    """A screen that draws looks."""

    def show(self, look: L_contra) -> None:
        """Draw one."""
        ...


class DisplayWindow(Generic[L]):
    """Binds a display to its screen. `name` gives the name of a look's picture; with `pictures` one of each is kept."""

    def __init__(
        self, live: ViewSource[L], screen: ViewTarget[L], name: Callable[[L], str], pictures: Path | None = None
    ) -> None:
        self._live = live
        self._screen = screen
        self._name = name
        self._pictures = pictures
        self._taken: set[str] = set()
        self._last: L | None = None
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
        Window.clearcolor = load_theme().rgba("night")
        live.on_change = self.refresh
        Clock.schedule_interval(lambda _: self.refresh(), TICK_S)
        self.refresh()

    def refresh(self) -> None:
        """Draw the present look if it differs from the one that stands."""
        look = self._live.look()
        if look == self._last:
            return
        self._screen.show(look)
        self._last = look
        name = self._name(look)
        if self._pictures is not None and name not in self._taken:
            self._taken.add(name)
            self._wait(name, SETTLED_FRAMES)

    def _wait(self, name: str, frames: int) -> None:
        again = self._take if frames == 0 else lambda name: self._wait(name, frames - 1)
        Clock.schedule_once(lambda _: again(name), 0)

    def _take(self, name: str) -> None:
        if self._pictures is None or self._last is None or self._name(self._last) != name:
            self._taken.discard(name)
            return
        save_picture(self._pictures / f"{name}.png")
