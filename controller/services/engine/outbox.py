"""Commands to devices: what an effect becomes, when it is repeated, and what its result means.

A command is repeated with the same id every 5 real seconds until a result, or until its `ttl_s` is over. A slip whose
printer stayed silent is not known to be unprinted: it stays undecided until a final result comes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from pydantic_core import to_jsonable_python

from broker.runtime.clock import real_seconds
from controller.domain.commands import SlipOutcome
from controller.domain.decision.decision import NotifyKiosk, PrintSlip
from controller.services.journal.ports import UNREADABLE, StoredCommand

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from broker.contract.payloads import Result
    from broker.runtime.clock import Clock
    from controller.domain.decision.decision import Effect

REPEAT_S = 5.0
PRINT_TTL_S = 60
PRINTED_TTL_S = 60
KEEP_UNKNOWN_S = 48 * 3600.0
"""How long a device keeps its results, and so how long a final one may still come."""

_TICKET: Final = re.compile(r'"ticket":\{"id":"([0-9a-f-]{36})"')

NEVER_REPEATED = frozenset({"restart"})


def command_for(effect: Effect, new_id: Callable[[], str], now: int) -> StoredCommand | None:
    """Give the device command that carries an effect out, or None when it is no matter of one device."""
    if isinstance(effect, PrintSlip):
        body: dict[str, Any] = {"request": effect.request, "ticket": effect.ticket, "slip": effect.slip}
        return StoredCommand(
            new_id(), effect.printer, "print", to_jsonable_python(body, by_alias=True), PRINT_TTL_S, now
        )
    if isinstance(effect, NotifyKiosk):
        told: dict[str, Any] = {"ticket": effect.ticket, "ok": effect.ok}
        told |= {"error": effect.error} if effect.error else {}
        told |= {"elsewhere": effect.elsewhere.model_dump(mode="json")} if effect.elsewhere else {}
        return StoredCommand(new_id(), effect.kiosk, "printed", told, PRINTED_TTL_S, now)
    return None


def outcome_of(sent: StoredCommand, *, ok: bool | None, error: str | None, final: bool) -> SlipOutcome | None:
    """Give the command that tells the hall what became of a slip; None when no ticket can be read from it."""
    ticket = _ticket_of(sent.body)
    if sent.op != "print" or ticket is None:
        return None
    slip = sent.body.get("slip")
    copy = bool(slip.get("copy")) if isinstance(slip, dict) else False
    return SlipOutcome(ticket=ticket, ok=ok, error=error, copy=copy, printer=sent.device, final=final)


def _ticket_of(body: dict[str, Any]) -> str | None:
    """Find the id of the ticket that a print command is about, also in a body that is damaged elsewhere."""
    if UNREADABLE in body:
        found = _TICKET.search(str(body[UNREADABLE]))
        return found.group(1) if found else None
    ticket = body.get("ticket")
    told = ticket.get("id") if isinstance(ticket, dict) else None
    return told if isinstance(told, str) else None


@dataclass(slots=True)
class PendingCommand:
    """A command without a final result; `next_at` is in real seconds of the monotonic clock."""

    sent: StoredCommand
    next_at: float
    settling: bool = False


class Outbox:
    """The commands on their way. It decides; sending and writing are the caller's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._live: dict[str, PendingCommand] = {}

    def __len__(self) -> int:
        return len(self._live)

    def add(self, commands: Iterable[StoredCommand]) -> list[PendingCommand]:
        """Take commands that are on disk; each is due at once."""
        added = [PendingCommand(sent, self._clock.monotonic()) for sent in commands if sent.id not in self._live]
        self._live.update({live.sent.id: live for live in added})
        return added

    def settled(self, ids: Iterable[str]) -> None:
        """Drop commands whose final result is on disk, or that are set aside there."""
        for command in ids:
            self._live.pop(command, None)

    def unknown(self, ids: Iterable[str]) -> None:
        """Stop repeating commands whose interim result is on disk."""
        for command in ids:
            if command in self._live:
                live = self._live[command]
                live.sent, live.settling = replace(live.sent, state="unknown"), False

    def due(self) -> list[PendingCommand]:
        """Give the commands to send now, and count them as sent."""
        now = self._clock.monotonic()
        live = [one for one in self._live.values() if one.sent.state == "sent" and not one.settling]
        due = [one for one in live if one.next_at <= now and self.left_s(one.sent) > 0]
        for one in due:
            once = one.sent.op in NEVER_REPEATED
            one.next_at = now + (KEEP_UNKNOWN_S if once else REPEAT_S)
        return due

    def over(self) -> list[PendingCommand]:
        """Give the commands that waited long enough: past their time to live, or unknown for two days."""
        return [
            live
            for live in self._live.values()
            if not live.settling
            and (self.left_s(live.sent) <= 0 if live.sent.state == "sent" else self._age_s(live.sent) > KEEP_UNKNOWN_S)
        ]

    def answered(self, device: str, result: Result) -> PendingCommand | None:
        """Give the command that a result belongs to, or None when it is another's, settled, or told already."""
        live = self._live.get(result.id)
        if live is None or live.sent.device != device or live.settling:
            return None
        if result.ok is None and live.sent.state == "unknown":
            return None
        return live

    def left_s(self, sent: StoredCommand) -> float:
        """Give the real seconds until a command may no longer be carried out."""
        return sent.ttl_s - self._age_s(sent)

    def _age_s(self, sent: StoredCommand) -> float:
        return real_seconds(self._clock, sent.at)
