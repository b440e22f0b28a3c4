"""What a device sends is bounded, and what no reply could carry is no id."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from pydantic import ValidationError

from broker.contract.channels import DEVICE_STATE, PRESS, REPLY, REQUEST, RESULT, Channel, id_of
from broker.contract.errors import Code
from broker.contract.payloads import (
    ErrorBody,
    IssueRequest,
    LookupRequest,
    Payload,
    RateRequest,
    Reply,
    TokenRequest,
)

ID = str(uuid.uuid4())
LONG = "x" * 65


@pytest.mark.parametrize(
    ("channel", "content"),
    [
        (PRESS, {"id": LONG, "button": "next"}),
        (PRESS, {"id": "", "button": "next"}),
        (PRESS, {"id": "a\nb", "button": "next"}),
        (PRESS, {"id": "a\u0085b", "button": "next"}),
        (PRESS, {"id": "x", "button": LONG}),
        (PRESS, {"id": "x", "button": "next", "for": LONG}),
        (REQUEST, {"id": ID, "op": LONG}),
        (REQUEST, {"id": "x", "op": "issue"}),
        (RESULT, {"id": LONG, "ok": True}),
        (RESULT, {"id": "x", "ok": False, "error": LONG}),
        (DEVICE_STATE, {"online": True, "session": LONG}),
        (DEVICE_STATE, {"online": True, "session": "s", "version": LONG}),
    ],
)
def test_a_message_of_a_device_beyond_its_bounds_is_refused(channel: Channel[Any], content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        channel.decode(json.dumps(content).encode())


@pytest.mark.parametrize("id_", ["x", "Phím-1", "😀", "a b", "x" * 64])
def test_any_short_text_may_be_the_id_of_a_press(id_: str) -> None:
    raw = json.dumps({"id": id_, "button": "next"}).encode()

    assert PRESS.decode(raw).id == id_ == id_of(raw)


@pytest.mark.parametrize(
    ("model", "content"),
    [
        (IssueRequest, {"service": LONG}),
        (IssueRequest, {"service": "a", "priority": LONG}),
        (IssueRequest, {"service": "a", "lang": LONG}),
        (IssueRequest, {"service": "a", "dossier": "a\x00b"}),
        (IssueRequest, {"service": "a\ud800"}),
        (LookupRequest, {"token": LONG}),
        (LookupRequest, {"number": LONG}),
        (TokenRequest, {"token": LONG}),
        (RateRequest, {"score": 10**30, "version": 1}),
        (RateRequest, {"score": 1, "version": 10**30}),
        (RateRequest, {"score": 1, "version": 1, "visit": LONG}),
        (RateRequest, {"score": 1, "version": 1, "reasons": ["a"] * 65}),
        (RateRequest, {"score": 1, "version": 1, "reasons": [LONG]}),
        (RateRequest, {"score": 1, "version": 1, "answers": {LONG: 1}}),
        (RateRequest, {"score": 1, "version": 1, "answers": {"a": 10**30}}),
    ],
)
def test_a_field_beyond_its_bounds_is_refused(model: type[Payload], content: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        model.model_validate(content)


@pytest.mark.parametrize("raw", [b'{"id":"\\ud800"}', b'{"id":"a\\u0000"}', b'{"id":""}', b'{"id":7}', b"[]", b"\xff"])
def test_what_no_reply_could_carry_is_no_id(raw: bytes) -> None:
    assert id_of(raw) is None


@pytest.mark.parametrize("raw", [b'{"id":"x","button":"\\ud800"}', b'{"id":"x","a":{"b":["\\udfff"]}}'])
def test_half_a_letter_anywhere_makes_a_message_unreadable_and_leaves_it_its_id(raw: bytes) -> None:
    found = id_of(raw)

    with pytest.raises(ValidationError):
        PRESS.decode(raw)
    assert found == "x"
    assert b'"x"' in REPLY.encode(Reply(id=found, ok=False, error=ErrorBody(code=Code.BAD_REQUEST)))
