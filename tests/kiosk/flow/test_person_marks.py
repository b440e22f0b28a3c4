"""Marks of persons: made with the day's key, and nothing without it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

import pytest

from kiosk.flow.context import StepContext
from kiosk.flow.person_marks import ASK_AGAIN_S, PersonMarks, on_disk

KEY = b"0123456789abcdef0123456789abcdef"
DAY = "2026-11-23"
ID = "051180" + "000001"
TOLD = {"now": "x", "identity": {"day": DAY, "key": base64.urlsafe_b64encode(KEY).decode().rstrip("=")}}


def moment(real: float = 0.0, day: str = DAY) -> StepContext:
    return StepContext(real, 0, day, "id", "token")


def test_a_mark_is_the_hmac_of_number_and_service_under_the_days_key() -> None:
    mark = PersonMarks(DAY, KEY).mark(ID, "land")
    expected = hmac.new(KEY, f"{ID}|land".encode(), hashlib.sha256).digest()
    assert base64.urlsafe_b64decode(mark + "=") == expected
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", mark)


def test_marks_of_one_person_in_two_services_or_on_two_days_cannot_be_joined() -> None:
    one = PersonMarks(DAY, KEY)
    assert len({one.mark(ID, "land"), one.mark(ID, "health"), PersonMarks(DAY, KEY[::-1]).mark(ID, "land")}) == 3


def test_the_key_of_the_answer_is_taken_for_its_day_only() -> None:
    assert PersonMarks().taken(TOLD, DAY).has_key(DAY)
    assert not PersonMarks().taken(TOLD, DAY).has_key("2026-11-24")
    assert PersonMarks().taken(TOLD, "2026-11-24") == PersonMarks()


@pytest.mark.parametrize(
    "identity", [None, "x", 5, {}, {"day": DAY}, {"day": DAY, "key": ""}, {"day": DAY, "key": "c2hvcnQ"},
                 {"day": DAY, "key": 7}, {"day": DAY, "key": "é" * 43}, {"day": DAY, "key": ["k"]}],
)  # fmt: skip
def test_an_answer_without_a_key_that_can_be_read_gives_none(identity: object) -> None:
    assert not PersonMarks().taken({"identity": identity}, DAY).has_key(DAY)
    assert not PersonMarks().taken(None, DAY).has_key(DAY)


def test_a_key_is_asked_for_once_in_a_while_until_it_is_there() -> None:
    assert PersonMarks().wants_key(moment())
    assert not PersonMarks(request="r", asked=0.0).wants_key(moment(ASK_AGAIN_S - 1))
    assert PersonMarks(request="r", asked=0.0).wants_key(moment(ASK_AGAIN_S))
    assert not PersonMarks(DAY, KEY).wants_key(moment())
    assert PersonMarks(DAY, KEY).wants_key(moment(day="2026-11-24"))


def test_nothing_of_it_stands_in_its_words_or_on_a_disk() -> None:
    identity = PersonMarks(DAY, KEY).given("m" * 43)
    assert identity.marks == {"m" * 43}
    assert "0123" not in repr(identity)
    assert "mmm" not in repr(identity)
    assert on_disk({"service": "land", "person": "m" * 43}) == {"service": "land"}
