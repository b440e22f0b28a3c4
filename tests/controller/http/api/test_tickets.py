"""Tickets over HTTP: given once per key, looked up today and later, rated once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from controller.domain.commands import Tick

TICKETS = "/api/v1/tickets"
FIELDS = {
    "id", "number", "token", "service", "priority", "status", "channel", "lang", "issued_at", "position", "wait",
    "counter", "counters",
}  # fmt: skip


async def served(client: Any) -> dict[str, Any]:
    ticket: dict[str, Any] = (await client.post(TICKETS, json={"service": "land"})).json()
    for action in ("open", "next", "finish"):
        assert (await client.post(f"/api/v1/counters/c1/{action}")).status_code == 200
    return ticket


async def test_a_ticket_of_the_reception_has_the_contracts_fields(house: Any) -> None:
    async with house.client("officer") as client:
        answer = await client.post(TICKETS, json={"service": "land", "priority": "elderly", "lang": "en"})

    ticket = answer.json()
    assert answer.status_code == 201
    assert set(ticket) == FIELDS
    assert (ticket["number"], ticket["status"], ticket["channel"]) == ("A001", "waiting", "reception")
    assert (ticket["priority"], ticket["lang"], ticket["position"]) == ("elderly", "en", 1)
    assert ticket["counters"] == ["c1", "c2"]


async def test_the_same_key_gives_the_same_ticket_once(house: Any) -> None:
    async with house.client("officer") as client:
        answers = await asyncio.gather(
            *(client.post(TICKETS, json={"service": "land"}, headers={"Idempotency-Key": "a"}) for _ in range(5))
        )
        spaced = await client.post(
            TICKETS, content=b'{ "service" : "land" }',
            headers={"Idempotency-Key": "a", "Content-Type": "application/json"},
        )  # fmt: skip
        other = await client.post(TICKETS, json={"service": "advice"}, headers={"Idempotency-Key": "a"})
        waiting = (await client.get("/api/v1/waiting")).json()["items"]

    assert {answer.json()["id"] for answer in [*answers, spaced]} == {answers[0].json()["id"]}
    assert {answer.status_code for answer in answers} == {201}
    assert (other.status_code, other.json()["code"]) == (400, "bad_request")
    assert len(waiting) == 1


async def test_two_users_may_use_the_same_key(house: Any) -> None:
    numbers = []
    for user in ("officer", "supervisor"):
        async with house.client(user) as client:
            answer = await client.post(TICKETS, json={"service": "land"}, headers={"Idempotency-Key": "a"})
            numbers.append(answer.json()["number"])

    assert numbers == ["A001", "A002"]


async def test_a_refusal_is_remembered_with_its_key(house: Any) -> None:
    async with house.client("officer") as client:
        house.clock.pass_seconds(12 * 3600)
        closed = await client.post(TICKETS, json={"service": "land"}, headers={"Idempotency-Key": "late"})
        house.clock.pass_seconds(12 * 3600)
        repeated = await client.post(TICKETS, json={"service": "land"}, headers={"Idempotency-Key": "late"})

    assert (closed.status_code, closed.json()["code"]) == (409, "centre_closed")
    assert repeated.json()["code"] == "centre_closed"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"service": "nowhere"}, 404, "unknown_service"),
        ({"service": "land", "priority": "royal"}, 400, "bad_request"),
        ({"service": 7}, 400, "bad_request"),
        ({}, 400, "bad_request"),
        ([], 400, "bad_request"),
    ],
)
async def test_a_ticket_that_cannot_be_given_is_a_problem(house: Any, body: Any, status: int, code: str) -> None:
    async with house.client("officer") as client:
        answer = await client.post(TICKETS, json=body)

    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_the_holder_sees_the_ticket_today_and_on_a_later_day(house: Any) -> None:
    async with house.client("officer") as client:
        token = (await client.post(TICKETS, json={"service": "land"})).json()["token"]
        today = (await client.get(f"{TICKETS}/{token}")).json()
        house.clock.pass_seconds(24 * 3600)
        await client.post(TICKETS, json={"service": "land"})
    async with house.client() as client:
        later = await client.get(f"{TICKETS}/{token}")

    assert (today["number"], today["status"], today["position"]) == ("A001", "waiting", 1)
    assert later.status_code == 200
    assert (later.json()["number"], later.json()["status"], later.json()["position"]) == ("A001", "expired", None)
    assert set(later.json()) == FIELDS


async def test_nobody_finds_a_ticket_by_a_wrong_token(house: Any) -> None:
    async with house.client() as client:
        answer = await client.get(f"{TICKETS}/{'x' * 22}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_served_ticket_is_rated_once(house: Any) -> None:
    async with house.client("officer") as officer:
        token = (await served(officer))["token"]
    async with house.client() as client:
        headers = {"Idempotency-Key": "mine"}
        rated = await client.post(f"{TICKETS}/{token}/rating", json={"score": 3, "version": 1}, headers=headers)
        repeated = await client.post(f"{TICKETS}/{token}/rating", json={"score": 3, "version": 1}, headers=headers)
        again = await client.post(f"{TICKETS}/{token}/rating", json={"score": 2, "version": 1})

    assert rated.status_code == 200
    assert repeated.json() == rated.json()
    assert (again.status_code, again.json()["code"]) == (409, "already_rated")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"score": 1, "version": 1}, "bad_request"),
        ({"score": 9, "version": 1}, "bad_request"),
        ({"score": 3, "version": 2}, "bad_request"),
        ({"score": 3}, "bad_request"),
    ],
)
async def test_a_rating_off_the_scale_is_refused(house: Any, body: dict[str, int], code: str) -> None:
    async with house.client("officer") as client:
        token = (await served(client))["token"]
        answer = await client.post(f"{TICKETS}/{token}/rating", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, code)


async def test_yesterdays_visit_is_no_longer_rateable(house: Any) -> None:
    async with house.client("officer") as client:
        token = (await served(client))["token"]
        house.clock.pass_seconds(24 * 3600)
        await house.parts.engine.do(Tick())
        answer = await client.post(f"{TICKETS}/{token}/rating", json={"score": 3, "version": 1})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_rateable")


async def test_no_token_stands_in_what_is_kept_of_a_rating_key(house: Any) -> None:
    async with house.client("officer") as client:
        token = (await served(client))["token"]
        await client.post(
            f"{TICKETS}/{token}/rating", json={"score": 3, "version": 1}, headers={"Idempotency-Key": "k"}
        )

    senders = {sender for sender, _, _ in await house.parts.store.keys()}

    assert any(sender.startswith("http:holder ") for sender in senders)
    assert not any(token in sender for sender in senders)


async def test_what_is_optional_may_be_null(house: Any) -> None:
    body = {"service": "land", "priority": None, "lang": None, "dossier": None, "printer": None}
    async with house.client("officer") as client:
        answer = await client.post(TICKETS, json=body)

    assert answer.status_code == 201
    assert (answer.json()["priority"], answer.json()["lang"]) == ("normal", "vi")


@pytest.mark.parametrize(
    ("printer", "status", "code"),
    [
        ("", 400, "bad_request"),
        ("Máy in 1", 400, "bad_request"),
        ("p" * 64, 400, "bad_request"),
        ("printer-9", 404, "not_found"),
        ("kiosk-1", 400, "bad_request"),
    ],
)
async def test_a_ticket_is_printed_only_at_a_printer_of_the_centre(
    house: Any, printer: str, status: int, code: str
) -> None:
    async with house.client("officer") as client:
        answer = await client.post(TICKETS, json={"service": "land", "printer": printer})
        waiting = (await client.get("/api/v1/waiting")).json()["items"]

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert waiting == []
