"""Versions of the configuration as the store has them, also where one cannot be read any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.domain.centre.centre import CentreFaults
from controller.domain.centre.stored import parse_stored_centre
from controller.services.journal.ports import NoSuchVersionError, StoreError

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre
    from controller.services.journal.ports import Store
    from controller.services.journal.set_aside import QuarantinedRows

NEAR = 50
"""So many versions to each side are tried in place of one that cannot be read."""


async def centre_of(store: Store, version: int, aside: QuarantinedRows, given: Centre | None = None) -> Centre:
    """Return a version; in place of one that cannot be read the nearest readable one, an older one first.

    Parts that are at fault are left out and named. `given` is what the command line names, for a store in which nothing
    can be read; without it that is `StoreError`.
    """
    for candidate in _order(version):
        found = await _read(store, candidate, aside)
        if found is not None:
            if candidate != version:
                aside.report("centres", version, "it cannot be read", f"version {candidate} is used in its place")
            return found
    if given is None:
        raise StoreError(
            f"no version of the configuration can be read (up to {version}): restore a backup, or give --centre FILE"
        )
    aside.report("centres", version, "no version can be read", "the file that --centre names is used")
    return given


async def former_centres(store: Store, current: int, aside: QuarantinedRows) -> list[Centre]:
    """Return the versions before the one in force, as far as they can be read."""
    found = [await _read(store, version, aside) for version in range(max(1, current - 20), current)]
    return [centre for centre in found if centre is not None]


def _order(version: int) -> list[int]:
    older, newer = range(version, max(0, version - NEAR), -1), range(version + 1, version + NEAR)
    return [*older, *newer]


async def _read(store: Store, version: int, aside: QuarantinedRows) -> Centre | None:
    try:
        data = (await store.version(version)).data
    except NoSuchVersionError:
        return None
    try:
        centre, left_out = parse_stored_centre(data)
    except CentreFaults as faults:
        aside.report("centres", version, faults.faults[0].message, "another version is used where this one is needed")
        return None
    for fault in left_out:
        aside.report("centres", f"{version} {fault.place}", fault.message, f"{fault.place} is left out")
    return centre
