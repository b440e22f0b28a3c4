"""Signing in and out: cookie and bearer token, the guard against forged requests, patience with wrong passwords."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

SIGN_IN = {"user": "officer", "password": "correct horse"}
URL = "/api/v1/session"


async def test_the_token_of_a_sign_in_lets_a_program_in_and_sign_out_ends_it(house: Any) -> None:
    async with house.client() as client:
        answer = await client.post(URL, json=SIGN_IN)
        client.cookies.clear()
        bearer = {"Authorization": f"Bearer {answer.json()['token']}"}

        before = await client.get("/api/v1/counters", headers=bearer)
        gone = await client.delete(URL, headers=bearer)
        after = await client.get("/api/v1/counters", headers=bearer)

    assert (answer.status_code, before.status_code, gone.status_code, after.status_code) == (200, 200, 204, 401)
    assert after.json()["code"] == "no_session"
    assert after.headers["www-authenticate"].startswith("Bearer")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(house: Any) -> None:
    async with house.client() as client:
        cookie = (await client.post(URL, json=SIGN_IN)).headers["set-cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Max-Age=43200" in cookie


async def test_over_https_the_cookie_is_secure(house: Any) -> None:
    async with house.client() as client:
        cookie = (await client.post(f"https://hall.test{URL}", json=SIGN_IN)).headers["set-cookie"]

    assert "Secure" in cookie


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"X-CSRF-Token": "guessed"}, 403),
        ({"X-CSRF-Token": "TOKEN"}, 201),
        ({"X-CSRF-Token": "TOKEN", "Origin": "http://hall.test"}, 201),
        ({"X-CSRF-Token": "TOKEN", "Origin": "http://evil.test"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Origin": "null"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"X-CSRF-Token": "TOKEN", "Sec-Fetch-Site": "same-origin"}, 201),
    ],
)
async def test_a_change_by_cookie_needs_the_sessions_own_csrf_token(
    house: Any, headers: dict[str, str], status: int
) -> None:
    async with house.client() as client:
        csrf = (await client.post(URL, json=SIGN_IN)).json()["csrf"]
        sent = {name: value.replace("TOKEN", csrf) for name, value in headers.items()}

        answer = await client.post("/api/v1/tickets", json={"service": "land"}, headers=sent)
        waiting = await client.get("/api/v1/waiting")

    assert answer.status_code == status, answer.text
    assert len(waiting.json()["items"]) == (1 if status == 201 else 0)


async def test_a_foreign_page_cannot_sign_a_visitor_in(house: Any) -> None:
    async with house.client() as client:
        answer = await client.post(URL, json=SIGN_IN, headers={"Origin": "http://evil.test"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("user", ["officer", "nobody-of-this-name"])
async def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(house: Any, user: str) -> None:
    async with house.client() as client:
        answer = await client.post(URL, json={"user": user, "password": "guess"})

    assert (answer.status_code, answer.json()["code"]) == (401, "no_session")
    assert answer.json()["detail"] == "User and password do not fit."


async def test_after_some_wrong_passwords_even_the_right_one_has_to_wait(house: Any) -> None:
    async with house.client() as client:
        for _ in range(5):
            assert (await client.post(URL, json=SIGN_IN | {"password": "guess"})).status_code == 401
        slowed = await client.post(URL, json=SIGN_IN)
        house.real_clock.pass_seconds(6)
        later = await client.post(URL, json=SIGN_IN)

    assert (slowed.status_code, slowed.json()["code"]) == (503, "try_again")
    assert 1 <= int(slowed.headers["retry-after"]) <= 6
    assert later.status_code == 200


async def test_wrong_passwords_from_one_address_do_not_keep_the_officer_out_elsewhere(house: Any) -> None:
    async with house.client(address="10.0.0.66") as stranger:
        for _ in range(6):
            await stranger.post(URL, json=SIGN_IN | {"password": "guess"})
    async with house.client(address="10.0.0.7") as officer:
        answer = await officer.post(URL, json=SIGN_IN)

    assert answer.status_code == 200


async def test_a_session_ends_after_twelve_real_hours(house: Any) -> None:
    async with house.client("officer") as client:
        house.clock.pass_seconds(13 * 3600)
        driven = await client.get("/api/v1/counters")
        house.real_clock.pass_seconds(12 * 3600)
        real = await client.get("/api/v1/counters")

    assert (driven.status_code, real.status_code) == (200, 401)


async def test_a_repeated_sign_in_with_one_key_opens_one_session(house: Any) -> None:
    key = {"Idempotency-Key": "k1"}
    async with house.client() as client:
        first = await client.post(URL, json=SIGN_IN, headers=key)
        second = await client.post(URL, json=SIGN_IN, headers=key)
        other = await client.post(URL, json=SIGN_IN | {"password": "guess"}, headers=key)

    assert first.json()["token"] == second.json()["token"]
    assert (other.status_code, other.json()["code"]) == (400, "bad_request")


async def test_of_35_wrong_passwords_side_by_side_five_are_judged(house: Any) -> None:
    judged: list[str] = []
    verify = house.parts.accounts._hasher.verify

    async def counted(password: str, hashed: str | None) -> bool:
        judged.append(password)
        fits: bool = await verify(password, hashed)
        return fits

    house.parts.accounts._hasher.verify = counted
    async with house.client() as client:
        answers = await asyncio.gather(
            *(client.post("/api/v1/session", json={"user": "officer", "password": f"wrong {n}"}) for n in range(35))
        )

    assert len(judged) == 5
    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [503] * 30
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)
