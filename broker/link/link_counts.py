"""What a link counts, and the limiter that keeps its log to one line a second for each reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class LinkCounts:
    """Figures of one link since its process started.

    received           messages that reached a handler or were for nobody, by channel
    sent               messages handed to the broker, by channel
    unreadable         messages dropped before any handler or before they were sent, by reason: see
                       `broker.link.message_dispatcher.Reason`
    failed             handlers that raised, by channel
    connected          whether the broker can be reached now
    connects           connections that were accepted; reconnects are one fewer
    refused_filters    subscriptions that the broker refused
    """

    received: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    connected: bool = False
    connects: int = 0
    refused_filters: int = 0

    @property
    def reconnects(self) -> int:
        """Connections after the first."""
        return max(0, self.connects - 1)


@dataclass(slots=True)
class LogRateLimit:
    """Lets one through in each period for every reason, and remembers how many it held back. Seconds are handed in."""

    period_s: float = 1.0
    _open_at: dict[str, float] = field(default_factory=dict)
    _held: Counter[str] = field(default_factory=Counter)

    def held_back(self, reason: str, now: float) -> int | None:
        """Give how many were held back since the last one let through, or None when this one is held back too."""
        if now < self._open_at.get(reason, now):
            self._held[reason] += 1
            return None
        self._open_at[reason] = now + self.period_s
        return self._held.pop(reason, 0)
