"""Failures as problem documents, in the caller's language, with nothing swallowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from controller.http.api.negotiation import best
from controller.http.responses.languages import preferred_language
from controller.http.responses.problems import INTERNAL, NO_SESSION, STATUS, title
from controller.services.journal.ports import StoreError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CONTRACT = {
    "bad_request": 400, "not_allowed": 403, "not_found": 404, "unknown_service": 404, "too_many_tickets": 429,
    "try_again": 503, "service_closed": 409, "quota_reached": 409, "centre_closed": 409, "already_rated": 409,
    "not_rateable": 409, "bad_state": 409, "nothing_waiting": 409, "counter_closed": 409, "expired": 409,
}  # fmt: skip


def test_every_code_has_the_contracts_status() -> None:
    assert {code.value: STATUS.get(code, 409) for code in Code} == CONTRACT


@pytest.mark.parametrize("code", [*Code, NO_SESSION, INTERNAL])
def test_every_code_has_words_in_both_languages(code: str) -> None:
    assert title(code, "vi") != title(code, "en")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/api/v1/nothing", 404), ("GET", "/nothing", 404), ("PATCH", "/api/v1/tickets", 405)],
)
async def test_an_unknown_path_is_a_problem_document(house: Any, method: str, path: str, status: int) -> None:
    async with house.client() as client:
        answer = await client.request(method, path, headers={"Accept-Language": "en"})

    body = answer.json()
    assert answer.status_code == body["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(body) == {"type", "title", "status", "detail", "code"}
    assert answer.headers["content-language"] == "en"


async def test_a_title_is_in_the_language_that_the_caller_prefers(house: Any) -> None:
    async with house.client() as client:
        vietnamese = await client.get("/api/v1/counters")
        english = await client.get("/api/v1/counters", headers={"Accept-Language": "fr, en;q=0.8, vi;q=0.5"})

    assert (vietnamese.json()["title"], english.json()["title"]) == ("Mời quý vị đăng nhập.", "Please sign in.")


async def test_malformed_json_is_a_bad_request_with_its_place(house: Any) -> None:
    async with house.client("officer") as client:
        answer = await client.post(
            "/api/v1/tickets", content=b'{"service": ', headers={"Content-Type": "application/json"}
        )

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert answer.json()["errors"]


async def test_a_body_without_end_is_refused_whether_its_length_is_told_or_not(house: Any) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(6):
            yield b" " * (1 << 20)

    headers = {"Content-Type": "application/json"}
    async with house.client("officer") as client:
        told = await client.post("/api/v1/tickets", content=b" " * (5 << 20), headers=headers)
        untold = await client.post("/api/v1/tickets", content=chunks(), headers=headers)

    for answer in (told, untold):
        assert (answer.status_code, answer.json()["code"]) == (413, "bad_request")
        assert "content-security-policy" in answer.headers


async def test_a_store_that_fails_is_try_again_and_a_fault_of_the_program_is_told_as_one(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def down(after: int, limit: int) -> list[Any]:
        raise StoreError(f"no disk for {after} {limit}")

    async def broken(after: int, limit: int) -> list[Any]:
        raise ZeroDivisionError(after, limit)

    async with house.client("supervisor") as client:
        monkeypatch.setattr(house.parts.store, "events", down)
        unavailable = await client.get("/api/v1/events")
        monkeypatch.setattr(house.parts.store, "events", broken)
        failed = await client.get("/api/v1/events")

    assert (unavailable.status_code, unavailable.json()["code"]) == (503, "try_again")
    assert unavailable.headers["retry-after"] == "2"
    assert (failed.status_code, failed.json()["code"]) == (500, "internal")
    assert "ZeroDivisionError" not in failed.text


async def test_every_answer_forbids_foreign_scripts_and_frames(house: Any) -> None:
    async with house.client() as client:
        answers = [await client.get(path) for path in ("/api/v1/queues", "/sign-in", "/api/v1/nothing")]

    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    ("header", "expected"),
    [("", "vi"), ("en-GB,en;q=0.9", "en"), ("fr", "vi"), ("en;q=0.2, vi;q=0.9", "vi"), ("en;q=x", "vi"), ("*", "vi")],
)
def test_the_language_is_the_best_known_one_else_vietnamese(header: str, expected: str) -> None:
    assert preferred_language(header, ("vi", "en")) == expected


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/csv", "text/csv"),
        ("text/*;q=0.5, application/json;q=0.4", "text/csv"),
        ("application/pdf, text/csv;q=0.1", "text/csv"),
        ("application/json;q=0, */*", "text/csv"),
        ("application/pdf", None),
        ("text/csv;q=0", None),
    ],
)
def test_the_form_is_the_one_that_the_caller_likes_best(header: str, expected: str | None) -> None:
    assert best(header, ("application/json", "text/csv")) == expected
