"""Signing in by the form itself, as a browser without script does: the password goes into no address."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.controller.http.conftest import PASSWORD

FORM = {"user": "officer", "password": PASSWORD, "next": "/desk/c1"}


async def test_the_form_sends_itself_as_a_body_to_a_page_that_takes_it(house: Any) -> None:
    async with house.client() as client:
        page = (await client.get("/sign-in?next=/desk/c1")).text
        (form,) = re.findall(r"<form[^>]*>", page)
        (method,), (action,) = re.findall(r'method="([^"]*)"', form), re.findall(r'action="([^"]*)"', form)
        hidden = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page))
        entered = await client.request(
            method.upper(), action, data={**hidden, "user": "officer", "password": PASSWORD}, follow_redirects=False
        )
        desk = await client.get("/desk/c1")

    assert method == "post"
    assert (entered.status_code, entered.headers["location"]) == (303, "/desk/c1")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "SameSite=strict" in entered.headers["set-cookie"]
    assert desk.status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"user": "nobody"}, {"user": ""}, {"password": ""}, {"password": "x" * 300}]
)
async def test_a_wrong_password_shows_the_form_again_without_it(house: Any, wrong: dict[str, str]) -> None:
    async with house.client() as client:
        answer = await client.post("/sign-in?lang=en", data=FORM | wrong)

    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers or "luot_session" not in answer.headers["set-cookie"]
    assert 'role="alert">' in answer.text
    assert PASSWORD not in answer.text
    assert 'value="/desk/c1"' in answer.text


async def test_after_too_many_tries_the_form_says_to_wait(house: Any) -> None:
    async with house.client() as client:
        codes = [(await client.post("/sign-in", data=FORM | {"password": "wrong"})).status_code for _ in range(6)]

    assert codes == [401] * 5 + [503]


@pytest.mark.parametrize("following", ["//evil.test", "https://evil.test", "/\\evil.test"])
async def test_it_leads_to_no_other_server(house: Any, following: str) -> None:
    async with house.client() as client:
        answer = await client.post("/sign-in", data=FORM | {"next": following})

    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


async def test_no_foreign_page_signs_a_visitor_in(house: Any) -> None:
    async with house.client() as client:
        answer = await client.post("/sign-in", data=FORM, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
