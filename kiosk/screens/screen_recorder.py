"""What somebody before the window sees and does, told and kept as pictures. Import only after `open_window()`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from kivy.clock import Clock
from kivy.core.window import Window

from devices.screen.capture import save_picture
from devices.screen.widgets import TouchPanel, cut_off
from kiosk.screens.screen_stability import Observation, Snapshot, StabilityCheck
from kiosk.screens.targets import targets
from kiosk.views.staff import PinBody
from kiosk.views.ticket import TicketBody

if TYPE_CHECKING:
    from pathlib import Path

    from kiosk.screens.themed_root import ThemedRoot
    from kiosk.views.view_model import ViewModel

LOOK_S = 0.05
"""Between two looks at a screen that is being laid out; on a slow machine it is a frame at least."""


class Teller(Protocol):
    """Hears what somebody before the window sees and does."""

    def stands(self, seen: Observation) -> None:
        """Hear of a screen that is laid out, and again when what can be touched on it changes."""
        ...

    def touched(self, screen: str, *, hit: bool) -> None:
        """Hear that a finger was lifted, and whether it had been put on a target."""
        ...


class ScreenRecorder:
    """Looks at the window after each change until it stands; then tells it, and keeps the first picture of each face.

    Without `teller` and `pictures` it does nothing.
    """

    def __init__(self, stage: ThemedRoot, pictures: Path | None, teller: Teller | None) -> None:
        self._stage, self._pictures, self._teller = stage, pictures, teller
        self._taken: set[str] = set()
        self._settling = StabilityCheck()
        self._look_soon = Clock.create_trigger(self._look, LOOK_S)
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
        if teller is not None:
            Window.bind(on_touch_up=self._lifted)
        self.changed()

    def changed(self) -> None:
        """Hear that the window shows something else."""
        if self._teller is not None or self._pictures is not None:
            self._look_soon()

    def _look(self, *_: object) -> None:
        root = self._stage.standing
        face = root.face
        places = targets(root, int(Window.height))
        seen = Observation(screen_name(face), picture_name(face), places, tuple(cut_off(root)))
        match self._settling.look(seen):
            case Snapshot.AGAIN:
                self._look_soon()
            case Snapshot.NEWS:
                self._tell(seen)

    def _tell(self, seen: Observation) -> None:
        if self._teller is not None:
            self._teller.stands(seen)
        if self._pictures is not None and seen.picture not in self._taken:
            self._taken.add(seen.picture)
            save_picture(self._pictures / f"{seen.picture}.png")

    def _lifted(self, _: object, touch: Any) -> None:  # noqa: ANN401 - Kivy ships no types
        held = [reference() for reference in touch.grab_list]
        if self._teller is not None:
            hit = any(isinstance(widget, TouchPanel) for widget in held)
            self._teller.touched(screen_name(self._stage.standing.face), hit=hit)
            # A page is turned without a new face.
            self._look_soon()


def screen_name(face: ViewModel) -> str:
    """Give the name of a face's kind."""
    return type(face.body).__name__.removesuffix("Body").lower()


def picture_name(face: ViewModel) -> str:
    """Give the name of a picture of a face: what it shows, how its slip or its PIN stands, and the language."""
    slip = f"-{face.body.slip_icon}" if isinstance(face.body, TicketBody) else ""
    tone = f"-{face.body.tone}" if isinstance(face.body, PinBody) and face.body.tone != "brand" else ""
    spoken = next((language.code for language in face.top.languages if language.chosen), "")
    warned = "-still-there" if face.warning else ""
    away = "-away" if face.top.note else ""
    return f"{screen_name(face)}{slip}{tone}{warned}{away}{'-' if spoken else ''}{spoken}"
