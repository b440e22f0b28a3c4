"""Draws every face of one kind of screen.

Usage: `python -m tests.gallery.kiosk.contact_sheet kiosk|rater SIZE FOLDER [MANNER ...]`.
A manner is a language with modes: `vi`, `en+large+low`. With `-` instead of a folder nothing is written. With
`--places` among the manners nothing is measured but where each target stands.

One process draws one kind, because a process has one window. A face that has several pages gives a picture of each. For
each picture it prints one JSON object: its name, language, modes and page, the texts that did not fit or (in a small
window) are too faint, the targets that were too small, where each target stands, whether keys are `blind` (what they
type stands on another page), on the last page the texts that stood on no page, and in the pseudo-language what comes
from no catalogue. For each face follows what keys do not reach and
what is read aloud; at the end the memory in MiB of the empty window, after all faces as usual, and after all modes.
"""

from __future__ import annotations

import importlib
import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from broker.runtime.theme import seen_contrast
from deploy.driver.pseudo_language import PSEUDO, bare
from devices.screen import WindowSetup, open_window
from kiosk.flow.keys import Key
from kiosk.flow.modes import Mode
from kiosk.speech.guidance import Guide
from tests.gallery.kiosk.every_screen import kiosk_faces, many_faces, pad_faces
from tests.gallery.kiosk.scene import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from broker.runtime.theme import Scale
    from kiosk.views.view_model import ViewModel

FACES: dict[str, Callable[[str], Iterable[tuple[str, ViewModel]]]] = {
    "kiosk": kiosk_faces,
    "rater": pad_faces,
    "crowded": many_faces,
}
FRAMES = 4
"""So many frames until a new screen is laid out, if it has one page."""
MOST_FRAMES = 20
PLACES = "--places"
"""Tells only where each target of a first page stands; much faster."""
MEASURED = 600
"""A window that is less wide than this is small enough for the contrast of each text to be measured pixel by pixel."""


@dataclass(frozen=True, slots=True)
class Manner:
    """A language and modes to draw every face in."""

    lang: str
    modes: frozenset[Mode]

    @classmethod
    def parse(cls, text: str) -> Manner:
        """Read `vi` or `en+large+low`; an unknown mode is a ValueError."""
        lang, *modes = text.split("+")
        return cls(lang, frozenset(Mode(mode) for mode in modes))

    @property
    def suffix(self) -> str:
        """The end of a picture's name."""
        return "-".join([self.lang, *(mode.value for mode in Mode if mode in self.modes)])


