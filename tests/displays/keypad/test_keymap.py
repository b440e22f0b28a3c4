from __future__ import annotations

import importlib

import pytest

from broker.contract.payloads import Button
from displays.keypad.keymap import NUMBER_PAD, SERIAL_KEYS, named, pressed


def test_the_large_key_calls_the_next_one() -> None:
    assert pressed("KEY_KPENTER", 1) is Button.NEXT


@pytest.mark.parametrize("value", [0, 2])
def test_letting_go_and_the_repeating_of_a_held_key_press_nothing(value: int) -> None:
    assert pressed("KEY_KPENTER", value) is None


def test_other_keys_press_nothing() -> None:
    assert pressed("KEY_A", 1) is None
    assert pressed("", 1) is None


def test_every_button_can_be_pressed_on_both_pads() -> None:
    assert set(NUMBER_PAD.values()) == set(Button)
    assert set(SERIAL_KEYS.values()) == set(Button)


def test_every_key_of_the_map_is_one_that_linux_knows() -> None:
    known = importlib.import_module("evdev.ecodes").ecodes

    assert set(NUMBER_PAD) <= set(known)


@pytest.mark.parametrize(
    ("word", "button"),
    [("next", Button.NEXT), (" NO-SHOW\n", Button.NO_SHOW), ("no_show", Button.NO_SHOW), ("jump", None), ("", None)],
)
def test_typed_words_name_buttons(word: str, button: Button | None) -> None:
    assert named(word) is button
