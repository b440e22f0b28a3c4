"""What somebody who is not signed in may leave behind, and how much they may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import structlog

from controller.store.database import FILE
from tests.controller.http.api.test_tickets import served
from tests.support.examples import LONG

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, MutableMapping
    from pathlib import Path

TICKETS = "/api/v1/tickets"
MANY = 3000 if LONG else 300
"""Ratings of invented tokens: whether they leave something shows at any number of them."""
PER_RATING = 100
"""Bytes by which the store may grow for each: fewer than a row of a table has."""
RATING = {"score": 3, "version": 1}


def stored(path: Path) -> int:
    """Return the bytes of the store with its log."""
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


async def test_ratings_of_invented_tokens_leave_nothing_behind(house: Any, tmp_path: Path) -> None:
    commits: list[object] = []
    house.parts.engine.listen(commits.append)
    path = tmp_path / FILE
    before = stored(path)

    async with house.client() as client:
        codes = set()
        for number in range(MANY):
            house.real_clock.pass_seconds(1)
            answer = await client.post(
                f"{TICKETS}/{number:022d}/rating", json=RATING, headers={"Idempotency-Key": f"k{number}"}
            )
            codes.add((answer.status_code, answer.json()["code"]))

    assert codes == {(404, "not_found")}
    assert commits == []
    assert await house.parts.store.keys() == []
    assert stored(path) - before < MANY * PER_RATING


async def test_the_form_of_an_invented_token_leaves_nothing_behind(house: Any) -> None:
    commits: list[object] = []
    house.parts.engine.listen(commits.append)

    async with house.client() as client:
        answer = await client.post(f"/t/{'x' * 22}/rating", data={"score": "3", "version": "1", "key": "k"})

    assert answer.headers["location"].endswith("told=not_found")
    assert commits == []


@pytest.mark.parametrize("token", ["x" * 21, "x" * 65, "x" * 10_000, "đ" * 22])
async def test_what_has_not_the_shape_of_a_token_is_never_looked_for_on_disk(
    house: Any, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def touched(*_: object) -> None:
        raise AssertionError("the disk was asked")

    monkeypatch.setattr(type(house.parts.store), "past", touched)
    monkeypatch.setattr(type(house.parts.store), "day_of", touched)

    async with house.client() as client:
        shown = await client.get(f"{TICKETS}/{token}")
        page = await client.get(f"/t/{token}")
        rated = await client.post(f"{TICKETS}/{token}/rating", json=RATING)

    assert [answer.status_code for answer in (shown, page, rated)] == [404, 404, 404]


async def test_a_slip_has_room_for_32_answers_and_keeps_its_first(house: Any) -> None:
    async with house.client("officer") as officer:
        token = (await served(officer))["token"]
    url = f"{TICKETS}/{token}/rating"

    async with house.client() as client:
        first = await client.post(url, json=RATING, headers={"Idempotency-Key": "first"})
        further = [
            (await client.post(url, json=RATING, headers={"Idempotency-Key": f"k{number}"})).json()["code"]
            for number in range(40)
        ]
        again = await client.post(url, json=RATING, headers={"Idempotency-Key": "first"})

    assert further == ["already_rated"] * 31 + ["try_again"] * 9
    assert again.json() == first.json()
    assert len([sender for sender, _, _ in await house.parts.store.keys() if sender.startswith("http:holder ")]) == 32


async def test_a_slip_of_yesterday_still_gets_its_first_answer(house: Any) -> None:
    async with house.client("officer") as officer:
        token = (await served(officer))["token"]
        house.clock.pass_seconds(24 * 3600)
        await officer.post(TICKETS, json={"service": "land"})
    async with house.client() as client:
        answers = [
            await client.post(f"{TICKETS}/{token}/rating", json=RATING, headers={"Idempotency-Key": "k"})
            for _ in range(2)
        ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(409, "not_rateable")] * 2


async def test_an_address_without_a_session_has_a_budget_and_staff_there_have_none(house: Any) -> None:
    assert [house.parts.budget.spend("127.0.0.1") for _ in range(990)] == [0.0] * 990
    async with house.client() as client:
        codes = [(await client.get("/api/v1/queues")).status_code for _ in range(20)]
        refused = await client.get("/api/v1/queues", headers={"Authorization": "Bearer made-up"})
    async with house.client("officer") as officer:
        at_work = await officer.get("/api/v1/counters")
    async with house.client(address="192.0.2.7") as client:
        elsewhere = await client.get("/api/v1/queues")
    house.real_clock.pass_seconds(1)
    async with house.client() as client:
        later = await client.get("/api/v1/queues")

    assert codes == [200] * 10 + [503] * 10
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.json()["code"], refused.headers["retry-after"]) == ("try_again", "1")
    assert "content-security-policy" in refused.headers
    assert (at_work.status_code, elsewhere.status_code, later.status_code) == (200, 200, 200)
    assert house.parts.strangers == {"rate": 11}


@pytest.mark.parametrize("length", ["told", "untold"])
async def test_a_stranger_sends_little_and_an_administrator_a_whole_configuration(house: Any, length: str) -> None:
    body = b'{"score": 3, "version": 1, "comment": "' + b"x" * 70_000 + b'"}'

    async def piecewise() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    headers = {"Content-Type": "application/json"}
    async with house.client() as client:
        content = body if length == "told" else piecewise()
        large = await client.post(f"{TICKETS}/{'x' * 22}/rating", content=content, headers=headers)
    async with house.client("administrator") as administrator:
        content = body if length == "told" else piecewise()
        read = await administrator.put("/api/v1/centre", content=content, headers={**headers, "If-Match": '"1"'})

    assert (large.status_code, large.json()["code"]) == (413, "bad_request")
    assert read.status_code == 400


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/api/v1/session"), ("POST", f"/t/{'x' * 22}/rating"), ("PUT", "/api/v1/centre")]
)
async def test_a_call_whose_body_never_comes_fills_no_log(house: Any, method: str, path: str) -> None:
    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}])
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(messages, {"type": "http.disconnect"})

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"authorization", f"Bearer {house.tokens['administrator']}".encode())], "client": ("::1", 1),
        "scheme": "http", "server": ("hall.test", 80), "root_path": "", "http_version": "1.1",
    }  # fmt: skip
    with structlog.testing.capture_logs() as logs:
        await house.app(scope, receive, send)

    assert sent[0]["status"] == 400
    assert logs == []
