"""Two controllers of one centre: who gives way. Pure.

The broker lets in one of two with the same name and puts the other out, in turns, so neither ever hears the other live.
Whoever comes back and finds a state retained that is not its own knows of the other; the newcomer leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, field

NEWCOMER_S = 30.0
"""A controller that has been here this long does not give way to another one."""


@dataclass(slots=True)
class SplitBrainRule:
    """What one controller knows of its own connections; times are real seconds."""

    since: float | None = None
    _sessions: list[str] = field(default_factory=list)

    def connected(self, session: str, now: float) -> None:
        """Note a connection of our own."""
        self._sessions.append(session)
        self.since = now if self.since is None else self.since

    def is_another(self, session: str) -> bool:
        """Tell whether a retained state of this session shows that another one came between two of our connections."""
        return len(self._sessions) > 1 and session not in self._sessions

    def gives_way(self, now: float) -> bool:
        """Tell whether we are the newcomer."""
        return self.since is not None and now - self.since <= NEWCOMER_S
