"""Who may call what: every route of the served document against nobody and each role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from typing import Any

ANYONE, OFFICER, SUPERVISOR, ADMINISTRATOR = range(4)
CALLERS = (None, "officer", "supervisor", "administrator")

TABLE = {
    ("POST", "/api/v1/session"): ANYONE,
    ("DELETE", "/api/v1/session"): OFFICER,
    ("POST", "/api/v1/tickets"): OFFICER,
    ("GET", "/api/v1/tickets/{token}"): ANYONE,
    ("POST", "/api/v1/tickets/{token}/rating"): ANYONE,
    ("GET", "/api/v1/queues"): ANYONE,
    ("GET", "/api/v1/procedures"): ANYONE,
    ("GET", "/api/v1/counters"): OFFICER,
    ("GET", "/api/v1/counters/{counter}"): OFFICER,
    ("GET", "/api/v1/counters/{counter}/why"): OFFICER,
    ("POST", "/api/v1/counters/{counter}/{action}"): OFFICER,
    ("GET", "/api/v1/waiting"): OFFICER,
    ("POST", "/api/v1/waiting/{number}/priority"): OFFICER,
    ("GET", "/api/v1/events"): SUPERVISOR,
    ("GET", "/api/v1/reports/{name}"): SUPERVISOR,
    ("GET", "/api/v1/closings/{day}"): SUPERVISOR,
    ("GET", "/api/v1/centre"): ADMINISTRATOR,
    ("PUT", "/api/v1/centre"): ADMINISTRATOR,
    ("GET", "/api/v1/devices"): ADMINISTRATOR,
    ("POST", "/api/v1/devices"): ADMINISTRATOR,
    ("DELETE", "/api/v1/devices/{device}"): ADMINISTRATOR,
    ("GET", "/api/v1/clock"): ADMINISTRATOR,
    ("POST", "/api/v1/clock/accept"): ADMINISTRATOR,
    ("GET", "/api/v1/users"): ADMINISTRATOR,
    ("POST", "/api/v1/users"): ADMINISTRATOR,
    ("DELETE", "/api/v1/users/{user}"): ADMINISTRATOR,
    ("GET", "/api/v1/health"): ANYONE,
    ("GET", "/api/v1/ready"): ANYONE,
    ("GET", "/metrics"): ANYONE,
}

BODIES: dict[tuple[str, str], Any] = {
    ("POST", "/api/v1/session"): {"user": "officer", "password": "correct horse"},
    ("POST", "/api/v1/tickets"): {"service": "land"},
    ("POST", "/api/v1/tickets/{token}/rating"): {"score": 3, "version": 1},
    ("POST", "/api/v1/counters/{counter}/{action}"): {},
    ("POST", "/api/v1/waiting/{number}/priority"): {"priority": "elderly", "reason": "shown a card"},
    ("PUT", "/api/v1/centre"): {},
    ("POST", "/api/v1/devices"): {"kind": "board", "id": "board-9", "zone": "hall"},
    ("POST", "/api/v1/clock/accept"): {"shown": "2026-11-23T08:00:00+07:00"},
    ("POST", "/api/v1/users"): {"user": "new", "role": "officer"},
}
PLACES = {
    "token": "x" * 22, "counter": "c1", "action": "open", "number": "A001", "name": "throughput", "day": "2026-11-23",
    "device": "kiosk-1", "user": "nobody-of-this-name",
}  # fmt: skip


async def test_the_table_names_every_route_that_is_served(house: Any) -> None:
    async with house.client() as client:
        document = (await client.get("/api/v1/openapi.json")).json()

    served = {(method.upper(), path) for path, methods in document["paths"].items() for method in methods}

    assert served == set(TABLE)


@pytest.mark.parametrize("caller", range(4), ids=["nobody", "officer", "supervisor", "administrator"])
async def test_a_role_may_do_what_the_contract_says(house: Any, caller: int) -> None:
    last = ("DELETE", "/api/v1/session")
    answers = {}
    async with house.client(CALLERS[caller]) as client:
        for method, path in [*sorted(TABLE.keys() - {last}), last]:
            address = path.format(**PLACES) + ("?from=2026-11-23&to=2026-11-23" if "reports" in path else "")
            answers[method, path] = await client.request(method, address, json=BODIES.get((method, path)))
            client.cookies.clear()

    for route, answer in answers.items():
        if caller >= TABLE[route]:
            assert answer.status_code not in (401, 403, 500), (route, answer.text)
        else:
            assert answer.status_code == (401 if caller == ANYONE else 403), (route, answer.text)
            assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("caller", range(4), ids=["nobody", "officer", "supervisor", "administrator"])
@pytest.mark.parametrize(
    ("path", "needed"),
    [("/desk", OFFICER), ("/desk/c1", OFFICER), ("/reports", SUPERVISOR), ("/reports/throughput.csv", SUPERVISOR)],
)
async def test_a_page_leads_strangers_to_sign_in_and_refuses_lower_roles(
    house: Any, path: str, needed: int, caller: int
) -> None:
    async with house.client(CALLERS[caller]) as client:
        answer = await client.get(path)

    if caller >= needed:
        assert answer.status_code == 200
    elif caller == ANYONE:
        assert (answer.status_code, answer.headers["location"][:14]) == (303, "/sign-in?next=")
    else:
        assert answer.status_code == 403


async def test_the_document_tells_each_calls_role_and_every_posts_key(house: Any) -> None:
    async with house.client() as client:
        document = (await client.get("/api/v1/openapi.json")).json()

    names = {OFFICER: "officer", SUPERVISOR: "supervisor", ADMINISTRATOR: "administrator"}
    for (method, path), needed in TABLE.items():
        operation = document["paths"][path][method.lower()]
        assert operation.get("x-role") == names.get(needed), (method, path)
        assert ("security" in operation) == (needed != ANYONE)
        takes = {parameter["name"] for parameter in operation.get("parameters", ())}
        assert ("Idempotency-Key" in takes) == (method == "POST"), (method, path)
    assert set(document["components"]["securitySchemes"]) == {"bearer", "cookie"}
