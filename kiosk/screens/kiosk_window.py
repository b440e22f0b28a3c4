"""A kiosk or a pad and its window: drawn only when its face changed, keys go to the code reader, pictures on demand.

Import only after `open_window()`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

from kivy.clock import Clock
from kivy.core.window import Window

from devices.screen.memory_use import settle
from kiosk.flow.keys import key_of
from kiosk.input.code_reader import CodeReader
from kiosk.input.frame_clock import FrameClock
from kiosk.screens.operator import Operator
from kiosk.screens.screen_recorder import ScreenRecorder
from kiosk.screens.themed_root import ThemedRoot

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kiosk.flow.actions import Action
    from kiosk.flow.keys import Key
    from kiosk.input.code_reader import KeyReading, Scan
    from kiosk.screens.listening import Listening
    from kiosk.screens.screen_recorder import Teller
    from kiosk.views.view_model import ViewModel


class WindowApp(Protocol):
    """A kiosk or a pad at work."""

    on_change: Callable[[], None]

    def act(self, action: Action) -> None:
        """Take a touch."""
        ...

    def face(self) -> ViewModel:
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
        self._reader = CodeReader()
        self._clock = FrameClock(time.monotonic)
        self._looking = Clock.schedule_interval(self._look, 0)
        self._looking.cancel()
        Window.bind(on_textinput=self._typed, on_key_down=self._pressed)

    def _pressed(self, _: object, __: int, scancode: int, ___: str, modifiers: list[str]) -> bool:
        key = key_of(scancode, modifiers)
        if key is not None:
            if self._reader.pending:
                self._clock.frame()
            else:
                self._clock.begin()
            self._tell(self._reader.press(key, self._clock.now()))
        return True

    def _typed(self, _: object, text: str) -> None:
        self._tell(self._reader.types(text))

    def _look(self, _: float) -> None:
        self._clock.frame()
        self._tell(self._reader.look(self._clock.now()))

    def _tell(self, heard: KeyReading) -> None:
        if heard.scan is not None or heard.refused:
            self._keys.scan(heard.scan)
        for key in heard.free:
            self._keys.key(key)
        if self._reader.pending:
            self._looking()
        else:
            self._looking.cancel()


class KioskWindow:
    """Binds what works to the window; `root` is the widget to be run. With `pictures` one of each screen is kept."""

    def __init__(
        self,
        live: WindowApp,
        keys: Keys | None = None,
        pictures: Path | None = None,
        teller: Teller | None = None,
        listen: Callable[[ThemedRoot, Operator], Listening] | None = None,
    ) -> None:
        # Before the first screen: what is there then never goes.
        settle()
        self._live = live
        self._face = live.face()
        self.root = ThemedRoot(self._face, live.act)
        self._keys = keys
        self.operator = Operator(self.root, live.act)
        self._listening = listen(self.root, self.operator) if listen is not None else None
        self._keyboard = Keyboard(self) if keys is not None else None
        self._watch = ScreenRecorder(self.root, pictures, teller)
        live.on_change = self.refresh

    def refresh(self) -> None:
        """Show the present face if it differs from the one that stands."""
        face = self._live.face()
        if face != self._face:
            self._face = face
            self.root.show(face)
            self.operator.changed()
            if self._listening is not None:
                self._listening.changed()
            self._watch.changed()

    def scan(self, scan: Scan | None) -> None:
        """Take a code that a reader read, or (None) hear that it read one that is refused."""
        if self._keys is not None:
            self._keys.scan(scan)

    def key(self, key: Key) -> None:
        """Take a key that a person pressed: it operates the screen, or is typed."""
        if not self.operator.key(key) and self._keys is not None:
            self._keys.key(key)
