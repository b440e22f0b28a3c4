"""The faces of procedures to read, for the contact sheet; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.actions import (
    EraseKey,
    GoBack,
    NumberForThis,
    OpenGroup,
    OpenProcedures,
    OpenSearch,
    ReadProcedure,
    TurnList,
    TypeKey,
)
from kiosk.flow.events import LiveChanged, ProceduresChanged, ServiceChanged
from kiosk.flow.procedure_list import NO_BOOK
from tests.gallery.kiosk.specimens import a_service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.views.view_model import ViewModel
    from tests.gallery.kiosk.scene import Scene

SHORT, LONG, VIETNAMESE, ELSEWHERE = (f"1.00000{at}.000.00.00.H48" for at in range(1, 5))


def reading_faces(set_up: Callable[[], Scene]) -> Iterator[tuple[str, ViewModel]]:
    """Give the faces by their names; `set_up` gives a kiosk in the middle of a morning."""
    plain = set_up()
    plain.play(ProceduresChanged(NO_BOOK))
    yield "welcome-no-procedures", plain.face()
    kiosk = set_up()
    kiosk.touch(OpenProcedures())
    yield "read-groups", kiosk.face()
    kiosk.touch(OpenGroup("land"))
    yield "read-list", kiosk.face()
    kiosk.touch(TurnList(1))
    yield "read-list-last", kiosk.face()
    kiosk.touch(GoBack(), OpenGroup("health"))
    yield "read-list-short", kiosk.face()
    kiosk.touch(OpenSearch())
    yield "read-search", kiosk.face()
    kiosk.touch(*(TypeKey(key) for key in "1.0002"))
    yield "read-search-found", kiosk.face()
    kiosk.touch(*[EraseKey()] * 9, *(TypeKey(key) for key in "t"))
    yield "read-search-more", kiosk.face()
    kiosk.touch(*(TypeKey(key) for key in "q nowhere"))
    yield "read-search-nothing", kiosk.face()
    yield from _texts(set_up())


def _texts(kiosk: Scene) -> Iterator[tuple[str, ViewModel]]:
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))
    yield "read", kiosk.face()
    kiosk.touch(GoBack(), ReadProcedure(LONG))
    yield "read-long", kiosk.face()
    kiosk.touch(NumberForThis())
    yield "read-confirm", kiosk.face()
    kiosk.touch(GoBack(), GoBack(), ReadProcedure(VIETNAMESE))
    kiosk.play(ServiceChanged("land-change", a_service("land-change", open=False)))
    yield "read-closed", kiosk.face()
    kiosk.touch(GoBack(), GoBack(), OpenGroup("building"), ReadProcedure(ELSEWHERE))
    yield "read-elsewhere", kiosk.face()
    kiosk.play(LiveChanged(False))
    yield "read-away", kiosk.face()
    kiosk.wait(140)
    yield "read-still-there", kiosk.face()
