"""The notice for staff of a clock that is not trusted: across their pages, and as the reason of a refusal."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

    from controller.services.engine.clock_guard import ClockGuard


def format_moment(instant: int, timezone: ZoneInfo) -> str:
    """Return an instant in ms since 1970 UTC as people write it."""
    return datetime.fromtimestamp(instant / 1000, timezone).strftime("%H:%M %d/%m/%Y")


def clock_notice(clock: ClockGuard, say: Callable[..., str], role: Role | None = None) -> str:
    """Return the sentence for staff while the clock is held or the journal is ahead of it; empty when all is well."""
    if (held := clock.held) is not None:
        said = say(
            "clock.held", shown=format_moment(held.shown, held.timezone), since=format_moment(held.since, held.timezone)
        )
        return said if role is not None and role.covers(Role.ADMINISTRATOR) else f"{said} {say('clock.tell')}"
    if (ahead := clock.ahead) is not None:
        return say(
            "clock.ahead",
            shown=format_moment(ahead.shown, ahead.timezone),
            last=format_moment(ahead.last, ahead.timezone),
        )
    return ""