class Sheet:
    """The window in which faces are drawn one after another."""

    def __init__(self, kind: str, size: tuple[int, int], folder: Path | None, *, places: bool = False) -> None:
        self.kind, self.size, self.folder, self.places = kind, size, folder, places
        screen = "kiosk" if kind == "crowded" else kind
        self.scale: Scale = open_window(WindowSetup(screen, "Lượt", size=size, position=(0, 0), fps=0))
        self.capture = importlib.import_module("devices.screen.capture")
        self.widgets = importlib.import_module("devices.screen.widgets")
        self.memory = importlib.import_module("devices.screen.memory_use")
        self.window = importlib.import_module("kivy.core.window").Window
        self.capture.advance(FRAMES)
        self.empty_mib = self.memory.anonymous_mib()
        self.stage: Any = None
        self.drawn = 0
        self.acted: list[object] = []
        self.targets = importlib.import_module("kiosk.screens.targets").targets
        self.memory.settle()

    def draw(self, manner: Manner) -> None:
        """Draw every face in one manner."""
        for name, face in FACES[self.kind](manner.lang):
            self._show(replace(face, modes=manner.modes))
            if self.places:
                _tell(name=name, lang=manner.lang, targets=self.targets(self.stage.standing, self.size[1]))
            else:
                self._measure(name, face, manner)
            self.drawn += 1
            if self.drawn % 6 == 0:
                self.memory.sweep()

    def _measure(self, name: str, face: ViewModel, manner: Manner) -> None:
        self._pages(name, face, manner)
        heard = self._heard(face, manner)
        _tell(keys_of=name, manner=manner.suffix, out_of_reach=self._out_of_reach(), heard=heard)

    def _show(self, face: ViewModel) -> None:
        if self.stage is None:
            self.stage = importlib.import_module("kiosk.screens.themed_root").ThemedRoot(face, self.acted.append)
            self.window.add_widget(self.stage)
        self.stage.show(face)
        self.stage.standing.pager.page = 0
        self._settle()

    def _settle(self) -> None:
        self.capture.advance(FRAMES)
        for _ in range(MOST_FRAMES):
            if self.stage.standing.pager.settled:
                return
            self.capture.advance(1)
        raise RuntimeError("the screen does not come to rest")

    def _pages(self, name: str, face: ViewModel, manner: Manner) -> None:
        pager, unseen = self.stage.standing.pager, set(self._texts()) - self._within()
        for page in range(int(pager.count)):
            if page:
                pager.turn(1)
                self._settle()
            unseen -= {text for text, seen in self._texts().items() if seen}
            file = f"{self.kind}-{name}-{manner.suffix}{f'-{page + 1}' if page else ''}.png"
            if self.folder is not None:
                self.capture.save_picture(self.folder / file)
            _tell(
                name=name, lang=manner.lang, modes=sorted(manner.modes), page=page + 1, file=file,
                cut_off=self.widgets.cut_off(self.stage),
                too_small=self.widgets.too_small(self.stage, self.scale.touch),
                targets=self.targets(self.stage.standing, self.size[1]),
                faint=self._faint() if min(self.size) < MEASURED else [],
                blind=self._blind(face),
                unseen=sorted(unseen) if page + 1 == pager.count else [],
                bare=sorted(filter(lettered, map(bare, self._texts()))) if manner.lang == PSEUDO else [],
            )  # fmt: skip

    def _within(self) -> set[str]:
        """Turn the pages that stand within a page, and back; give the texts that are seen on them."""
        outer, inner = self.stage.standing.pagers[0], self.stage.standing.pagers[-1]
        seen: set[str] = set()
        for page in range(int(inner.count) if outer.turns and inner is not outer else 0):
            inner.page = page
            self._settle()
            seen |= {text for text, shown in self._texts().items() if shown}
        inner.page = 0
        self._settle()
        return seen

    def _blind(self, face: ViewModel) -> bool:
        """Tell whether there are keys on the page without what is typed by them."""
        typed = getattr(face.body, "typed", "") or getattr(face.body, "empty", "")
        kind = importlib.import_module("kiosk.screens.parts").KeyTile
        keys = any(isinstance(widget, kind) and self.widgets.seen(widget) for widget in self.widgets.every(self.stage))
        return bool(typed) and keys and not self._texts().get(typed)

    def _out_of_reach(self) -> list[str]:
        """Go round by Tab and choose each target by Enter; give those that were not reached or did nothing."""
        operator = importlib.import_module("kiosk.screens.operator").Operator(self.stage, self.acted.append)
        missing = []
        for target in operator.targets():
            operator.key(Key("tab"))
            self.acted.clear()
            operator.key(Key("enter"))
            if not self.acted or operator.focus is not target:
                missing.append(operator.focused)
        operator.rest()
        return missing

    def _faint(self) -> list[tuple[str, float]]:
        """Give each text of the picture whose contrast, as drawn, is less than the theme promises, with what it has."""
        drawn, root = self.capture.picture(), self.stage.standing
        least = importlib.import_module("kivy.lang.parser").global_idmap["theme"].minimum_contrast
        top = next((child for child in root.children if getattr(child, "covers", False)), root)
        found = []
        for widget in self.widgets.every(top):
            if isinstance(widget, self.widgets.Words) and widget.text.strip() and self.widgets.seen(widget):
                place = int(widget.x), int(drawn[1] - widget.top), int(widget.width), int(widget.height)
                ratio = seen_contrast(self.capture.part_of(drawn, *place))
                if ratio < least:
                    found.append((widget.text, round(ratio, 2)))
        return found

    def _heard(self, face: ViewModel, manner: Manner) -> list[str]:
        """Give what is read aloud of the face that stands."""
        made = importlib.import_module("kiosk.screens.operator")
        targets = [made.parts_of(target) for target in made.Operator(self.stage, self.acted.append).targets()]
        return [part.text for part in Guide(words(), manner.lang).sentences(face, face, targets)]

    def _texts(self) -> dict[str, bool]:
        """Give each text of the screen that stands, and whether it is seen on this page."""
        found: dict[str, bool] = {}
        for widget in self.widgets.every(self.stage):
            if isinstance(widget, self.widgets.Words) and widget.text and self.widgets.shown(widget):
                found[widget.text] = found.get(widget.text, False) or self.widgets.seen(widget)
        return found


def draw(kind: str, size: tuple[int, int], folder: Path | None, manners: list[str]) -> None:
    """Open the window and draw every face in every manner; ScreenUnavailableError without a display."""
    places = PLACES in manners
    read = [Manner.parse(manner) for manner in manners if manner != PLACES]
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    sheet = Sheet(kind, size, folder, places=places)
    measured = []
    for part in ([m for m in read if not m.modes], [m for m in read if m.modes]):
        for manner in part:
            sheet.draw(manner)
        sheet.memory.sweep()
        measured.append(sheet.memory.anonymous_mib())
    _tell(empty_mib=sheet.empty_mib, drawn_mib=measured[0], modes_mib=measured[1])


def lettered(text: str) -> bool:
    """Tell whether a text has more than a single letter."""
    return sum(character.isalpha() for character in text) > 1


def _tell(**fields: object) -> None:
    print(json.dumps(fields, ensure_ascii=False), flush=True)  # noqa: T201 - read by the contact sheet and the tests


if __name__ == "__main__":
    width, _, height = sys.argv[2].partition("x")
    draw(
        sys.argv[1],
        (int(width), int(height)),
        None if sys.argv[3] == "-" else Path(sys.argv[3]),
        sys.argv[4:] or ["vi", "en"],
    )
