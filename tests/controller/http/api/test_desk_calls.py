"""Counters, their actions, and the people who wait."""

from __future__ import annotations

from typing import Any

import pytest

STATE = {"counter", "label", "status", "number", "recall", "since", "waiting", "reason", "ended"}


async def issue(client: Any, service: str = "land") -> str:
    return str((await client.post("/api/v1/tickets", json={"service": service})).json()["number"])


async def do(client: Any, action: str, **body: Any) -> Any:
    return await client.post(f"/api/v1/counters/c1/{action}", json=body)


async def test_a_turn_at_a_counter_gives_its_state_at_each_step(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
        steps = [await do(client, action) for action in ("open", "next", "recall", "start", "finish", "close")]

    assert [step.status_code for step in steps] == [200] * 6
    assert all(set(step.json()) == STATE for step in steps)
    assert [step.json()["status"] for step in steps] == ["open", "calling", "calling", "serving", "open", "closed"]
    assert [step.json()["number"] for step in steps] == [None, "A001", "A001", "A001", None, None]
    assert steps[2].json()["recall"] == 1
    assert steps[4].json()["ended"]["number"] == "A001"


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("/api/v1/counters/c9", "not_found"),
        ("/api/v1/counters/c9/open", "not_found"),
        ("/api/v1/counters/c1/dance", "not_found"),
    ],
)
async def test_what_does_not_exist_is_not_found(house: Any, path: str, code: str) -> None:
    async with house.client("officer") as client:
        answer = await (client.get(path) if path.endswith("c9") else client.post(path))

    assert (answer.status_code, answer.json()["code"]) == (404, code)


async def test_an_action_on_another_number_than_the_one_seen_does_nothing(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
        await do(client, "open")
        await do(client, "next", **{"for": None})
        stale = await do(client, "finish", **{"for": None})
        other = await do(client, "finish", **{"for": "A009"})
        right = await do(client, "finish", **{"for": "A001"})

    assert [answer.status_code for answer in (stale, other, right)] == [409, 409, 200]
    assert stale.json()["code"] == other.json()["code"] == "bad_state"


async def test_a_repeated_next_with_one_key_calls_one_person(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
        await issue(client)
        await do(client, "open")
        address, key = "/api/v1/counters/c1/next", {"Idempotency-Key": "n1"}
        first = await client.post(address, headers=key)
        second = await client.post(address, headers=key)
        waiting = (await client.get("/api/v1/waiting")).json()["items"]

    assert first.json() == second.json()
    assert [ticket["number"] for ticket in waiting] == ["A002"]


async def test_refusals_carry_the_contracts_codes(house: Any) -> None:
    async with house.client("officer") as client:
        closed = await do(client, "next")
        await do(client, "open")
        nobody = await do(client, "next")
        wrong = await do(client, "start")
    await house.parts.accounts.add("other", house.parts.accounts.everybody()[1].role, "correct horse")
    token, _ = await house.parts.accounts.sign_in("other", "correct horse", "x")
    house.tokens["other"] = token
    async with house.client("other") as client:
        foreign = await do(client, "close")
    async with house.client("supervisor") as client:
        above = await do(client, "close")

    answers = (closed, nobody, wrong, foreign)
    assert [answer.json()["code"] for answer in answers] == [
        "counter_closed", "nothing_waiting", "bad_state", "not_allowed",
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [409, 409, 409, 403]
    assert above.status_code == 200


async def test_the_waiting_list_shows_who_may_still_be_called_and_no_tokens(house: Any) -> None:
    async with house.client("officer") as client:
        for service in ("land", "land", "advice", "land"):
            await issue(client, service)
        await do(client, "open")
        await do(client, "next")
        await do(client, "park")
        await do(client, "next")
        await do(client, "no_show")
        everybody = (await client.get("/api/v1/waiting")).json()["items"]
        advice = (await client.get("/api/v1/waiting?service=advice")).json()["items"]
        unknown = await client.get("/api/v1/waiting?service=nothing")

    assert [(one["number"], one["status"]) for one in everybody] == [
        ("X001", "waiting"), ("A003", "waiting"), ("A001", "parked"), ("A002", "no_show"),
    ]  # fmt: skip
    assert all("token" not in one for one in everybody)
    assert [one["number"] for one in advice] == ["X001"]
    assert unknown.json()["code"] == "unknown_service"


async def test_another_priority_needs_a_reason_and_shows_in_the_list(house: Any) -> None:
    async with house.client("officer") as client:
        number = await issue(client)
        silent = await client.post(f"/api/v1/waiting/{number}/priority", json={"priority": "elderly"})
        told = await client.post(
            f"/api/v1/waiting/{number}/priority", json={"priority": "elderly", "reason": "shown a card"}
        )
        unknown = await client.post(
            "/api/v1/waiting/A999/priority", json={"priority": "elderly", "reason": "shown a card"}
        )
        listed = (await client.get("/api/v1/waiting")).json()["items"]

    assert (silent.status_code, silent.json()["code"]) == (400, "bad_request")
    assert (told.status_code, told.json()["priority"]) == (200, "elderly")
    assert "token" not in told.json()
    assert unknown.json()["code"] == "not_found"
    assert listed[0]["priority"] == "elderly"


async def test_anyone_sees_the_queues(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
    async with house.client() as client:
        queues = (await client.get("/api/v1/queues")).json()["items"]

    assert [(queue["service"], queue["waiting"], queue["open"]) for queue in queues] == [
        ("land", 1, True), ("advice", 0, True),
    ]  # fmt: skip
