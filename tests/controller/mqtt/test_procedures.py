"""Kiosks hear which list of procedures is in force and ask for it page by page."""

from __future__ import annotations

import json
from typing import Any

from broker.contract.channels import CONFIG
from tests.controller.mqtt.conftest import Peer, until


def listed(count: int, fee: str = "Không") -> str:
    entries = [
        {
            "code": f"1.{at}", "service": "land", "name": {"vi": f"Thủ tục {at}"}, "fee": {"vi": fee},
            "papers": [{"vi": "Đơn đề nghị theo mẫu " * 40}], "time": {"vi": "3 ngày"},
        }
        for at in range(count)
    ]  # fmt: skip
    return json.dumps({"items": entries}, ensure_ascii=False)


def told(stage: Any, device: str) -> Any:
    raw = stage.broker.retained.get(CONFIG.topic(stage.broker.centre, device=device))
    return json.loads(raw).get("procedures") if raw else None


async def fetched(kiosk: Peer, revision: str) -> tuple[list[str], int]:
    codes: list[str] = []
    after: int | None = 0
    pages = 0
    while after is not None:
        page = (await kiosk.request("procedures", revision=revision, after=after))["result"]
        codes += [item["code"] for item in page["items"]]
        after, pages = page["next"], pages + 1
    return codes, pages


async def test_a_new_list_is_told_to_kiosks_at_once_and_to_nobody_else(stage: Any) -> None:
    await until(lambda: told(stage, "kiosk-1") == {"revision": "", "count": 0})

    listing = await stage.rig.procedures.bring_in(listed(3))

    await until(lambda: told(stage, "kiosk-2") == {"revision": listing.revision, "count": 3})
    assert told(stage, "board-1") is None


async def test_a_kiosk_reads_the_whole_list_in_pages(stage: Any) -> None:
    listing = await stage.rig.procedures.bring_in(listed(120))
    kiosk = await stage.peer("kiosk-2")

    codes, pages = await fetched(kiosk, listing.revision)
    first = (await kiosk.request("procedures"))["result"]["items"][0]

    assert codes == [f"1.{at}" for at in range(120)]
    assert 3 <= pages <= 6
    assert (first["service"], first["group"]) == ("land", "land")


async def test_a_list_that_changed_is_named_and_a_repeat_is_read_anew(stage: Any) -> None:
    old = await stage.rig.procedures.bring_in(listed(3))
    kiosk = await stage.peer("kiosk-2")
    request = "5f0c3d1e-0000-4000-8000-000000000001"

    first = (await kiosk.request("procedures", request, revision=old.revision))["result"]
    new = await stage.rig.procedures.bring_in(listed(3, "10.000 đ"))
    again = (await kiosk.request("procedures", request, revision=old.revision))["result"]

    assert (first["revision"], len(first["items"])) == (old.revision, 3)
    assert again == {"revision": new.revision, "items": [], "next": None}


async def test_only_kiosks_may_ask_and_only_in_words_that_can_be_read(stage: Any) -> None:
    rater, kiosk = await stage.peer("rater-1"), await stage.peer("kiosk-2")

    assert (await rater.request("procedures"))["error"]["code"] == "not_allowed"
    assert (await kiosk.request("procedures", after=-1))["error"]["code"] == "bad_request"
    assert (await kiosk.request("procedures", after="x"))["error"]["code"] == "bad_request"
