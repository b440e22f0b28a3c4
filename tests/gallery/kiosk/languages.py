"""The faces of a first screen that nobody touches, and of many languages, for the contact sheet; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.actions import Begin, GoHome, OpenFind, OpenLanguages
from kiosk.flow.events import Configured
from kiosk.views.welcome import CALM_AFTER_S, STEP_S
from tests.gallery.kiosk.specimens import a_kiosk, many_languages_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.views.view_model import ViewModel
    from tests.gallery.kiosk.scene import Scene


def calm_faces(lang: str, set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    """Give a first screen with each of its hints."""
    kiosk = set_up()
    config = kiosk.state.config
    if config is not None:
        # Only a screen in the centre's first language is one that nobody has chosen.
        first = config.centre.model_copy(update={"languages": sorted(config.languages, key=lambda one: one != lang)})
        kiosk.play(Configured(config.model_copy(update={"centre": first})))
    kiosk.wait(CALM_AFTER_S)
    for at in range(4):
        yield f"welcome-calm-{at + 1}", kiosk.face()
        kiosk.wait(STEP_S)


def language_faces(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    """Give the faces of a kiosk with many languages; `set_up` gives a kiosk in the middle of a morning."""
    kiosk = set_up(a_kiosk(**many_languages_data()))
    yield "languages-welcome", kiosk.face()
    kiosk.touch(OpenLanguages())
    yield "languages", kiosk.face()
    kiosk.touch(GoHome(), OpenFind())
    yield "languages-find", kiosk.face()
    kiosk.touch(GoHome(), Begin())
    yield "languages-groups", kiosk.face()
