"""What an officer or supervisor has to be told of the end of a day: who was left, and whose turn comes too late."""

from __future__ import annotations

from typing import Any

import pytest

from controller.domain.commands import Tick

DAY = 24 * 3600


async def change(house: Any, **tables: Any) -> None:
    async with house.client("administrator") as client:
        stored = await client.get("/api/v1/centre")
        changed = stored.json() | tables
        done = await client.put("/api/v1/centre", json=changed, headers={"If-Match": stored.headers["ETag"]})
        assert done.status_code == 200, done.text


async def services(house: Any) -> list[dict[str, Any]]:
    async with house.client("administrator") as client:
        found: list[dict[str, Any]] = (await client.get("/api/v1/centre")).json()["service"]
        return found


async def test_whom_the_end_of_a_day_found_is_listed_with_what_became_of_them(house: Any) -> None:
    land, advice = await services(house)
    await change(house, service=[land, advice | {"carry_over": True}])
    async with house.client("officer") as client:
        for service in ("land", "land", "land", "advice"):
            await client.post("/api/v1/tickets", json={"service": service})
        for action in ("open", "next", "finish", "next"):
            await client.post(f"/api/v1/counters/c1/{action}")
        before = await client.get("/api/v1/closings/2026-11-23")
    async with house.client("supervisor") as client:
        while_it_lasts = (await client.get("/api/v1/closings/2026-11-23")).json()
        house.clock.pass_seconds(DAY)
        await house.parts.engine.do(Tick())
        closed = (await client.get("/api/v1/closings/2026-11-23")).json()
        wrong = await client.get("/api/v1/closings/yesterday")

    assert (before.status_code, wrong.status_code) == (403, 400)
    assert (while_it_lasts["items"], while_it_lasts["total"], while_it_lasts["head"]) == ([], {}, None)
    assert closed["head"]["head"] == house.parts.store.closing.head
    assert (closed["head"]["epoch"], closed["head"]["at"]) == (1, "2026-11-24T01:00:00.000+00:00")
    assert [(one["number"], one["became"]) for one in closed["items"]] == [
        ("A002", "no_show"), ("A003", "expired"), ("X001", "carried_over"),
    ]  # fmt: skip
    assert closed["total"] == {"no_show": 1, "expired": 1, "carried_over": 1}
    assert closed["items"][0]["issued_at"] == "2026-11-23T01:00:00.000+00:00"


async def test_the_reception_is_warned_of_a_turn_that_comes_after_closing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    await change(house, closing={"estimate_passes": "warn"})
    async with house.client("officer") as client:
        in_time = (await client.post("/api/v1/tickets", json={"service": "land"})).json()
        monkeypatch.setattr("controller.domain.requests.issue._passes_closing", lambda *_: True)
        late = (await client.post("/api/v1/tickets", json={"service": "land"})).json()

    assert "warning" not in in_time
    assert (late["number"], late["warning"]) == ("A002", "estimate_passes_closing")


@pytest.mark.parametrize("action", ["transfer", "hand_over"])
async def test_nobody_is_sent_to_an_officer_who_does_not_exist(house: Any, action: str) -> None:
    async with house.client("officer") as client:
        await client.post("/api/v1/tickets", json={"service": "land"})
        for before in ("open", "next"):
            await client.post(f"/api/v1/counters/c1/{before}")
        refused = await client.post(f"/api/v1/counters/c1/{action}", json={"officer": "offcier"})
        state = (await client.get("/api/v1/counters/c1")).json()

    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert (state["status"], state["number"]) == ("calling", "A001")
