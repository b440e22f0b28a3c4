from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import CounterStatus
from broker.runtime.catalogue import catalogue
from displays.keypad.panel import WIDTH, Lamp, panel, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import CounterState

WORDS = catalogue("displays")


def test_the_display_shows_the_number_and_who_waits(make_state: Callable[..., CounterState]) -> None:
    shown = panel(make_state("calling", "A007", waiting=12), WORDS, "vi", stale=False)

    assert shown.lines == ("A007 Đang gọi", "Chờ: 12")
    assert shown.lamps == {Lamp.OPEN, Lamp.CALLING, Lamp.WAITING}
    assert shown.bits == 0b0111


def test_a_refused_press_is_told_in_the_second_line(make_state: Callable[..., CounterState]) -> None:
    shown = panel(make_state("open"), WORDS, "vi", stale=False, refusal="keypad.refused.nothing_waiting")

    assert shown.lines == ("Sẵn sàng", "Hết người chờ")
    assert Lamp.FAULT in shown.lamps


def test_without_a_controller_no_number_stands(make_state: Callable[..., CounterState]) -> None:
    shown = panel(make_state("serving", "A007"), WORDS, "vi", stale=True)

    assert shown.lines[0] == "Mất kết nối"
    assert shown.lamps == {Lamp.FAULT}
    assert panel(None, WORDS, "vi", stale=False) == shown


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("status", list(CounterStatus))
def test_no_line_is_cut_off(make_state: Callable[..., CounterState], status: CounterStatus, lang: str) -> None:
    shown = panel(make_state(status.value, "A1000", waiting=999), WORDS, lang, stale=False)
    whole = f"A1000 {WORDS.say(f'keypad.{status.value}', lang)}"

    assert shown.lines[0] == whole
    assert shown.lines[1].endswith("999")
    assert all(len(line) <= WIDTH for line in shown.lines)


@pytest.mark.parametrize("key", sorted(key for key in WORDS.keys if key.startswith(("keypad.refused", "keypad.lost"))))
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_refusal_fits_the_display(key: str, lang: str) -> None:
    assert 0 < len(WORDS.say(key, lang)) <= WIDTH


@pytest.mark.parametrize(
    ("text", "bare"),
    [("Đang gọi", "Dang goi"), ("Hết người chờ", "Het nguoi cho"), ("đường 5%", "duong 5%"), ("→", "?")],
)
def test_marks_are_taken_off_for_a_display_of_ascii(text: str, bare: str) -> None:
    assert plain(text) == bare
