"""Refusals as questions: what waits for the engine is refused in its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.errors import RefusedError
    from controller.domain.queue.hall import Hall


def refusing(refused: RefusedError) -> Callable[[Hall, int], object]:
    """Return the question whose answer is a refusal."""

    def answer(_hall: Hall, _now: int) -> None:
        raise refused

    return answer
