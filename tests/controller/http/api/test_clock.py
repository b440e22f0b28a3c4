"""A clock that is not believed, as staff see it, and the administrator's word for it."""

from __future__ import annotations

from typing import Any

import pytest

from broker.contract.times import parse_instant

YEAR_2036 = "2036-03-06T08:00:00.000+07:00"
BANNER = {"vi": "Giờ máy chủ (08:00 06/03/2036) chưa được xác nhận", "en": "time (08:00 06/03/2036) is not confirmed"}


@pytest.fixture
async def held(house: Any) -> Any:
    """The house after its first ticket, with a clock that then jumps ten years."""
    async with house.client("officer") as client:
        assert (await client.post("/api/v1/tickets", json={"service": "land"})).status_code == 201
    house.clock.at = parse_instant(YEAR_2036)
    return house


async def test_nothing_is_issued_and_services_are_shown_closed(held: Any) -> None:
    async with held.client("officer") as client:
        refused = await client.post("/api/v1/tickets", json={"service": "land"}, headers={"Idempotency-Key": "k"})
        queues = (await client.get("/api/v1/queues")).json()["items"]

    assert (refused.status_code, refused.json()["code"]) == (503, "try_again")
    assert "luot clock accept" in refused.json()["detail"]
    assert [(queue["open"], queue["wait"]) for queue in queues] == [(False, None)] * 2


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_an_action_is_refused_with_the_words_of_the_banner_in_the_callers_language(held: Any, lang: str) -> None:
    async with held.client("officer") as client:
        answer = await client.post("/api/v1/counters/c1/open", json={}, headers={"Accept-Language": lang})
    held.clock.at = parse_instant("2026-11-23T08:01:00+07:00")
    async with held.client("officer") as client:
        fine = await client.post("/api/v1/counters/c1/open", json={}, headers={"Accept-Language": lang})

    assert (answer.status_code, answer.json()["code"]) == (503, "try_again")
    assert BANNER[lang] in answer.json()["title"]
    assert fine.status_code == 200


async def test_an_administrator_sees_and_accepts_it_and_work_goes_on(held: Any) -> None:
    async with held.client("administrator") as client:
        before = (await client.get("/api/v1/clock")).json()
        accepted = await client.post("/api/v1/clock/accept", json={"shown": before["now"]})
        issued = await client.post("/api/v1/tickets", json={"service": "land"})

    assert before["held"] is True
    assert parse_instant(before["now"]) == parse_instant(YEAR_2036)
    assert parse_instant(before["since"]) == parse_instant("2026-11-23T08:00:00+07:00")
    assert (accepted.status_code, accepted.json()["held"]) == (200, False)
    assert issued.status_code == 201
    assert issued.json()["issued_at"].startswith("2036-03-06")


async def test_another_time_than_the_one_that_was_seen_is_not_accepted(held: Any) -> None:
    async with held.client("administrator") as client:
        answer = await client.post("/api/v1/clock/accept", json={"shown": "2026-11-23T08:00:00+07:00"})
        after = (await client.get("/api/v1/clock")).json()

    assert (answer.status_code, answer.json()["code"]) == (409, "bad_state")
    assert after["held"] is True


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_the_pages_of_the_staff_say_it_across_their_top(held: Any, lang: str) -> None:
    async with held.client("administrator") as client:
        pages = [(await client.get(f"{path}?lang={lang}")).text for path in ("/desk", "/reports", "/clock")]
    held.clock.at = parse_instant("2026-11-23T08:01:00+07:00")
    async with held.client("administrator") as client:
        fine = [(await client.get(f"{path}?lang={lang}")).text for path in ("/desk", "/reports", "/clock")]

    assert all(BANNER[lang] in page for page in pages)
    assert 'href="/clock"' in pages[0]
    assert "data-accept=" in pages[2]
    assert not any("2036" in page for page in fine)


async def test_only_administrators_have_the_page(held: Any) -> None:
    async with held.client("supervisor") as client:
        page = await client.get("/clock")
        desk = await client.get("/desk")

    assert page.status_code == 403
    assert 'href="/clock"' not in desk.text


@pytest.mark.parametrize("lang", ["vi", "en"])
async def test_the_pages_say_that_the_journal_is_later_than_the_clock(house: Any, lang: str) -> None:
    async with house.client("administrator") as client:
        assert (await client.post("/api/v1/tickets", json={"service": "land"})).status_code == 201
        house.clock.at = parse_instant("2026-11-23T07:00:00+07:00")
        await house.parts.engine.ask(lambda hall, _: house.parts.engine.guard.look(hall.last_at))
        pages = [(await client.get(f"{path}?lang={lang}")).text for path in ("/desk", "/reports", "/clock")]

    told = {
        "vi": "Nhật ký có mục ghi sau giờ hiện tại 07:00 23/11/2026",
        "en": "later than the present time 07:00 23/11",
    }
    assert all(told[lang] in page and "luot clock back" in page for page in pages)
    assert "data-accept=" not in pages[2]


async def test_officers_are_sent_to_an_administrator_who_is_sent_to_the_clock(held: Any) -> None:
    async with held.client("officer") as officer, held.client("administrator") as administrator:
        told, chief = [(await client.get("/desk?lang=vi")).text for client in (officer, administrator)]

    assert "Báo quản trị viên." in told
    assert "Báo quản trị viên." not in chief
    assert "Kiểm tra giờ" in chief
