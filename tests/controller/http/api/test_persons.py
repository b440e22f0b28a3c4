"""The reception desk gives numbers without cards, also where a kiosk asks for one."""

from __future__ import annotations

from typing import Any

TICKETS = "/api/v1/tickets"


async def test_staff_give_as_many_numbers_as_are_needed_where_a_kiosk_gives_one_a_person(house: Any) -> None:
    async with house.client("administrator") as client:
        stored = await client.get("/api/v1/centre")
        changed = stored.json() | {"identity": {"card": True}}
        put = await client.put("/api/v1/centre", json=changed, headers={"If-Match": stored.headers["ETag"]})
        assert put.status_code == 200
        assert (await client.get("/api/v1/centre")).json()["identity"] == {"card": True}
        wrong = changed | {"identity": {"card": True, "services": ["sea"]}}
        refused = await client.put("/api/v1/centre", json=wrong, headers={"If-Match": put.headers["ETag"]})
        assert refused.status_code == 400
        assert "identity.services" in refused.text
    async with house.client("officer") as client:
        given = [await client.post(TICKETS, json={"service": "land"}) for _ in range(3)]
    assert [answer.json()["number"] for answer in given] == ["A001", "A002", "A003"]
