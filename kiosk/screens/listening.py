"""Has the screen that stands read aloud while somebody wants that. Import only after `open_window()`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kivy.clock import Clock
from kivy.core.window import Window

from kiosk.flow.modes import Mode
from kiosk.screens.operator import parts_of
from kiosk.speech.guidance import Guide, topic

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.runtime.catalogue import Catalogue
    from kiosk.screens.operator import Operator
    from kiosk.screens.themed_root import ThemedRoot
    from kiosk.speech.reader import Reader
    from kiosk.views.view_model import ViewModel

LAID_OUT_S = 0.3
"""So long after a screen came, it is laid out and its targets are known."""


class Listening:
    """Reads the stage's face; `in_lang` gives the same screen in another language."""

    def __init__(
        self,
        stage: ThemedRoot,
        operator: Operator,
        reader: Reader,
        words: Catalogue,
        in_lang: Callable[[str], ViewModel],
    ) -> None:
        self._stage, self._operator, self._reader = stage, operator, reader
        self._words, self._in_lang = words, in_lang
        self._topic: object = None
        self._read_soon = Clock.create_trigger(self._read, LAID_OUT_S)
        operator.on_focus = self._focused
        Window.bind(on_touch_down=lambda *_: reader.hush())

    def changed(self) -> None:
        """Hear that another face stands."""
        face = self._stage.standing.face
        if Mode.SPOKEN not in face.modes:
            if self._topic is not None:
                self._reader.hush()
            self._topic = None
        elif topic(face) != self._topic:
            self._topic = topic(face)
            self._reader.hush()
            self._read_soon()

    def _guide(self) -> Guide:
        chosen = [language.code for language in self._stage.standing.face.top.languages if language.chosen]
        lang = next((code for code in chosen if self._reader.speaks(code) and code in self._words.languages), "vi")
        return Guide(self._words, lang)

    def _read(self, *_: object) -> None:
        shown, guide = self._stage.standing.face, self._guide()
        if Mode.SPOKEN in shown.modes:
            targets = [parts_of(widget) for widget in self._operator.targets()]
            self._reader.read(guide.sentences(shown, self._in_lang(guide.lang), targets))

    def _focused(self, name: str) -> None:
        if Mode.SPOKEN in self._stage.standing.face.modes:
            self._reader.read([self._guide().focused(name)])
