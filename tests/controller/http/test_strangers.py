"""What somebody who is not signed in may leave behind, and how much they may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from controller.store.database import FILE
from tests.controller.http.test_tickets import served

if TYPE_CHECKING:
    from pathlib import Path

TICKETS = "/api/v1/tickets"
RATING = {"score": 3, "version": 1}


def stored(path: Path) -> int:
    """Return the bytes of the store with its log."""
    return sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))


async def test_three_thousand_ratings_of_invented_tokens_leave_nothing_behind(house: Any, tmp_path: Path) -> None:
    commits: list[object] = []
    house.parts.engine.listen(commits.append)
    path = tmp_path / FILE
    before = stored(path)

    async with house.client() as client:
        codes = set()
        for number in range(3000):
            house.real_clock.pass_seconds(1)
            answer = await client.post(
                f"{TICKETS}/{number:022d}/rating", json=RATING, headers={"Idempotency-Key": f"k{number}"}
            )
            codes.add((answer.status_code, answer.json()["code"]))

    assert codes == {(404, "not_found")}
    assert commits == []
    assert await house.parts.store.keys() == []
    assert stored(path) - before < 300 * 1024


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
