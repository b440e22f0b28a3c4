"""What waits for the engine: a command or a question, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, Refused

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from controller.domain.commands import Command
    from controller.domain.queue.hall import Hall
    from controller.services.engine.idempotency import Outcome
    from controller.services.journal.ports import Batch, Key


@dataclass(slots=True)
class Work:
    """One command or question that waits. `also` adds rows to the transaction of a command that is not refused."""

    done: asyncio.Future[Any]
    command: Command | None = None
    question: Callable[[Hall, int], Any] | None = None
    key: Key | None = None
    also: Callable[[Batch], None] | None = None


def resolve(work: Work, outcome: Outcome) -> None:
    """Give whoever waits for a command or question its answer, unless it was cancelled."""
    if work.done.done():
        return
    if isinstance(outcome, Refused):
        work.done.set_exception(outcome)
    else:
        work.done.set_result(outcome)


def failure(error: Exception) -> Refused:
    """Return what the sender of a command is told: a value that no store can hold will not be written later either."""
    if isinstance(error, ValueError | TypeError | ArithmeticError):
        return Refused(Code.BAD_REQUEST, "it holds a value that cannot be written; nothing was done")
    return try_again()


def try_again() -> Refused:
    """Return the refusal while the store cannot be written."""
    return Refused(Code.TRY_AGAIN, "the store cannot be written; nothing was done")
