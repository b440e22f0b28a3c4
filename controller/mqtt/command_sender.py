"""Commands to devices are sent and repeated, and their results settled (contract 7)."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from broker.contract.channels import COMMAND, RESULT
from broker.contract.errors import PrintError, RefusedError
from broker.contract.payloads import Command
from broker.link.link import LinkDownError
from controller.services.engine.outbox import KEEP_UNKNOWN_S, Outbox, outcome_of
from controller.services.journal.ports import StoredCommand

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Result
    from broker.link.link import Message
    from controller.domain.commands import SlipOutcome
    from controller.mqtt.dependencies import MqttDependencies
    from controller.services.engine.engine import Commit
    from controller.services.engine.outbox import PendingCommand
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()

LOOK_S = 0.5
"""Real seconds between two looks at what is due."""


class CommandSender:
    """Sends the commands of the outbox until they are settled, and records the outcome of slips."""

    def __init__(self, deps: MqttDependencies) -> None:
        self._link = deps.link
        self._engine = deps.engine
        self._store = deps.store
        self._clock = deps.clock
        self._counts = deps.counts
        self._ids = deps.ids
        self._outbox = Outbox(deps.clock)

    def __len__(self) -> int:
        return len(self._outbox)

    async def open(self) -> None:
        """Load the outbox of the last run, and subscribe to commits and results."""
        kept = self._outbox.add(await self._store.outbox())
        self._engine.listen(self._committed)
        self._link.on(RESULT, self._result)
        for live in kept:
            if live.sent.fault:
                self._set_aside(live, live.sent.fault)

    async def run(self) -> None:
        """Send, repeat and give up until cancelled."""
        while True:
            self._send_due()
            for live in self._outbox.over() if self._engine.guard.held is None else ():
                self._give_up(live)
            await asyncio.sleep(LOOK_S)

    async def send(self, device: str, op: str, ttl_s: int) -> None:
        """Send a command that nothing follows from: `identify`, `restart`."""
        sent = StoredCommand(self._ids.new_id(), device, op, {}, ttl_s, self._clock.now())
        await self._engine.do(None, also=lambda batch: batch.sent.append(sent))

    def _committed(self, commit: Commit) -> None:
        self._outbox.settled([*commit.batch.settled, *commit.batch.aside])
        self._outbox.unknown(commit.batch.unknown)
        if commit.batch.sent:
            self._outbox.add(commit.batch.sent)
            self._send_due()

    def _send_due(self) -> None:
        if not self._link.connected or self._engine.guard.held is not None:
            # How old a command is, and so whether it may still be done, nobody knows while the clock is held.
            return
        for live in self._outbox.due():
            try:
                self._send(live.sent)
            except LinkDownError:
                # It stays due: the next look comes before its time is over, or gives it up.
                live.next_at = self._clock.monotonic()
                return
            except Exception as error:  # noqa: BLE001 - whatever was stored, sending it may not end this loop
                self._set_aside(live, f"{type(error).__name__}: {error}")

    def _send(self, sent: StoredCommand) -> None:
        left_s = max(1, round(self._outbox.left_s(sent)))
        if left_s > KEEP_UNKNOWN_S:
            raise ValueError(f"it would be repeated for {left_s} s")
        command = Command.model_validate({"id": sent.id, "op": sent.op, "ttl_s": sent.ttl_s, **sent.body})
        self._link.post(COMMAND, command, expiry_s=left_s, device=sent.device)

    def _set_aside(self, live: PendingCommand, reason: str) -> None:
        """Keep a command that can never be sent where nobody tries it again, and report its slip as not printed."""
        sent = live.sent
        self._counts.set_aside["outbox"] += 1
        log.error("command_set_aside", command=sent.id, op=sent.op, device=sent.device, reason=reason)
        self._write(live, outcome_of(sent, ok=False, error=PrintError.OFFLINE, final=True), _aside(sent))

    async def _result(self, message: Message[Result]) -> None:
        result, device = message.payload, message.segments["device"]
        live = None if result is None else self._outbox.answered(device, result)
        if result is None or live is None:
            self._counts.dropped["unknown_result"] += 1
            return
        is_print, error = live.sent.op == "print", _known(result)
        if is_print:
            self._counts.prints["printed" if result.ok else error or "unknown"] += 1
        self._settle(live, ok=result.ok, error=error, final=result.ok is not None or not is_print)

    def _give_up(self, live: PendingCommand) -> None:
        if live.sent.op != "print":
            self._settle(live, ok=False, error="expired", final=True)
        elif live.sent.state == "sent":
            # The printer was silent: the slip may lie there all the same, and its final word may still come.
            self._counts.prints["silent"] += 1
            self._settle(live, ok=None, error=None, final=False)
        else:
            self._settle(live, ok=None, error=None, final=True)

    def _settle(self, live: PendingCommand, *, ok: bool | None, error: str | None, final: bool) -> None:
        """Write a result down, with the slip's outcome where it is one."""
        outcome = outcome_of(live.sent, ok=ok, error=error, final=final)
        self._write(live, outcome, _keeper(live.sent, final=final))

    def _write(self, live: PendingCommand, outcome: SlipOutcome | None, keep: Callable[[WriteBatch], None]) -> None:
        """Queue what became of a command; awaited by nobody."""
        live.settling = True
        done = self._engine.submit(outcome, also=keep)
        done.add_done_callback(lambda settled: self._settled(live, keep, settled))

    def _settled(
        self, live: PendingCommand, keep: Callable[[WriteBatch], None], done: asyncio.Future[dict[str, object]]
    ) -> None:
        error = None if done.cancelled() else done.exception()
        if error is None:
            return
        if isinstance(error, RefusedError) and error.code.value != "try_again":
            # The hall has no use for it, as for a slip of yesterday; the command is settled all the same.
            log.info("outcome_refused", op=live.sent.op, device=live.sent.device, reason=error.code.value)
            self._engine.submit(None, also=keep).add_done_callback(_log_failure)
        else:
            # Nothing was written: the command goes on, and the device repeats its result.
            live.settling = False


def _known(result: Result) -> PrintError | None:
    """Return why something was not printed in a word of the contract: what a device writes there may be anything."""
    if result.error in set(PrintError):
        return PrintError(result.error)
    return PrintError.OFFLINE if result.ok is False else None


def _keeper(sent: StoredCommand, *, final: bool) -> Callable[[WriteBatch], None]:
    def keep(batch: WriteBatch) -> None:
        (batch.settled if final else batch.unknown).append(sent.id)

    return keep


def _aside(sent: StoredCommand) -> Callable[[WriteBatch], None]:
    return lambda batch: batch.aside.append(sent.id)


def _log_failure(done: asyncio.Future[dict[str, object]]) -> None:
    error = None if done.cancelled() else done.exception()
    if error is not None:
        log.warning("settling_failed", reason=str(error))
