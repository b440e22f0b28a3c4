"""Stored rows that cannot be used: reported once each, never a reason for a loop or a start to end."""

from __future__ import annotations

from collections import Counter

import structlog

log = structlog.get_logger()


class QuarantinedRows:
    """Counts by table, and logs what is done in place of each row. May be called from any thread."""

    def __init__(self, counts: Counter[str] | None = None) -> None:
        self._counts = Counter() if counts is None else counts
        self._known: set[tuple[str, str]] = set()

    def report(self, table: str, key: object, reason: object, instead: str) -> None:
        """Report a row by its table and key: why it cannot be used, and what happens without it."""
        if (table, str(key)) in self._known:
            return
        self._known.add((table, str(key)))
        self._counts[table] += 1
        why = f"{type(reason).__name__}: {reason}" if isinstance(reason, BaseException) else str(reason)
        log.error("row_set_aside", table=table, key=str(key)[:64], reason=why[:500], instead=instead)
