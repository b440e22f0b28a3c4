"""The procedures that citizens read at the kiosk: one list, replaced as a whole, given out page by page.

The list stays on disk; only its revision is in memory, for every kiosk is told it with its configuration.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

import structlog

from broker.contract.payloads import Procedure
from controller.domain.centre.procedures import check_procedures, revision_of
from controller.domain.centre.procedures_file import read_text
from controller.services.journal.compact import compact
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from broker.runtime.clock import Clock
    from controller.domain.centre.centre import Centre

log = structlog.get_logger()

PAGE_BYTES: Final = 32 * 1024
"""Procedures of one page: half of what a message may have."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Which list is in force: what tells it apart, how many procedures it has, when it was imported."""

    revision: str = ""
    count: int = 0
    at: int | None = None

    @property
    def card(self) -> dict[str, Any]:
        """What a kiosk is told with its configuration."""
        return {"revision": self.revision, "count": self.count}


class Rows(NamedTuple):
    """Some procedures as JSON, and the list that they are of."""

    listing: Listing
    rows: tuple[str, ...]


class ProcedureStore(Protocol):
    """Where the list is kept; every method may raise `StoreError`."""

    async def listing(self) -> Listing:
        """Give which list is in force; an empty one before the first import."""
        ...

    async def rows(self, after: int, limit_bytes: int | None) -> Rows:
        """Give procedures as JSON from a position on: at least one, and as many as stay within so many bytes."""
        ...

    async def replace(self, listing: Listing, rows: Sequence[str]) -> None:
        """Put another list in the place of the one that was there."""
        ...


class Procedures:
    """The list in force; `start` must have been awaited before `listing` says anything."""

    def __init__(
        self, store: ProcedureStore, clock: Clock, centre: Callable[[], Centre], aside: QuarantinedRows | None = None
    ) -> None:
        self._aside = aside or QuarantinedRows()
        self._store = store
        self._centre = centre
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []
        self.listing = Listing()

    async def start(self) -> None:
        """Read which list is in force."""
        self.listing = await self._store.listing()

    def listen(self, listener: Callable[[], None]) -> None:
        """Hear of each change."""
        self._listeners.append(listener)

    async def bring_in(self, text: str) -> Listing:
        """Put the list of a file in force; `CentreFaults` with every fault, and then nothing has changed."""
        # A long list takes a second to read; whoever takes a number meanwhile must not wait for it.
        made, rows = await asyncio.to_thread(_read, text, self._centre(), self._clock.now())
        return await self._replace(made, rows)

    async def clear(self) -> Listing:
        """Take the list away: kiosks have nothing to read any more."""
        return await self._replace(Listing(at=self._clock.now()), ())

    async def everything(self) -> list[dict[str, Any]]:
        """Give the whole list."""
        return [item for row in (await self._store.rows(0, None)).rows if (item := self._read_row(row)) is not None]

    async def page(self, revision: str | None, after: int) -> dict[str, Any]:
        """Give the procedures from a position on, and the position to go on with, null after the last.

        Of another revision than the one in force there is none: the answer names the right one, to begin again.
        """
        listing, rows = await self._store.rows(after, PAGE_BYTES)
        if revision is not None and revision != listing.revision:
            return {"revision": listing.revision, "items": [], "next": None}
        end = after + len(rows)
        items = [self._placed(item) for row in rows if (item := self._read_row(row)) is not None]
        return {"revision": listing.revision, "items": items, "next": end if rows and end < listing.count else None}

    def _read_row(self, row: str) -> dict[str, Any] | None:
        """Read a stored procedure; one that is damaged is left out of what is shown."""
        try:
            return Procedure.model_validate_json(row).model_dump(mode="json", exclude_unset=True)
        except ValueError as error:
            self._aside.report("procedures", row[:64], error, "this procedure is not shown")
            return None

    def _placed(self, item: dict[str, Any]) -> dict[str, Any]:
        """Name the group also where the list names only a service: a kiosk knows the services that it offers."""
        service = self._centre().services.get(item.get("service", ""))
        return item if "group" in item or service is None else item | {"group": service.group}

    async def _replace(self, made: Listing, rows: Sequence[str]) -> Listing:
        if made.revision != self.listing.revision:
            await self._store.replace(made, rows)
            self.listing = made
            for listener in self._listeners:
                try:
                    listener()
                except Exception:
                    log.exception("procedures_listener_failed")
        return self.listing


def _read(text: str, centre: Centre, now: int) -> tuple[Listing, list[str]]:
    procedures = check_procedures(read_text(text), centre)
    rows = [compact(one.to_document()) for one in procedures]
    return Listing(revision_of(procedures), len(procedures), now), rows
