"""The list of procedures is fetched when it has changed, kept, and shown from the disk while nobody answers."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from broker.contract.errors import Code
from broker.contract.payloads import ErrorBody, Procedure, Reply
from broker.link.requester import UnansweredError
from kiosk.app.procedures import ProcedureFetcher
from kiosk.flow.procedure_list import Book, bind
from kiosk.storage.procedure_list import read_procedures, write_procedures
from tests.gallery.kiosk.specimens import a_procedure

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path


def some(count: int, first: int = 0) -> list[Procedure]:
    return [a_procedure(f"1.{at}") for at in range(first, first + count)]


@dataclass
class Controller:
    """Answers as a controller does, two procedures a page; `silent` requests are not answered at all."""

    revision: str = "r1"
    has: list[Procedure] = field(default_factory=lambda: some(5))
    silent: int = 0
    refuses: int = 0
    becomes: tuple[int, str, list[Procedure]] | None = None
    asked: list[tuple[str, int]] = field(default_factory=list)

    async def request(self, op: str, fields: Mapping[str, Any] | None = None) -> Reply:
        assert op == "procedures"
        assert fields is not None
        revision, after = fields["revision"], fields["after"]
        self.asked.append((revision, after))
        await asyncio.sleep(0)
        if self.becomes and len(self.asked) == self.becomes[0]:
            _, self.revision, self.has = self.becomes
        if self.silent:
            self.silent -= 1
            raise UnansweredError("no reply within 30 s")
        if self.refuses:
            self.refuses -= 1
            return Reply(id="r", ok=False, error=ErrorBody(code=Code.TRY_AGAIN))
        items = self.has[after : after + 2] if revision == self.revision else []
        more = after + 2 if items and after + 2 < len(self.has) else None
        told = {"revision": self.revision, "items": [one.model_dump() for one in items], "next": more}
        return Reply(id="r", ok=True, result=told)


@dataclass
class Fetched:
    """A kiosk's list at work, and the books that came."""

    fetching: ProcedureFetcher
    books: list[Book]

    async def until(self, revision: str) -> Book:
        async with asyncio.timeout(10):
            while not self.books or self.books[-1].revision != revision:  # noqa: ASYNC110 - a book has no event
                await asyncio.sleep(0.001)
        return self.books[-1]


@asynccontextmanager
async def at_work(controller: Controller, file: Path) -> AsyncIterator[Fetched]:
    books: list[Book] = []
    fetching = ProcedureFetcher(controller, file, books.append, page_pause_s=0, first_pause_s=0.001)
    running = asyncio.create_task(fetching.run())
    yield Fetched(fetching, books)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kiosk-1" / "procedures.jsonl"


async def test_a_new_list_is_fetched_page_by_page_and_kept(file: Path) -> None:
    controller = Controller()
    async with at_work(controller, file) as kiosk:
        kiosk.fetching.want("r1")
        book = await kiosk.until("r1")

    assert [title.code for title in book.titles] == [f"1.{at}" for at in range(5)]
    assert controller.asked == [("r1", 0), ("r1", 2), ("r1", 4)]
    assert read_procedures(file).revision == "r1"


async def test_what_is_on_disk_is_shown_at_once_and_not_fetched_again(file: Path) -> None:
    write_procedures(file, bind("r1", some(3)))
    controller = Controller(silent=1000)
    async with at_work(controller, file) as kiosk:
        kiosk.fetching.want("r1")
        book = await kiosk.until("r1")
        await asyncio.sleep(0.01)

    assert len(book.titles) == 3
    assert controller.asked == []


async def test_the_old_list_stands_until_the_new_one_has_come_however_often_it_takes(file: Path) -> None:
    write_procedures(file, bind("r0", some(3)))
    controller = Controller(silent=2, refuses=2)
    async with at_work(controller, file) as kiosk:
        kiosk.fetching.want("r1")
        await kiosk.until("r1")

    assert [book.revision for book in kiosk.books] == ["r0", "r1"]


async def test_a_list_that_changes_while_it_is_read_is_read_from_its_beginning(file: Path) -> None:
    controller = Controller(becomes=(2, "r2", some(3, first=7)))
    async with at_work(controller, file) as kiosk:
        kiosk.fetching.want("r1")
        await asyncio.sleep(0)
        kiosk.fetching.want("r2")
        book = await kiosk.until("r2")

    assert [title.code for title in book.titles] == ["1.7", "1.8", "1.9"]


async def test_a_list_that_was_taken_away_is_gone_from_the_disk_too(file: Path) -> None:
    write_procedures(file, bind("r1", some(3)))
    controller = Controller()
    async with at_work(controller, file) as kiosk:
        kiosk.fetching.want("")
        book = await kiosk.until("")

    assert book.titles == ()
    assert controller.asked == []
    assert read_procedures(file).titles == ()


async def test_a_page_that_cannot_be_read_is_tried_again(file: Path) -> None:
    class Odd(Controller):
        @override
        async def request(self, op: str, fields: Mapping[str, Any] | None = None) -> Reply:
            reply = await super().request(op, fields)
            return Reply(id="r", ok=True, result={"items": 5}) if len(self.asked) == 1 else reply

    async with at_work(Odd(), file) as kiosk:
        kiosk.fetching.want("r1")

        assert len((await kiosk.until("r1")).titles) == 5
