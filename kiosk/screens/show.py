"""A kiosk or a pad and its window: drawn only when its face changed, keys go to the code reader, pictures on demand.

Import only after `open_window()`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from kivy.clock import Clock
from kivy.core.window import Window

from broker.screen.capture import save_picture
from broker.screen.memory import settle
from kiosk.faces import TicketBody
from kiosk.keys import key_of
from kiosk.scanner import ScanReader
from kiosk.screens.root import KioskRoot
from kiosk.screens.targets import targets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.events import Action
    from kiosk.faces import Face
    from kiosk.keys import Key
    from kiosk.scanner import Heard, Scan

SETTLED_S = 0.25
"""A picture is taken so long after a screen appeared, when it is laid out."""
LATER_S = 0.005
"""Kivy's clock and the system's may differ by this."""


class Live(Protocol):
    """A kiosk or a pad at work."""

    on_change: Callable[[], None]

    def act(self, action: Action) -> None:
        """Take a touch."""
        ...

    def face(self) -> Face:
        """Give what the screen shows."""
        ...


class Keys(Protocol):
    """Who takes what comes from the keyboard."""

    def scan(self, scan: Scan | None) -> None:
        """Take a code that a reader read, or (None) hear that it read one that is refused."""
        ...

    def key(self, key: Key) -> None:
        """Take a key that a person pressed."""
        ...


class Keyboard:
    """The window's keyboard: tells a code reader from a person, and every key ends here (no key closes the window)."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._reader = ScanReader()
        Window.bind(on_textinput=self._typed, on_key_down=self._pressed)

    def _pressed(self, _: object, __: int, scancode: int, ___: str, modifiers: list[str]) -> bool:
        key = key_of(scancode, modifiers)
        if key is not None:
            self._tell(self._reader.press(key, time.monotonic()))
        return True

    def _typed(self, _: object, text: str) -> None:
        self._tell(self._reader.types(text))

    def _look(self, _: float) -> None:
        self._tell(self._reader.look(time.monotonic()))

    def _tell(self, heard: Heard) -> None:
        if heard.scan is not None or heard.refused:
            self._keys.scan(heard.scan)
        for key in heard.free:
            self._keys.key(key)
        if self._reader.pending:
            Clock.unschedule(self._look)
            Clock.schedule_once(self._look, max(0.0, self._reader.due - time.monotonic()) + LATER_S)


class Showing:
    """Binds what works to the window; `root` is the widget to be run. With `pictures` one of each screen is kept.

    `screens` hears the name of each screen once it is laid out, with what can be touched on it.
    """

    def __init__(
        self,
        live: Live,
        keys: Keys | None = None,
        pictures: Path | None = None,
        screens: Callable[[str, dict[str, tuple[int, int]]], None] | None = None,
    ) -> None:
        self._live = live
        self._pictures = pictures
        self._screens = screens
        self._taken: set[str] = set()
        self._face = live.face()
        self.root = KioskRoot(self._face, live.act)
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
        self._keyboard = Keyboard(keys) if keys is not None else None
        live.on_change = self.refresh
        self._picture()
        self._told()
        settle()

    def refresh(self) -> None:
        """Show the present face if it differs from the one that stands."""
        face = self._live.face()
        if face != self._face:
            self._face = face
            self.root.show(face)
            self._picture()
            self._told()

    def _told(self) -> None:
        if self._screens is not None:
            Clock.schedule_once(lambda _: self._tell(), SETTLED_S)

    def _tell(self) -> None:
        if self._screens is not None:
            name = type(self._face.body).__name__.removesuffix("Body").lower()
            self._screens(name, targets(self.root, int(Window.height)))

    def _picture(self) -> None:
        name = picture_name(self._face)
        if self._pictures is not None and name not in self._taken:
            self._taken.add(name)
            Clock.schedule_once(lambda _: self._take(name), SETTLED_S)

    def _take(self, name: str) -> None:
        if self._pictures is None or picture_name(self._face) != name:
            self._taken.discard(name)
            return
        save_picture(self._pictures / f"{name}.png")


def picture_name(face: Face) -> str:
    """Give the name of a face's picture: what it shows, how its slip stands, and the language."""
    kind = type(face.body).__name__.removesuffix("Body").lower()
    slip = f"-{face.body.slip_icon}" if isinstance(face.body, TicketBody) else ""
    spoken = next((language.code for language in face.top.languages if language.chosen), "")
    warned = "-still-there" if face.warning else ""
    away = "-away" if face.top.note else ""
    return f"{kind}{slip}{warned}{away}{'-' if spoken else ''}{spoken}"
