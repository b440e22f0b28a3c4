from __future__ import annotations

import struct

import pytest

from broker.contract.payloads import Button
from displays.keypad.keymap import EVENT_BYTES, KEY_CODES, SERIAL_KEYS, key_event, named, pressed


def event(code: int, value: int = 1, kind: int = 1) -> bytes:
    """One event as the kernel writes it on a machine of 64 bits: time of day, type, code, value."""
    return struct.pack("=qqHHi", 1_764_000_000, 123_456, kind, code, value)


def test_the_large_key_calls_the_next_one() -> None:
    assert pressed(event(96)) == [Button.NEXT]
    assert key_event(1, 96, 1)[16:] == event(96)[16:]
    assert len(event(96)) == EVENT_BYTES


@pytest.mark.parametrize("value", [0, 2])
def test_letting_go_and_the_repeating_of_a_held_key_press_nothing(value: int) -> None:
    assert pressed(event(96, value)) == []


def test_other_keys_other_events_and_half_events_press_nothing() -> None:
    assert pressed(event(30) + event(96, kind=4) + event(0, 0, 0) + event(96)[:-1]) == []


def test_several_keys_are_read_in_order() -> None:
    scan, sync = event(4, 458_840, 4), event(0, 0, 0)

    assert pressed(scan + event(78) + sync + event(78, 0) + sync + event(79) + sync) == [Button.RECALL, Button.START]


def test_every_button_can_be_pressed_on_both_pads() -> None:
    assert {button for code in KEY_CODES.values() for button in pressed(event(code))} == set(Button)
    assert set(SERIAL_KEYS.values()) == set(Button)


@pytest.mark.parametrize(
    ("word", "button"),
    [("next", Button.NEXT), (" NO-SHOW\n", Button.NO_SHOW), ("no_show", Button.NO_SHOW), ("jump", None), ("", None)],
)
def test_typed_words_name_buttons(word: str, button: Button | None) -> None:
    assert named(word) is button
