"""A key is known by its place, so a reader means the same on every layout."""

from __future__ import annotations

import pytest

from kiosk.flow.keys import UNKNOWN, Key, key_of


@pytest.mark.parametrize(
    ("scancode", "modifiers", "key"),
    [
        (4, (), Key("a", "a")),
        (4, ("shift",), Key("a", "A")),
        (4, ("capslock",), Key("a", "a")),
        (29, ("shift", "capslock"), Key("z", "Z")),
        (30, (), Key("1", "1")),
        (39, (), Key("0", "0")),
        (31, ("shift",), Key("2", "@")),
        (45, (), Key("-", "-")),
        (49, ("shift",), Key("\\", "|")),
        (44, (), Key("space", " ")),
        (40, (), Key("enter")),
        (88, (), Key("enter")),
        (43, (), Key("tab")),
        (41, (), Key("escape")),
        (82, (), Key("up")),
        (89, ("numlock",), Key("numpad1", "1")),
        (98, (), Key("numpad0", "0")),
        (58, (), Key("f1")),
        (69, ("alt",), Key("f12")),
        (48, ("ctrl",), Key("]")),
        (7, ("meta",), Key("d")),
        (92, ("alt",), Key("numpad4", UNKNOWN)),
        (5000, (), Key("key5000")),
    ],
)
def test_a_key_has_a_name_and_a_meaning(scancode: int, modifiers: tuple[str, ...], key: Key) -> None:
    assert key_of(scancode, modifiers) == key


@pytest.mark.parametrize("scancode", [57, 83, 224, 225, 226, 227, 228, 229, 230, 231])
def test_a_key_that_only_changes_others_is_none(scancode: int) -> None:
    assert key_of(scancode, ("shift",)) is None
