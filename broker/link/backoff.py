"""Pauses between attempts that grow and are random, so that a hall of devices does not knock in step."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(slots=True)
class Backoff:
    """Pauses in seconds: each bound is twice the last, up to `most`; a pause is random between half and all of it."""

    first: float = 0.2
    most: float = 10.0
    random: Random | None = None
    _bound: float = 0.0

    @property
    def fresh(self) -> bool:
        """Tell whether no pause has been taken since the beginning or the last reset."""
        return self._bound == 0.0

    def pause(self) -> float:
        """Give the next pause."""
        self._bound = min(self.most, self._bound * 2 or self.first)
        return (self.random or _RANDOM).uniform(self._bound / 2, self._bound)

    def reset(self) -> None:
        """Begin again with the first pause."""
        self._bound = 0.0


_RANDOM = Random()  # noqa: S311 - it spreads knocks, it keeps no secret
