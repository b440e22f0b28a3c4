"""The faces of the staff: the PIN, and the menu behind it; pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from kiosk.flow.state import Pin, Task
from kiosk.views.view import Fact, PinBody, StaffBody, TaskTile

if TYPE_CHECKING:
    from kiosk.flow.state import Staff
    from kiosk.views.context import Sight

_ICONS = {
    Task.ASSIST: "ticket", Task.REPRINT: "copy", Task.TEST: "printer", Task.RESTART: "restart", Task.EXIT: "exit",
}  # fmt: skip
_SAID = {
    "printed": ("check", "good"), "ordered": ("check", "good"), "failed": ("alert", "warning"),
    "refused": ("alert", "warning"), "unknown": ("alert", "warning"), "waits": ("clock", "brand"),
}  # fmt: skip
_PRINTER = ("ok", "paper_low", "paper_out", "cover_open", "cutter", "offline", "unknown")
_REFUSED = ("not_allowed", "bad_state", "not_found", "bad_request")


def staff(sight: Sight, view: Pin | Staff) -> PinBody | StaffBody:
    """Give the face of a view of the staff."""
    return _pin(sight, view) if isinstance(view, Pin) else _menu(sight, view)


def _pin(sight: Sight, view: Pin) -> PinBody:
    left = math.ceil(view.locked_until - sight.moment.real)
    if left > 0:
        note = sight.say("pin.locked", time=f"{left // 60}:{left % 60:02d}")
        return PinBody(sight.say("pin.title"), note, "danger", "", "")
    typed = "• " * len(view.typed)
    if view.request is not None:
        return PinBody(sight.say("pin.title"), sight.say("pin.checking"), "brand", typed, "")
    wrong = view.wrong and not view.typed
    note = sight.say("pin.wrong" if wrong else "pin.note")
    return PinBody(sight.say("pin.title"), note, "warning" if wrong else "brand", typed, sight.say("pin.enter"))


def _menu(sight: Sight, view: Staff) -> StaffBody:
    said = "waits" if view.request is not None else view.said
    icon, tone = _SAID.get(said, ("", "brand"))
    return StaffBody(
        sight.say("staff.title"), _facts(sight, view), tuple(_tile(sight, view, task) for task in Task),
        _said(sight, said, view.code), icon, tone,
    )  # fmt: skip


def _facts(sight: Sight, view: Staff) -> tuple[Fact, ...]:
    about = view.about
    linked = about is not None and about.linked
    told = [
        ("device", "device", sight.state.device),
        ("tag", "revision", str(sight.config.revision)),
        ("globe" if linked else "offline", "link", sight.say("staff.link.yes" if linked else "staff.link.no")),
        (
            "printer" if about is None or about.printer in {"", "ok"} else "alert",
            "printer",
            _printer(sight, about.printer if about else ""),
        ),
        ("send", "waiting", str(about.waiting if about else 0)),
        ("document", "version", about.version if about else ""),
    ]
    return tuple(Fact(icon, sight.say(f"staff.{key}"), value) for icon, key, value in told)


def _printer(sight: Sight, status: str) -> str:
    if status:
        return sight.say(f"staff.printer.{status if status in _PRINTER else 'unknown'}")
    return sight.say("staff.printer.elsewhere" if sight.config.printer else "staff.printer.none")


def _tile(sight: Sight, view: Staff, task: Task) -> TaskTile:
    name = sight.say("staff.sure" if view.sure is task else f"staff.{task}")
    note, closed = sight.say(f"staff.{task}.note"), view.request is not None
    if task is Task.REPRINT:
        last = sight.state.last
        note = sight.say("staff.reprint.number", number=last.number) if last else sight.say("staff.reprint.none")
        closed = closed or last is None or sight.config.printer is None
    if task is Task.TEST:
        closed = closed or not sight.state.own_printer
    return TaskTile(task.value, _ICONS[task], name, note, closed)


def _said(sight: Sight, said: str, code: str) -> str:
    if said == "refused":
        return sight.say(f"staff.said.{code}" if code in _REFUSED else "staff.said.refused")
    if said == "failed":
        return sight.say("staff.said.failed", reason=_printer(sight, code or "unknown"))
    return sight.say(f"staff.said.{said}") if said else ""
