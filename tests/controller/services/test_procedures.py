"""The list in force: replaced as a whole, given out in pages that fit into a message, kept over a restart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import ProcedurePage
from controller.domain.centre.centre import CentreFaults
from controller.services.procedures import PAGE_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable


def many(count: int, papers: int = 12) -> str:
    entries = [
        {
            "code": f"1.{at:06d}", "service": "land", "name": {"vi": f"Thủ tục {at}", "en": f"Procedure {at}"},
            "papers": [{"vi": f"Giấy tờ số {one} của thủ tục {at}, bản sao có chứng thực"} for one in range(papers)],
            "fee": {"vi": "Không thu lệ phí"}, "time": {"vi": "10 ngày làm việc"},
        }
        for at in range(count)
    ]  # fmt: skip
    return json.dumps(entries, ensure_ascii=False)


async def read_all(procedures: Any) -> list[dict[str, Any]]:
    pages: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        pages.append(await procedures.page(None, after))
        after = pages[-1]["next"]
    return pages


async def test_pages_are_far_smaller_than_a_message_and_together_are_the_whole_list(rig: Any) -> None:
    await rig.procedures.bring_in(many(2000))

    pages = await read_all(rig.procedures)

    sizes = [len(ProcedurePage.model_validate(page).model_dump_json().encode()) for page in pages]
    assert max(sizes) <= PAGE_BYTES + 4096
    assert [item["code"] for page in pages for item in page["items"]] == [f"1.{at:06d}" for at in range(2000)]
    assert len(pages) <= 80


async def test_a_procedure_as_large_as_may_be_still_comes(rig: Any) -> None:
    entries = json.loads(many(3))
    entries[1]["fee"] = {"vi": "dài " * 2900}
    await rig.procedures.bring_in(json.dumps(entries))

    assert len([item for page in await read_all(rig.procedures) for item in page["items"]]) == 3


async def test_a_fault_changes_nothing(rig: Any) -> None:
    before = await rig.procedures.bring_in(many(3))

    with pytest.raises(CentreFaults):
        await rig.procedures.bring_in(many(3).replace('"1.000002"', '"1.000001"'))

    assert rig.procedures.listing == before
    assert len(await rig.procedures.everything()) == 3


async def test_of_another_revision_there_is_no_page_but_the_right_one_is_named(rig: Any) -> None:
    old = await rig.procedures.bring_in(many(3))
    new = await rig.procedures.bring_in(many(4))

    assert await rig.procedures.page(old.revision, 2) == {"revision": new.revision, "items": [], "next": None}


async def test_the_same_list_again_tells_nobody_and_another_one_does(rig: Any) -> None:
    told: list[int] = []
    rig.procedures.listen(lambda: told.append(rig.procedures.listing.count))
    for count in (3, 3, 4):
        await rig.procedures.bring_in(many(count))
    await rig.procedures.clear()

    assert told == [3, 4, 0]
    assert rig.procedures.listing.card == {"revision": "", "count": 0}
    assert await rig.procedures.page(None, 0) == {"revision": "", "items": [], "next": None}


async def test_a_restart_finds_the_list(open_rig: Callable[..., Any]) -> None:
    async with open_rig() as rig:
        before = await rig.procedures.bring_in(many(3))
    async with open_rig() as rig:
        assert rig.procedures.listing == before
        assert len((await rig.procedures.page(before.revision, 0))["items"]) == 3
