"""The faces of a ticket: given, looked for, found; pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from broker.contract.payloads import Origin, Status
from kiosk.flow.confirm import may_cancel
from kiosk.flow.state import Slip
from kiosk.flow.step import TICKET_S, closes_in
from kiosk.printing.layout import wait_range
from kiosk.views.menus import priority_name
from kiosk.views.view import Fact, FindBody, FoundBody, Keys, TicketBody

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.contract.payloads import Ticket
    from kiosk.flow.state import Shown
    from kiosk.views.context import Sight

COUNTERS_SHOWN = 4
COUNTDOWN_S = TICKET_S / 2
"""From so many seconds before it closes, the ticket says when."""
_SLIP_LOOK = {
    Slip.PRINTING: ("printer", "brand"),
    Slip.PRINTED: ("check", "good"),
    Slip.FAILED: ("alert", "warning"),
    Slip.UNKNOWN: ("alert", "warning"),
    Slip.NONE: ("qr", "brand"),
}
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


def ticket(sight: Sight, view: Shown) -> TicketBody:
    """Give a ticket as it is handed out."""
    given, left = view.ticket, closes_in(sight.state, sight.moment) or 0.0
    icon, tone = _SLIP_LOOK[view.slip]
    closes = sight.say("ticket.closes", seconds=max(1, math.ceil(left))) if left <= COUNTDOWN_S else ""
    priority = priority_name(sight, given.priority)
    return TicketBody(
        title=sight.say("ticket.title"),
        number=given.number,
        service=_service_name(sight, given),
        priority=sight.say("ticket.priority", name=priority) if priority else "",
        facts=facts(sight, given),
        slip_icon=icon,
        slip_tone=tone,
        slip=sight.say(f"ticket.slip.{view.slip}"),
        slip_note=_slip_note(sight, view),
        qr=f"{sight.config.centre.public_url}/t/{given.token}" if given.token else "",
        qr_note=sight.say("ticket.qr") if given.token else "",
        offline=sight.say("ticket.offline" if view.stored else "ticket.unstored")
        if given.channel is Origin.OFFLINE
        else "",
        late=sight.say("ticket.late") if view.late else "",
        done=sight.say("ticket.done"),
        closes=closes,
        cancel=_cancel(sight, given),
    )


def _slip_note(sight: Sight, view: Shown) -> str:
    """Say what to do about the slip; when another printer has it, where that is."""
    if view.elsewhere and view.slip is not Slip.FAILED:
        return sight.say(f"ticket.elsewhere.{view.slip}", printer=sight.read(dict(view.elsewhere)))
    return sight.say(f"ticket.slip.{view.slip}.note", reason=_reason(sight, view.error))


def facts(sight: Sight, given: Ticket) -> tuple[Fact, ...]:
    """Give what is known of a waiting ticket: who is before it, how long, and where it will be served."""
    found = []
    if given.position is not None:
        found.append(Fact("queue", sight.say("ticket.ahead"), _ahead(sight, given.position - 1)))
        wait = wait_range(given.wait, lambda key, **values: sight.say(f"slip.{key}", **values))
        found.append(Fact("clock", sight.say("ticket.wait"), wait))
    if given.counters and given.status is Status.WAITING:
        found.append(Fact("counter", sight.say("ticket.counters"), _counters(sight, given.counters)))
    return tuple(found)


def find(sight: Sight, typed: str) -> FindBody:
    """Give the screen where a slip is looked for; its letters are those that numbers here begin with."""
    series = {service.series[0] for service in sight.config.services if service.series}
    if sight.config.offline:
        series.add(sight.config.offline[0])
    letters = tuple(sorted(series)) if len(series) > 1 else _ALPHABET
    rows = (*rows_of(letters, KEYS_IN_A_ROW), DIGITS[:6], (*DIGITS[6:], "-", NO_KEY))
    note = sight.say("find.scan.note.receipt" if sight.config.receipt else "find.scan.note")
    return FindBody(
        sight.say("find.title"), sight.say("find.scan"), note, sight.say("find.enter"), typed,
        sight.say("find.empty"), Keys(rows), sight.say("find.look"),
    )  # fmt: skip


def found(sight: Sight, given: Ticket) -> FoundBody:
    """Give where a ticket stands."""
    counter = sight.read(sight.state.labels.get(given.counter or "", {})) or sight.say("status.somewhere")
    icon, tone = _STATUS_LOOK[given.status]
    served = given.status is Status.DONE and bool(sight.config.rating.levels)
    return FoundBody(
        title=sight.say("found.title", number=given.number),
        service=_service_name(sight, given),
        status=sight.say(f"status.{given.status}", counter=counter),
        icon=icon,
        tone=tone,
        facts=facts(sight, given),
        note=sight.say("found.rate") if served else _cancel_note(sight, given),
        cancel=_cancel(sight, given),
    )


def rows_of(keys: Sequence[str], longest: int) -> tuple[tuple[str, ...], ...]:
    """Cut keys into as few rows as fit, as even as they go."""
    count = -(-len(keys) // longest)
    each = -(-len(keys) // count) if count else 0
    return tuple(tuple(keys[at : at + each]) for at in range(0, len(keys), each)) if each else ()


def _cancel(sight: Sight, given: Ticket) -> str:
    return sight.say("cancel.ask") if may_cancel(sight.state, given) else ""


def _cancel_note(sight: Sight, given: Ticket) -> str:
    """Say how a number that was found without its token is given back."""
    return sight.say("found.cancel") if given.status is Status.WAITING and not given.token else ""


def _ahead(sight: Sight, count: int) -> str:
    if count <= 0:
        return sight.say("ticket.ahead.none")
    return sight.say("ticket.ahead.one") if count == 1 else sight.say("ticket.ahead.many", count=count)


def _counters(sight: Sight, counters: list[str]) -> str:
    names = [sight.read(sight.state.labels.get(counter, {})) or counter for counter in counters]
    return in_one(names[:COUNTERS_SHOWN]) + (" …" if len(names) > COUNTERS_SHOWN else "")


def in_one(names: Sequence[str]) -> str:
    """Name several places; a word that all begin with is said once: "Quầy 1, 2, 3"."""
    kinds = {name.rpartition(" ")[0] for name in names}
    numbers = [name.rpartition(" ")[2] for name in names]
    kind = next(iter(kinds), "")
    same = len(kinds) == 1 and kind and all(number.isdigit() for number in numbers)
    return f"{kind} {', '.join(numbers)}" if same else ", ".join(names)


def _service_name(sight: Sight, given: Ticket) -> str:
    card = sight.config.service(given.service)
    return sight.read(card.name) if card else ""


def _reason(sight: Sight, error: str | None) -> str:
    key = f"reason.{error}"
    return sight.say(key if key in sight.words.keys else "reason.other")
