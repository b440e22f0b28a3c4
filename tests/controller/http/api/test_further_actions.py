"""The further actions of a counter over HTTP, with all that they take; and why a number was called."""

from __future__ import annotations

from typing import Any

import pytest

from controller.domain.commands import Action


async def issue(client: Any, **body: Any) -> str:
    return str((await client.post("/api/v1/tickets", json={"service": "land"} | body)).json()["number"])


async def do(client: Any, action: str, **body: Any) -> Any:
    answer = await client.post(f"/api/v1/counters/c1/{action}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def events(house: Any) -> list[dict[str, Any]]:
    async with house.client("supervisor") as client:
        return list((await client.get("/api/v1/events")).json()["items"])


async def test_every_action_of_the_rules_has_an_address(house: Any) -> None:
    async with house.client("officer") as client:
        answers = [await client.post(f"/api/v1/counters/c1/{action}") for action in Action if action != Action.OPEN]

    assert {answer.json()["code"] for answer in answers} <= {"counter_closed", "bad_request", "not_found"}
    assert all(answer.status_code != 404 or "number" in answer.json()["detail"] for answer in answers)


async def test_somebody_without_a_ticket_is_served_with_their_class_and_language(house: Any) -> None:
    async with house.client("officer") as client:
        await do(client, "open")
        state = await do(client, "walk_in", service="land", priority="elderly", lang="en")
        unknown = await client.post("/api/v1/counters/c1/walk_in", json={"service": "land", "priority": "royal"})

    issued = next(event["data"] for event in await events(house) if event["type"] == "issued")
    assert (state["status"], state["number"]) == ("serving", "A001")
    assert (issued["priority"], issued["lang"]) == ("elderly", "en")
    assert unknown.json()["code"] == "bad_request"


async def test_a_visit_goes_on_with_another_service_and_is_handed_over(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
        await do(client, "open")
        await do(client, "next")
        going_on = await do(client, "continue", service="advice", quantity=999)
        handed = await do(client, "hand_over", officer="supervisor")
        late = await client.post("/api/v1/counters/c1/finish")
    async with house.client("supervisor") as client:
        await do(client, "finish")

    told = await events(house)
    assert (going_on["status"], handed["status"], late.json()["code"]) == ("serving", "serving", "not_allowed")
    assert next(event["data"]["quantity"] for event in told if event["type"] == "finished") == 999
    assert told[-1]["data"]["officer"] == "supervisor"


async def test_a_ticket_is_parked_for_minutes_or_sent_to_an_officer(house: Any) -> None:
    async with house.client("officer") as client:
        await issue(client)
        await do(client, "open")
        await do(client, "next")
        await do(client, "park", minutes=5)
        await issue(client)
        await do(client, "next")
        await do(client, "transfer", officer="officer")

    told = {event["type"]: event for event in await events(house)}
    assert told["parked"]["data"]["park_until"] == "2026-11-23T01:05:00.000+00:00"
    assert told["transferred"]["data"]["to"] == "officer:officer"


@pytest.mark.parametrize("quantity", [0, 1000])
async def test_a_quantity_outside_of_1_to_999_is_refused(house: Any, quantity: int) -> None:
    async with house.client("officer") as client:
        await issue(client)
        await do(client, "open")
        await do(client, "next")
        answer = await client.post("/api/v1/counters/c1/finish", json={"quantity": quantity})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_why_a_number_was_called_is_told_in_both_languages(house: Any) -> None:
    address = "/api/v1/counters/c1/why"
    async with house.client("officer") as client:
        await issue(client)
        house.clock.pass_seconds(60)
        await issue(client, priority="elderly")
        house.clock.pass_seconds(240)
        await do(client, "open")
        idle = await client.get(address)
        await do(client, "next")
        first = (await client.get(address)).json()
        await do(client, "call", number="A001", reason="Đi cùng người ốm")
        second = (await client.get(address)).json()
        again = (await client.get(address, params={"visit": first["visit"]})).json()
        elsewhere = await client.get("/api/v1/counters/c2/why", params={"visit": first["visit"]})
    async with house.client() as client:
        stranger = await client.get(address)

    assert (idle.status_code, idle.json()["code"]) == (409, "bad_state")
    assert {name: first[name] for name in ("number", "rule", "score", "second", "overtook", "manual", "reason")} == {
        "number": "A002", "rule": "score", "score": 720_000.0, "second": "A001", "overtook": 1, "manual": False,
        "reason": None,
    }  # fmt: skip
    assert first["text"]["vi"] == (
        "Điểm chờ cao nhất: 12 phút có trọng số. Kế tiếp: A001. Vượt 1 số đến trước cùng dịch vụ."
    )
    assert first["text"]["en"].startswith("Highest waiting score: 12 weighted minutes. Next in line: A001.")
    assert (second["rule"], second["manual"], second["reason"]) == ("manual", True, "other")
    assert "Lý do: Đi cùng người ốm. Không còn ai khác chờ quầy này." in second["text"]["vi"]
    assert again == first
    assert (elsewhere.status_code, stranger.status_code) == (404, 401)
