"""What a desk's page is told as it happens."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from controller.http.pages.desk_view import desk_view
from controller.http.pages.event_stream import CommitSignal, view_events

if TYPE_CHECKING:
    from sse_starlette.event import ServerSentEvent


async def view_of(house: Any, counter: str = "c1", lang: str = "vi") -> dict[str, Any]:
    found: dict[str, Any] = await house.parts.engine.ask(lambda hall, now: desk_view(hall, counter, now, lang))
    return found


def content(event: ServerSentEvent) -> Any:
    return json.loads(str(event.data))


async def act(client: Any, action: str, **body: Any) -> None:
    answer = await client.post(f"/api/v1/counters/c1/{action}", json=body)
    assert answer.status_code == 200, answer.text


async def test_the_view_of_a_desk_holds_what_is_in_hand_who_waits_and_what_is_allowed(house: Any) -> None:
    async with house.client("officer") as client:
        for priority in ("normal", "elderly", "normal"):
            await client.post("/api/v1/tickets", json={"service": "land", "priority": priority})
        await client.post("/api/v1/tickets", json={"service": "advice"})
        closed = await view_of(house)
        await act(client, "open")
        house.clock.pass_seconds(31 * 60)
        await act(client, "next")
        calling = await view_of(house, lang="en")

    assert closed["allowed"] == ["open", "return"]
    assert closed["counter"]["status"] == "closed"
    assert [row["number"] for row in closed["lists"]["waiting"]["rows"]] == ["A001", "A002", "A003"]
    assert calling["hand"]["number"] == calling["counter"]["number"] == "A001"
    assert calling["hand"]["service"] == "Submit a land file"
    assert {"recall", "start", "finish", "no_show", "park", "transfer", "undo"} <= set(calling["allowed"])
    assert "open" not in calling["allowed"]
    assert calling["officer"] == "officer"
    waiting = calling["lists"]["waiting"]
    assert waiting["count"] == 2
    assert [(row["number"], row["priority"], row["minutes"], row["late"]) for row in waiting["rows"]] == [
        ("A002", "75 years or older", 31, True), ("A003", None, 31, True),
    ]  # fmt: skip


async def test_undo_is_offered_for_fifteen_seconds(house: Any) -> None:
    async with house.client("officer") as client:
        await client.post("/api/v1/tickets", json={"service": "land"})
        await act(client, "open")
        await act(client, "next")
        early = await view_of(house)
        house.clock.pass_seconds(16)
        late = await view_of(house)

    assert "undo" in early["allowed"]
    assert "undo" not in late["allowed"]


async def test_parked_and_absent_people_stand_in_lists_of_their_own(house: Any) -> None:
    async with house.client("officer") as client:
        for _ in range(2):
            await client.post("/api/v1/tickets", json={"service": "land"})
        for action in ("open", "next", "park", "next", "no_show"):
            await act(client, action)

    lists = (await view_of(house))["lists"]
    assert {name: [row["number"] for row in one["rows"]] for name, one in lists.items()} == {
        "waiting": [], "parked": ["A001"], "no_show": ["A002"],
    }  # fmt: skip


async def test_a_page_is_told_at_once_and_again_when_something_changes(house: Any) -> None:
    signed_in = True
    commits = house.app.state.commits
    events = view_events(commits, house.clock, lambda: view_of(house), lambda: signed_in)

    first = content(await anext(events))
    async with house.client("officer") as client:
        waiting = asyncio.ensure_future(anext(events))
        await client.post("/api/v1/tickets", json={"service": "land"})
        second = content(await asyncio.wait_for(waiting, 5))
        signed_in = False
        ending = asyncio.ensure_future(anext(events))
        await client.post("/api/v1/tickets", json={"service": "land"})
        over = await asyncio.wait_for(ending, 5)

    assert first["lists"]["waiting"]["count"] == 0
    assert second["lists"]["waiting"]["count"] == 1
    assert over.event == "over"
    with pytest.raises(StopAsyncIteration):
        await anext(events)


async def test_a_moment_without_an_answer_does_not_end_the_stream(house: Any) -> None:
    answers = iter([RefusedError(Code.TRY_AGAIN, "the store is away"), {"counter": "c1"}])
    commits = CommitSignal()

    async def view() -> Any:
        answer = next(answers)
        if isinstance(answer, RefusedError):
            raise answer
        return answer

    waiting = asyncio.ensure_future(anext(view_events(commits, house.clock, view, lambda: True)))
    await asyncio.sleep(0)
    commits.notify()

    assert content(await asyncio.wait_for(waiting, 5)) == {"counter": "c1"}


async def test_the_commits_wakes_at_a_beat_and_lets_go_after_its_time() -> None:
    commits = CommitSignal()

    quiet = await commits.next(0, 0.01)
    sleeper = asyncio.ensure_future(commits.next(0, 5))
    await asyncio.sleep(0)
    commits.notify()

    assert quiet == 0
    assert await asyncio.wait_for(sleeper, 5) == 1
    assert not commits._waiting


@pytest.mark.parametrize(("user", "counter", "status"), [(None, "c1", 401), ("officer", "c9", 404)])
async def test_a_stream_is_only_for_the_signed_in_and_for_a_counter(
    house: Any, user: str | None, counter: str, status: int
) -> None:
    async with house.client(user) as client:
        answer = await client.get(f"/desk/{counter}/stream")

    assert answer.status_code == status
