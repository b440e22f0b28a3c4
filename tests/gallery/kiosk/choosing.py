"""The faces of searching, of many pages, and of what is asked first, for the contact sheet; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kiosk.flow.actions import (
    AskCancel,
    Begin,
    CancelNumber,
    OpenGroup,
    OpenPriorities,
    OpenSearch,
    TakePriority,
    TakeService,
    ToggleTelex,
    TypeKey,
)
from kiosk.flow.events import Scanned
from tests.gallery.kiosk.specimens import a_kiosk, many_data, ticket_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kiosk.views.view_model import ViewModel
    from tests.gallery.kiosk.scene import Scene

CODE = "http://127.0.0.1:8000/t/" + "k" * 22


def choosing_faces(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    """Give the faces by their names; `set_up` gives a kiosk in the middle of a morning."""
    yield from _search(set_up)
    yield from _confirm(set_up)
    yield from _cancel(set_up)


def _search(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    kiosk = set_up()
    kiosk.touch(Begin(), OpenSearch())
    yield "search", kiosk.face()
    kiosk.touch(*(TypeKey(key) for key in "ddaats"))
    yield "search-typed", kiosk.face()
    kiosk.touch(ToggleTelex(), *(TypeKey(key) for key in " nowhere to be found"))
    yield "search-nothing", kiosk.face()


def _confirm(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    kiosk = set_up()
    kiosk.touch(Begin(), OpenSearch(), TypeKey("d"), TakeService("land-info"))
    yield "confirm", kiosk.face()
    kiosk.touch(OpenPriorities(), TakePriority("pregnant"))
    yield "confirm-priority", kiosk.face()
    plain = set_up(a_kiosk(priorities=[]))
    plain.touch(Begin(), OpenSearch(), TypeKey("d"), TakeService("land-info"))
    yield "confirm-no-priorities", plain.face()


def crowded_faces(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    """Give the faces of a kiosk with more of everything than fits on a screen."""
    kiosk = set_up(a_kiosk(**many_data()))
    kiosk.touch(Begin())
    yield "many-groups", kiosk.face()
    kiosk.touch(OpenPriorities())
    yield "many-priorities", kiosk.face()
    kiosk.touch(TakePriority("priority-3"), OpenGroup("group-0"))
    yield "many-services", kiosk.face()
    kiosk.touch(OpenSearch(), *(TypeKey(key) for key in "dang ky"))
    yield "many-found", kiosk.face()


def _cancel(set_up: Callable[..., Scene]) -> Iterator[tuple[str, ViewModel]]:
    kiosk = set_up()
    kiosk.play(Scanned(CODE))
    kiosk.reply({"ticket": ticket_data()})
    yield "found-own", kiosk.face()
    kiosk.touch(AskCancel())
    yield "cancel", kiosk.face()
    kiosk.touch(CancelNumber())
    yield "cancelling", kiosk.face()
    kiosk.reply({"ticket": ticket_data(status="cancelled", position=None, wait=None)})
    yield "cancelled", kiosk.face()
