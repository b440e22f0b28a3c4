"""Which texts may be stored."""

from __future__ import annotations

from typing import Any

import pytest

from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.centre.storable import MOST_FAULTS, is_storable, unstorable
from tests.controller.conftest import document


@pytest.mark.parametrize("text", ["", "Nộp hồ sơ", "a\tb\r\nc", "🎫", "\u200b"])
def test_words_of_people_may_be_stored(text: str) -> None:
    assert is_storable(text)


@pytest.mark.parametrize("text", ["\x00", "a\x1b[2J", "\ud800", "x\udfff"])
def test_control_characters_and_halves_of_pairs_may_not(text: str) -> None:
    assert not is_storable(text)


@pytest.mark.parametrize(
    ("value", "places"),
    [
        ({"service": [{"name": {"vi": "\x00"}}]}, ["service[0].name.vi"]),
        ({"a": {"\ud800": 1}}, ["a"]),
        ("\ud800", [""]),
        ([1, None, True, 1.5, ["ok"]], []),
    ],
)
def test_each_place_is_named_without_repeating_what_stands_there(value: Any, places: list[str]) -> None:
    assert unstorable(value) == places


def test_not_more_places_are_named_than_anybody_reads() -> None:
    assert len(unstorable(["\x00"] * 1000)) == MOST_FAULTS


def test_any_depth_is_looked_through() -> None:
    deep: Any = "\ud800"
    for _ in range(100_000):
        deep = [deep]

    assert len(unstorable(deep)) == 1


def test_a_configuration_with_such_a_text_is_refused_unless_it_is_stored_already() -> None:
    told = document()
    told["service"][0]["name"]["vi"] = "N\x00p"

    with pytest.raises(CentreFaults, match=r"service\[0\].name.vi: holds a character"):
        parse_centre(told)
    assert parse_centre(told, stored=True).services["land"].name["vi"] == "N\x00p"
