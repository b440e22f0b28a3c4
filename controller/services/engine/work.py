"""What waits for the engine: a command or a question, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from controller.domain.commands import Command
    from controller.domain.queue.hall import Hall
    from controller.services.engine.idempotency import Outcome
    from controller.services.journal.ports import IdempotencyKey, WriteBatch


@dataclass(slots=True)
class QueuedCommand:
    """One command or question that waits. `also` adds rows to the transaction of a command that is not refused."""

    done: asyncio.Future[Any]
    command: Command | None = None
    question: Callable[[Hall, int], Any] | None = None
    key: IdempotencyKey | None = None
    also: Callable[[WriteBatch], None] | None = None


def resolve(work: QueuedCommand, outcome: Outcome) -> None:
    """Give whoever waits for a command or question its answer, unless it was cancelled."""
    if work.done.done():
        return
    if isinstance(outcome, RefusedError):
        work.done.set_exception(outcome)
    else:
        work.done.set_result(outcome)


def failure(error: Exception) -> RefusedError:
    """Return what the sender of a command is told: a value that no store can hold will not be written later either."""
    if isinstance(error, ValueError | TypeError | ArithmeticError):
        return RefusedError(Code.BAD_REQUEST, "it holds a value that cannot be written; nothing was done")
    return try_again()


def try_again() -> RefusedError:
    """Return the refusal while the store cannot be written."""
    return RefusedError(Code.TRY_AGAIN, "the store cannot be written; nothing was done")
