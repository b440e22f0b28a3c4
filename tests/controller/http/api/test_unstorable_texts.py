"""A text that cannot be stored is refused at the door, whatever field it stands in and however it is encoded."""

from __future__ import annotations

import json
from typing import Any

import pytest

BODIES: list[tuple[str, dict[str, Any]]] = [
    ("/api/v1/tickets", {"service": "land", "dossier": "?"}),
    ("/api/v1/tickets", {"service": "land", "unknown": {"?": 1}}),
    ("/api/v1/counters/c1/pause", {"reason": "?"}),
    ("/api/v1/session", {"user": "?", "password": "a password"}),
    ("/api/v1/devices", {"kind": "sign", "id": "sign-9", "label": {"vi": "?"}}),
]


@pytest.mark.parametrize("bad", ["\ud800", "a\x00b", "\x1b[2J"], ids=["half a pair", "nought", "an escape sequence"])
@pytest.mark.parametrize(("path", "body"), BODIES, ids=[f"{path} {list(body)[-1]}" for path, body in BODIES])
async def test_a_text_that_cannot_be_stored_is_a_bad_request(
    house: Any, path: str, body: dict[str, Any], bad: str
) -> None:
    content = json.dumps(body).replace('"?"', json.dumps(bad)).encode()
    async with house.client("administrator") as client:
        answer = await client.post(path, content=content, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")
    assert "surrogate" in answer.json()["detail"]


async def test_another_encoding_is_no_way_around(house: Any) -> None:
    content = json.dumps({"service": "land", "dossier": "\ud800"}).encode("utf-16")
    async with house.client("officer") as client:
        answer = await client.post("/api/v1/tickets", content=content, headers={"Content-Type": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (400, "bad_request")


async def test_words_of_people_are_taken(house: Any) -> None:
    async with house.client("officer") as client:
        answer = await client.post("/api/v1/tickets", json={"service": "land", "dossier": "Hồ sơ 🎫"})

    assert answer.status_code == 201
