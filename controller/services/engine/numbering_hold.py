"""Whether numbers are held back after a restore, and what becomes known of it since."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from controller.domain.numbers.high_water import Restored
    from controller.services.engine.day_session import DaySession


class NumberingHold:
    """Follows the ledger of an engine, which is rebuilt when a commit fails."""

    def __init__(self, ledger: Callable[[], DaySession | None]) -> None:
        self._ledger = ledger
        self.held = False

    @property
    def unsettled(self) -> Restored | None:
        """What the last restore knew, while no number was given after it; else None."""
        ledger = self._ledger()
        return None if ledger is None else ledger.unsettled

    def hold(self, *, held: bool) -> None:
        """Refuse every number with `try_again`, or give them again."""
        self.held = held
        self.apply()

    def apply(self) -> None:
        """Tell a ledger that was rebuilt."""
        ledger = self._ledger()
        if ledger is not None:
            ledger.hall.numbers_held = self.held

    def continue_from(self, restored: Restored) -> None:
        """Let each series continue above what became known of a restore; it has to be on the disk already."""
        ledger = self._ledger()
        if ledger is not None:
            ledger.continue_from(restored)
