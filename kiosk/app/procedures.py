"""Keeps the procedures of a kiosk as the controller has them: fetched page by page when the list has changed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from broker.contract.payloads import ProcedurePage
from broker.link.requester import UnansweredError
from kiosk.flow.procedure_list import Book, bind
from kiosk.storage.procedure_list import read_procedures, write_procedures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from broker.contract.payloads import Procedure, Reply

log = structlog.get_logger()

PAGE_PAUSE_S = 0.1
"""Between two pages: whoever wants a number at the same time goes first."""
FIRST_PAUSE_S = 10.0
LONGEST_PAUSE_S = 300.0
MOST_PAGES = 2000


class ProcedureSource(Protocol):
    """What asks the controller."""

    async def request(self, op: str, fields: Mapping[str, Any] | None = None) -> Reply:
        """Send a request until it is answered; Unanswered when it is not."""
        ...


class FetchError(Exception):
    """The list did not come; the message is one sentence."""


class ProcedureFetcher:
    """The list of one kiosk. `came` is told each book: the one on disk first, then whatever is fetched.

    The pauses are in real seconds: between two pages, and before what failed is tried again, each time twice as long.
    """

    def __init__(
        self,
        asker: ProcedureSource,
        file: Path,
        came: Callable[[Book], None],
        *,
        page_pause_s: float = PAGE_PAUSE_S,
        first_pause_s: float = FIRST_PAUSE_S,
    ) -> None:
        self._asker = asker
        self._page_pause_s = page_pause_s
        self._first_pause_s = first_pause_s
        self._file = file
        self._came = came
        self._wanted: str | None = None
        self._news = asyncio.Event()

    def want(self, revision: str) -> None:
        """Hear which list is in force; empty when there is none."""
        if revision != self._wanted:
            self._wanted = revision
            self._news.set()

    async def run(self) -> None:
        """Show what is on disk, and fetch what is wanted, until cancelled."""
        book = await asyncio.to_thread(read_procedures, self._file)
        self._came(book)
        pause = self._first_pause_s
        while True:
            self._news.clear()
            if self._wanted is None or self._wanted == book.revision:
                pause = self._first_pause_s
                await self._news.wait()
                continue
            fetched = await self._fetched(self._wanted)
            if fetched is not None:
                book = fetched
            if fetched is None or self._wanted != book.revision:
                await self._rest(pause)
                pause = min(2 * pause, LONGEST_PAUSE_S)

    async def _rest(self, seconds: float) -> None:
        """Wait before trying again, or until another list is wanted."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()

    async def _fetched(self, wanted: str) -> Book | None:
        """Fetch a list, keep and show it; None when it did not come."""
        try:
            revision, procedures = await self._pages(wanted)
        except (FetchError, UnansweredError) as error:
            log.warning("procedures_not_fetched", revision=wanted, reason=str(error))
            return None
        book = await asyncio.to_thread(bind, revision, procedures)
        await asyncio.to_thread(write_procedures, self._file, book)
        log.info("procedures_fetched", revision=revision, count=len(book.titles))
        self._came(book)
        return book

    async def _pages(self, revision: str) -> tuple[str, list[Procedure]]:
        found: list[Procedure] = []
        after: int | None = 0 if revision else None
        for _ in range(MOST_PAGES):
            if after is None:
                return revision, found
            page = await self._page(revision, after)
            if page.revision != revision:
                # Another list came into force in the meantime: what was read is of no use.
                revision, found, after = page.revision, [], 0 if page.revision else None
                continue
            found += page.items
            if page.next is not None and page.next <= after:
                raise FetchError(f"after {after} comes {page.next}")
            after = page.next
            await asyncio.sleep(self._page_pause_s if after is not None else 0)
        raise FetchError(f"more than {MOST_PAGES} pages")

    async def _page(self, revision: str, after: int) -> ProcedurePage:
        reply = await self._asker.request("procedures", {"revision": revision, "after": after})
        if not reply.ok or reply.result is None:
            raise FetchError(f"refused: {reply.error.code if reply.error else 'without a word'}")
        try:
            return ProcedurePage.model_validate(reply.result)
        except ValueError as error:
            raise FetchError(f"a page cannot be read: {error}") from error
