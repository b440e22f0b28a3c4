"""The key of the day at the door for devices, and what never leaves by it."""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from contextlib import AsyncExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.channels import CONFIG
from broker.contract.errors import Code
from controller.store.database import FILE

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

ONE, DOSSIER = "a" * 43, "000.00.53.H48-220921-0099"
PATTERN = r"H\d{2}-\d{6}-\d{4}"


async def until(what: Any, seconds: float = 10.0) -> Any:
    async with asyncio.timeout(seconds):
        while not (found := what()):  # noqa: ASYNC110 - anything may be waited for
            await asyncio.sleep(0.001)
    return found


@pytest.fixture
def small_centre(small_centre: dict[str, Any]) -> dict[str, Any]:
    """Give the small centre, where land gives one number a person and day."""
    return small_centre | {
        "identity": {"card": True, "services": ["land"]},
        "dossier": {"pattern": PATTERN, "receipt_services": ["result"]},
        "upstream": {},
    }


@pytest.fixture
async def rig(open_rig: Callable[..., Any], small_centre: dict[str, Any]) -> AsyncIterator[Any]:
    async with AsyncExitStack() as stack:
        yield await stack.enter_async_context(open_rig(**small_centre))


async def test_only_a_kiosk_is_told_the_key_and_the_kept_answer_holds_none(stage: Any, tmp_path: Path) -> None:
    kiosk, other, pad = [await stage.peer(name) for name in ("kiosk-1", "kiosk-2", "rater-1")]
    asked = str(uuid.uuid4())
    told = (await kiosk.request("time", asked))["result"]
    assert told["identity"]["day"] == "2026-11-23"
    assert (await other.request("time"))["result"]["identity"] == told["identity"]
    assert (await kiosk.request("time", asked))["result"] == told
    assert set((await pad.request("time"))["result"]) == {"now"}
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        kept = [row[0] for row in connection.execute("SELECT reply FROM requests")]
    assert len(kept) == 3
    assert all("identity" not in reply and told["identity"]["key"] not in reply for reply in kept)


async def test_a_person_gets_one_number_and_the_same_answer_to_a_repeat(stage: Any) -> None:
    kiosk, request = await stage.peer("kiosk-2"), str(uuid.uuid4())
    first = await kiosk.request("issue", request, service="land", person=ONE)
    assert first["result"]["ticket"]["number"] == "A001"
    assert await kiosk.request("issue", request, service="land", person=ONE) == first
    again = await kiosk.request("issue", service="land", person=ONE)
    assert again["error"]["code"] == Code.TOO_MANY_TICKETS
    assert (await kiosk.request("issue", service="result", person=ONE))["ok"]
    assert (await kiosk.request("issue", service="land"))["ok"]


@pytest.mark.parametrize("person", ["", "short", "a" * 44, "á" * 43, 7, "a" * 42 + "|"])
async def test_what_is_no_mark_is_refused_without_repeating_it(stage: Any, person: object) -> None:
    kiosk = await stage.peer("kiosk-2")
    reply = await kiosk.request("issue", service="land", person=person)
    assert reply["error"]["code"] == Code.BAD_REQUEST
    assert "aaaa" not in str(reply)


async def test_neither_mark_nor_dossier_goes_anywhere_but_with_the_request(
    stage: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    carried: list[tuple[str, bytes]] = []
    stage.broker.tap = lambda topic, raw: carried.append((topic, raw))
    await stage.read_upstream()
    kiosk = await stage.peer("kiosk-1")
    ticket = (await kiosk.request("issue", service="land", person=ONE, dossier=DOSSIER))["result"]["ticket"]
    await kiosk.request("issue", service="land", person=ONE, dossier=DOSSIER)
    await kiosk.request("lookup", token=ticket["token"])
    await stage.rig.act("open")
    await stage.rig.act("next")
    await until(lambda: any(topic.endswith("/event") and b'"called"' in raw for topic, raw in carried))
    others = [raw for topic, raw in carried if not topic.endswith("/request")]
    said = b"".join(others).decode() + "".join(capsys.readouterr())
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        for table in ("journal", "tickets", "visits", "requests", "outbox", "marks"):
            said += str(connection.execute(f"SELECT * FROM {table}").fetchall())  # noqa: S608 - names of our own tables
    assert ticket["number"] in said
    assert ONE not in said
    assert DOSSIER[-16:] not in said


async def test_a_kiosk_is_told_which_services_want_a_card_and_where_a_receipt_leads(stage: Any) -> None:
    topic = CONFIG.topic(stage.broker.centre, device="kiosk-1")
    told = json.loads(await until(lambda: stage.broker.retained.get(topic)))
    assert told["card_services"] == ["land"]
    assert told["receipt"] == {"pattern": PATTERN, "services": ["result"]}
