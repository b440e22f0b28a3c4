"""The configuration, devices, users, the journal, reports, health and metrics over HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

CENTRE = "/api/v1/centre"
REPORT = "/api/v1/reports/throughput?from=2026-11-23&to=2026-11-23&by=service"


async def test_the_configuration_is_read_changed_and_refused_when_stale(house: Any) -> None:
    async with house.client("administrator") as client:
        read = await client.get(CENTRE)
        data = read.json()
        data["service"][1]["name"]["en"] = "Help"
        missing = await client.put(CENTRE, json=data)
        changed = await client.put(CENTRE, json=data, headers={"If-Match": read.headers["etag"]})
        stale = await client.put(CENTRE, json=data, headers={"If-Match": read.headers["etag"]})
        again = await client.get(CENTRE)

    assert read.headers["etag"] == '"1"'
    assert (missing.status_code, stale.status_code) == (428, 412)
    assert (changed.status_code, changed.headers["etag"], again.headers["etag"]) == (200, '"2"', '"2"')
    assert again.json()["service"][1]["name"]["en"] == "Help"


async def test_a_faulty_configuration_is_refused_with_every_fault_and_its_place(house: Any) -> None:
    async with house.client("administrator") as client:
        read = await client.get(CENTRE)
        data = read.json()
        data["service"][0]["group"] = "nowhere"
        data["counter"][0]["services"] = ["nothing"]
        refused = await client.put(CENTRE, json=data, headers={"If-Match": "*"})
        after = await client.get(CENTRE)

    places = {fault["place"] for fault in refused.json()["errors"]}
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_request")
    assert {"service[0].group", "counter[0].services"} <= places
    assert after.json() == read.json()


async def test_a_device_gets_its_password_once_per_key_and_a_new_one_when_posted_again(house: Any) -> None:
    body, key = {"kind": "kiosk", "id": "kiosk-1"}, {"Idempotency-Key": "d1"}
    async with house.client("administrator") as client:
        first = await client.post("/api/v1/devices", json=body, headers=key)
        repeat = await client.post("/api/v1/devices", json=body, headers=key)
        renewed = await client.post("/api/v1/devices", json=body)

    assert first.status_code == 201
    assert first.json() == repeat.json()
    assert set(first.json()) == {"id", "password"}
    assert renewed.json()["password"] != first.json()["password"]
    assert house.broker.granted["kiosk-1"] == renewed.json()["password"]


async def test_a_new_device_enters_the_configuration_and_leaves_it(house: Any) -> None:
    async with house.client("administrator") as client:
        added = await client.post("/api/v1/devices", json={"kind": "sign", "id": "sign-1", "counter": "c1"})
        listed = (await client.get("/api/v1/devices")).json()["items"]
        faulty = await client.post("/api/v1/devices", json={"kind": "sign", "id": "sign-2", "counter": "c99"})
        removed = await client.delete("/api/v1/devices/sign-1")
        unknown = await client.delete("/api/v1/devices/sign-1")

    assert added.status_code == 201
    assert [(one["id"], one["kind"], one["online"]) for one in listed] == [
        ("kiosk-1", "kiosk", False), ("sign-1", "sign", False),
    ]  # fmt: skip
    assert all("password" not in one for one in listed)
    assert (faulty.status_code, removed.status_code, unknown.status_code) == (400, 204, 404)
    assert "sign-1" not in house.broker.granted


async def test_a_user_is_made_signs_in_and_is_gone_at_once_when_removed(house: Any) -> None:
    async with house.client("administrator") as client:
        made = await client.post("/api/v1/users", json={"user": "binh", "role": "officer"})
        token = (await client.post("/api/v1/session", json=made.json())).json()["token"]
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {token}"}
        before = await client.get("/api/v1/counters", headers=bearer)
        removed = await client.delete("/api/v1/users/binh")
        after = await client.get("/api/v1/counters", headers=bearer)
        users = (await client.get("/api/v1/users")).json()["items"]

    assert (made.status_code, before.status_code, removed.status_code, after.status_code) == (201, 200, 204, 401)
    assert {"user": "binh", "role": "officer"} not in users
    assert all(set(user) == {"user", "role"} for user in users)


async def test_the_last_administrator_stays(house: Any) -> None:
    async with house.client("administrator") as client:
        gone = await client.delete("/api/v1/users/administrator")
        lowered = await client.post("/api/v1/users", json={"user": "administrator", "role": "officer"})

    assert (gone.status_code, gone.json()["code"]) == (409, "bad_state")
    assert (lowered.status_code, lowered.json()["code"]) == (409, "bad_state")


async def test_the_journal_is_read_page_by_page_without_tokens(house: Any) -> None:
    async with house.client("supervisor") as client:
        tokens = [(await client.post("/api/v1/tickets", json={"service": "land"})).json()["token"] for _ in range(3)]
        first = (await client.get("/api/v1/events?limit=2")).json()
        rest = await client.get(f"/api/v1/events?after={first['next']}&limit=100")
        empty = (await client.get(f"/api/v1/events?after={rest.json()['next']}")).json()

    assert [event["seq"] for event in first["items"]] == [1, 2]
    assert rest.json()["items"][0]["seq"] == 3
    assert (empty["items"], empty["next"]) == ([], rest.json()["next"])
    event = first["items"][0]
    assert (event["v"], event["centre"], event["epoch"], event["config"]) == (1, "quang-ngai", 1, 1)
    assert (event["type"], event["data"]["number"]) == ("issued", "A001")
    assert event["data"]["issued_at"] == event["at"] == "2026-11-23T01:00:00.000+00:00"
    assert not any(token in rest.text for token in tokens)


@pytest.mark.parametrize("limit", ["0", "1001", "x"])
async def test_a_page_of_no_size_is_a_bad_request(house: Any, limit: str) -> None:
    async with house.client("supervisor") as client:
        answer = await client.get(f"/api/v1/events?limit={limit}")

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_a_report_is_given_as_json_and_as_csv(house: Any) -> None:
    async with house.client("supervisor") as client:
        for service in ("land", "land", "advice"):
            await client.post("/api/v1/tickets", json={"service": service})
        as_json = (await client.get(REPORT)).json()
        as_csv = await client.get(REPORT, headers={"Accept": "text/csv"})
        office = await client.get(f"{REPORT}&labels=vi", headers={"Accept": "text/csv"})

    rows = list(csv.DictReader(io.StringIO(as_csv.text, newline="")))
    assert (as_json["name"], as_json["by"], as_json["total"]["issued"]) == ("throughput", "service", 3)
    assert [(row["key"], int(row["issued"])) for row in rows] == [("advice", 1), ("land", 2)]
    assert as_csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert "throughput-2026-11-23-2026-11-23-service.csv" in as_csv.headers["content-disposition"]
    assert office.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize(
    ("path", "accept", "status", "code"),
    [
        (REPORT, "application/pdf", 406, "bad_request"),
        (REPORT, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 406, "bad_request"),
        ("/api/v1/reports/weather?from=2026-11-23&to=2026-11-23", "*/*", 404, "not_found"),
        ("/api/v1/reports/throughput?from=2026-11-23", "*/*", 400, "bad_request"),
        ("/api/v1/reports/throughput?from=2026-11-23&to=tomorrow", "*/*", 400, "bad_request"),
        ("/api/v1/reports/throughput?from=2026-11-24&to=2026-11-23", "*/*", 400, "bad_request"),
        ("/api/v1/reports/throughput?from=2026-11-23&to=2026-11-23&by=moon", "*/*", 400, "bad_request"),
    ],
)
async def test_what_is_not_made_says_so(house: Any, path: str, accept: str, status: int, code: str) -> None:
    async with house.client("supervisor") as client:
        answer = await client.get(path, headers={"Accept": accept})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


async def test_ready_names_what_keeps_a_ticket_from_being_issued(house: Any) -> None:
    async with house.client() as client:
        alive, ready = await client.get("/api/v1/health"), await client.get("/api/v1/ready")
        house.lacking.append("The broker is not linked.")
        unready, still_alive = await client.get("/api/v1/ready"), await client.get("/api/v1/health")

    assert (alive.status_code, ready.status_code, still_alive.status_code) == (200, 200, 200)
    assert (unready.status_code, unready.json()["code"]) == (503, "try_again")
    assert unready.json()["detail"] == "The broker is not linked."


@pytest.mark.parametrize(
    ("address", "status"),
    [("127.0.0.1", 200), ("127.8.8.8", 200), ("::ffff:127.0.0.1", 200), ("10.0.0.1", 403), ("testclient", 403)],
)
async def test_only_the_monitoring_network_reads_the_metrics(house: Any, address: str, status: int) -> None:
    async with house.client(address=address) as client:
        answer = await client.get("/metrics")

    assert answer.status_code == status
    assert (answer.text == "luot_up 1\n") == (status == 200)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded"])
async def test_a_proxy_on_this_machine_does_not_open_the_metrics_to_its_clients(house: Any, header: str) -> None:
    async with house.client() as client:
        answer = await client.get("/metrics", headers={header: "127.0.0.1"})

    assert answer.status_code == 403
