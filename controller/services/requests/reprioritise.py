"""Another priority class for somebody who waits."""

from __future__ import annotations

from controller.domain.commands import Reprioritise


def reprioritise_of(number: str, priority: str, reason: str, officer: str) -> Reprioritise:
    """Give the command for a change of class, with its reason and who answers for it."""
    return Reprioritise(number=number, priority=priority, reason=reason, officer=officer)
