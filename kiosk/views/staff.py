"""The faces of the staff: the PIN, and the menu behind it; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kiosk.flow.state import Pin, Task
from kiosk.views.parts import Detail

if TYPE_CHECKING:
    from kiosk.flow.state import Staff
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class PinBody:
    """The staff's PIN is asked for. `typed` are marks, never digits; without `enter` nothing can be typed."""

    title: str
    note: str
    tone: str
    typed: str
    enter: str


@dataclass(frozen=True, slots=True)
class TaskTile:
    """Something that the staff can have done; `closed` when it cannot be done."""

    id: str
    icon: str
    name: str
    note: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class StaffBody:
    """The staff's menu: how the kiosk is, what can be done, and (`said`) what became of the last task."""

    title: str
    details: tuple[Detail, ...]
    tasks: tuple[TaskTile, ...]
    said: str
    said_icon: str
    said_tone: str


_ICONS = {
    Task.ASSIST: "ticket", Task.REPRINT: "copy", Task.TEST: "printer", Task.RESTART: "restart", Task.EXIT: "exit",
}  # fmt: skip
_SAID = {
    "printed": ("check", "good"), "ordered": ("check", "good"), "failed": ("alert", "warning"),
    "refused": ("alert", "warning"), "unknown": ("alert", "warning"), "waits": ("clock", "brand"),
}  # fmt: skip
_PRINTER = ("ok", "paper_low", "paper_out", "cover_open", "cutter", "offline", "unknown")
_REFUSED = ("not_allowed", "bad_state", "not_found", "bad_request")


def pin(context: ViewContext, view: Pin) -> PinBody:
    """Give the question for the PIN."""
    left = math.ceil(view.locked_until - context.moment.real)
    if left > 0:
        note = context.say("pin.locked", time=f"{left // 60}:{left % 60:02d}")
        return PinBody(context.say("pin.title"), note, "danger", "", "")
    typed = "• " * len(view.typed)
    if view.request is not None:
        return PinBody(context.say("pin.title"), context.say("pin.checking"), "brand", typed, "")
    wrong = view.wrong and not view.typed
    note = context.say("pin.wrong" if wrong else "pin.note")
    return PinBody(context.say("pin.title"), note, "warning" if wrong else "brand", typed, context.say("pin.enter"))


def menu(context: ViewContext, view: Staff) -> StaffBody:
    """Give the menu behind the PIN."""
    said = "waits" if view.request is not None else view.said
    icon, tone = _SAID.get(said, ("", "brand"))
    return StaffBody(
        context.say("staff.title"), _details(context, view), tuple(_tile(context, view, task) for task in Task),
        _said(context, said, view.code), icon, tone,
    )  # fmt: skip


def _details(context: ViewContext, view: Staff) -> tuple[Detail, ...]:
    about = view.about
    linked = about is not None and about.linked
    told = [
        ("device", "device", context.state.device),
        ("tag", "revision", str(context.config.revision)),
        ("globe" if linked else "offline", "link", context.say("staff.link.yes" if linked else "staff.link.no")),
        (
            "printer" if about is None or about.printer in {"", "ok"} else "alert",
            "printer",
            _printer(context, about.printer if about else ""),
        ),
        ("send", "waiting", str(about.waiting if about else 0)),
        ("document", "version", about.version if about else ""),
    ]
    return tuple(Detail(icon, context.say(f"staff.{key}"), value) for icon, key, value in told)


def _printer(context: ViewContext, status: str) -> str:
    if status:
        return context.say(f"staff.printer.{status if status in _PRINTER else 'unknown'}")
    return context.say("staff.printer.elsewhere" if context.config.printer else "staff.printer.none")


def _tile(context: ViewContext, view: Staff, task: Task) -> TaskTile:
    name = context.say("staff.sure" if view.sure is task else f"staff.{task}")
    note, closed = context.say(f"staff.{task}.note"), view.request is not None
    if task is Task.REPRINT:
        last = context.state.last
        note = context.say("staff.reprint.number", number=last.number) if last else context.say("staff.reprint.none")
        closed = closed or last is None or context.config.printer is None
    if task is Task.TEST:
        closed = closed or not context.state.own_printer
    return TaskTile(task.value, _ICONS[task], name, note, closed)


def _said(context: ViewContext, said: str, code: str) -> str:
    if said == "refused":
        return context.say(f"staff.said.{code}" if code in _REFUSED else "staff.said.refused")
    if said == "failed":
        return context.say("staff.said.failed", reason=_printer(context, code or "unknown"))
    return context.say(f"staff.said.{said}") if said else ""
