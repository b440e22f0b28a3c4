"""The faces of a ticket: given, looked for, found; pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from broker.contract.payloads import Origin, Status
from kiosk.flow.confirm import may_cancel
from kiosk.flow.state import Slip
from kiosk.flow.step import TICKET_S, closes_in
from kiosk.views.menus import priority_name
from kiosk.views.parts import Detail
from kiosk.views.wait_words import wait_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.contract.payloads import Ticket
    from kiosk.flow.state import Shown
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class TicketBody:
    """A number, what comes next, and the truth about its slip. `qr` is the address in the code, empty for none."""

    title: str
    number: str
    service: str
    priority: str
    details: tuple[Detail, ...]
    slip_icon: str
    slip_tone: str
    slip: str
    slip_note: str
    qr: str
    qr_note: str
    offline: str
    late: str
    done: str
    closes: str
    cancel: str = ""


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


def ticket(context: ViewContext, view: Shown) -> TicketBody:
    """Give a ticket as it is handed out."""
    given, left = view.ticket, closes_in(context.state, context.moment) or 0.0
    icon, tone = _SLIP_LOOK[view.slip]
    closes = context.say("ticket.closes", seconds=max(1, math.ceil(left))) if left <= COUNTDOWN_S else ""
    priority = priority_name(context, given.priority)
    return TicketBody(
        title=context.say("ticket.title"),
        number=given.number,
        service=_service_name(context, given),
        priority=context.say("ticket.priority", name=priority) if priority else "",
        details=details(context, given),
        slip_icon=icon,
        slip_tone=tone,
        slip=context.say(f"ticket.slip.{view.slip}"),
        slip_note=_slip_note(context, view),
        qr=f"{context.config.centre.public_url}/t/{given.token}" if given.token else "",
        qr_note=context.say("ticket.qr") if given.token else "",
        offline=context.say("ticket.offline" if view.stored else "ticket.unstored")
        if given.channel is Origin.OFFLINE
        else "",
        late=context.say("ticket.late") if view.late else "",
        done=context.say("ticket.done"),
        closes=closes,
        cancel=_cancel(context, given),
    )


def _slip_note(context: ViewContext, view: Shown) -> str:
    """Say what to do about the slip; when another printer has it, where that is."""
    if view.elsewhere and view.slip is not Slip.FAILED:
        return context.say(f"ticket.elsewhere.{view.slip}", printer=context.read(dict(view.elsewhere)))
    return context.say(f"ticket.slip.{view.slip}.note", reason=_reason(context, view.error))


def details(context: ViewContext, given: Ticket) -> tuple[Detail, ...]:
    """Give what is known of a waiting ticket: who is before it, how long, and where it will be served."""
    found = []
    if given.position is not None:
        found.append(Detail("queue", context.say("ticket.ahead"), _ahead(context, given.position - 1)))
        wait = wait_range(given.wait, lambda key, **values: context.say(f"slip.{key}", **values))
        found.append(Detail("clock", context.say("ticket.wait"), wait))
    if given.counters and given.status is Status.WAITING:
        found.append(Detail("counter", context.say("ticket.counters"), _counters(context, given.counters)))
    return tuple(found)


def _cancel(context: ViewContext, given: Ticket) -> str:
    return context.say("cancel.ask") if may_cancel(context.state, given) else ""


def _ahead(context: ViewContext, count: int) -> str:
    if count <= 0:
        return context.say("ticket.ahead.none")
    return context.say("ticket.ahead.one") if count == 1 else context.say("ticket.ahead.many", count=count)


def _counters(context: ViewContext, counters: list[str]) -> str:
    names = [context.read(context.state.labels.get(counter, {})) or counter for counter in counters]
    return in_one(names[:COUNTERS_SHOWN]) + (" …" if len(names) > COUNTERS_SHOWN else "")


def in_one(names: Sequence[str]) -> str:
    """Name several places; a word that all begin with is said once: "Quầy 1, 2, 3"."""
    kinds = {name.rpartition(" ")[0] for name in names}
    numbers = [name.rpartition(" ")[2] for name in names]
    kind = next(iter(kinds), "")
    same = len(kinds) == 1 and kind and all(number.isdigit() for number in numbers)
    return f"{kind} {', '.join(numbers)}" if same else ", ".join(names)


def _service_name(context: ViewContext, given: Ticket) -> str:
    card = context.config.service(given.service)
    return context.read(card.name) if card else ""


def _reason(context: ViewContext, error: str | None) -> str:
    key = f"reason.{error}"
    return context.say(key if key in context.words.keys else "reason.other")
