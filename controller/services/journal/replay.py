"""One day again from its journal: the same events give the same hall, in any process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from controller.domain.centre.centre import CentreFaults
from controller.domain.queue.evolve import evolve
from controller.domain.queue.hall import Hall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from controller.domain.centre.centre import Centre
    from controller.domain.queue.hall import Estimator
    from controller.services.journal.ports import RecoveredDay


UNREADABLE: Final = (
    ArithmeticError, AttributeError, CentreFaults, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip
"""What a replay may raise over events and configurations that this program did not write."""


def wanted_versions(recovered: RecoveredDay) -> set[int]:
    """Name the configurations that a day's events were decided under, and the one in force."""
    found = {written.config for written in recovered.written}
    return found | ({recovered.version.version} if recovered.version is not None else set())


def empty_hall(recovered: RecoveredDay, centres: Mapping[int, Centre], estimator: Estimator | None = None) -> Hall:
    """Give the hall before the first event of a day; `centres` has every wanted version."""
    begin = recovered.written[0].config if recovered.written else max(centres)
    hall = Hall(centres[begin], begin, estimator)
    hall.centres.update(centres)
    hall.learn(recovered.secrets)
    return hall


def replay(recovered: RecoveredDay, centres: Mapping[int, Centre], estimator: Estimator | None = None) -> Hall:
    """Give the hall as a day's events leave it."""
    hall = empty_hall(recovered, centres, estimator)
    for written in recovered.written:
        evolve(hall, written.event)
    return hall
