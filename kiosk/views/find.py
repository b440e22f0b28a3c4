"""A slip is looked for, and where its ticket is; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.payloads import Status, Ticket
from kiosk.views.messages import BusyBody
from kiosk.views.parts import Detail, Keys
from kiosk.views.ticket import _cancel, _service_name, details

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class FindBody:
    """A slip is looked for."""

    title: str
    scan: str
    scan_note: str
    enter: str
    typed: str
    empty: str
    keys: Keys
    look: str


@dataclass(frozen=True, slots=True)
class FoundBody:
    """Where a ticket stands; `tone` is a colour that only repeats what the icon and the words say."""

    title: str
    service: str
    status: str
    icon: str
    tone: str
    details: tuple[Detail, ...]
    note: str
    cancel: str = ""


_STATUS_LOOK = {
    Status.WAITING: ("clock", "brand"),
    Status.CALLED: ("speaker", "good"),
    Status.SERVING: ("counter", "good"),
    Status.PARKED: ("clock", "warning"),
    Status.DONE: ("check", "good"),
    Status.NO_SHOW: ("alert", "warning"),
    Status.CANCELLED: ("close", "warning"),
    Status.EXPIRED: ("close", "warning"),
}


KEYS_IN_A_ROW = 10


NO_KEY = ""
"""Leaves the place of a key empty, so that the others stand under those above them."""


DIGITS = tuple("1234567890")


_ALPHABET = tuple("ABCDEFGHIKLMNOPQRSTUVXYZ")


def find(context: ViewContext, typed: str) -> FindBody:
    """Give the screen where a slip is looked for; its letters are those that numbers here begin with."""
    series = {service.series[0] for service in context.config.services if service.series}
    if context.config.offline:
        series.add(context.config.offline[0])
    letters = tuple(sorted(series)) if len(series) > 1 else _ALPHABET
    rows = (*rows_of(letters, KEYS_IN_A_ROW), DIGITS[:6], (*DIGITS[6:], "-", NO_KEY))
    note = context.say("find.scan.note.receipt" if context.config.receipt else "find.scan.note")
    return FindBody(
        context.say("find.title"), context.say("find.scan"), note, context.say("find.enter"), typed,
        context.say("find.empty"), Keys(rows), context.say("find.look"),
    )  # fmt: skip


def looking(context: ViewContext) -> BusyBody:
    """Give the wait for the answer."""
    return BusyBody(context.say("looking.title"), context.say("issuing.note"))


def found(context: ViewContext, given: Ticket) -> FoundBody:
    """Give where a ticket stands."""
    counter = context.read(context.state.labels.get(given.counter or "", {})) or context.say("status.somewhere")
    icon, tone = _STATUS_LOOK[given.status]
    served = given.status is Status.DONE and bool(context.config.rating.levels)
    return FoundBody(
        title=context.say("found.title", number=given.number),
        service=_service_name(context, given),
        status=context.say(f"status.{given.status}", counter=counter),
        icon=icon,
        tone=tone,
        details=details(context, given),
        note=context.say("found.rate") if served else _cancel_note(context, given),
        cancel=_cancel(context, given),
    )


def rows_of(keys: Sequence[str], longest: int) -> tuple[tuple[str, ...], ...]:
    """Cut keys into as few rows as fit, as even as they go."""
    count = -(-len(keys) // longest)
    each = -(-len(keys) // count) if count else 0
    return tuple(tuple(keys[at : at + each]) for at in range(0, len(keys), each)) if each else ()


def _cancel_note(context: ViewContext, given: Ticket) -> str:
    """Say how a number that was found without its token is given back."""
    return context.say("found.cancel") if given.status is Status.WAITING and not given.token else ""
