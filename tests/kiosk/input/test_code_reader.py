"""A code reader is a keyboard that types fast; what a person types stays theirs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.keys import UNKNOWN, Key, key_of
from kiosk.flow.scanned_text import read_scan
from kiosk.input.code_reader import FAST_S, HELD, LONGEST, PATIENCE_S, SHORTEST, CodeReader, KeyReading, Scan

READER_S = 0.01
PERSON_S = 0.12
ENTER, TAB, UP, ESCAPE = Key("enter"), Key("tab"), Key("up"), Key("escape")


def keys_of(text: str) -> list[Key]:
    named = {"\r": ENTER, "\t": TAB, "\x1b": ESCAPE, "↑": UP}
    return [named.get(character) or Key(character.lower(), character) for character in text]


def press(reader: CodeReader, keys: list[Key], pause: float) -> list[KeyReading]:
    """Press keys one after another, and look until nothing is pending."""
    heard, now = [], 0.0
    for key in keys:
        now += pause
        heard.append(reader.press(key, now))
        if key.meant:
            heard.append(reader.types(key.meant))
    while reader.pending:
        now += 0.1
        heard.append(reader.look(now))
    return heard


def scans(heard: list[KeyReading]) -> list[str]:
    return [one.scan.meant for one in heard if one.scan is not None]


def free(heard: list[KeyReading]) -> list[Key]:
    return [key for one in heard for key in one.free]


def refusals(heard: list[KeyReading]) -> int:
    return sum(one.refused for one in heard)


@pytest.mark.parametrize("end", ["\r", "\t", ""])
@pytest.mark.parametrize("pause", [0.0, READER_S, FAST_S - 0.001])
def test_a_reader_is_heard_whatever_ends_its_code(end: str, pause: float) -> None:
    heard = press(CodeReader(), keys_of(f"H48-250101-0001{end}"), pause)
    assert scans(heard) == ["H48-250101-0001"]
    assert free(heard) == []
    assert refusals(heard) == 0


def test_two_codes_in_a_row_are_two_codes() -> None:
    assert scans(press(CodeReader(), keys_of("000001\r000002\r"), READER_S)) == ["000001", "000002"]


def test_what_a_person_types_comes_back_key_by_key_with_what_it_typed() -> None:
    heard = press(CodeReader(), keys_of("dat dai 7\r"), PERSON_S)
    assert scans(heard) == []
    assert [key.typed for key in free(heard)] == [*"dat dai 7", ""]
    assert free(heard)[-1] == ENTER


def test_a_persons_key_comes_back_as_soon_as_it_cannot_be_a_readers() -> None:
    reader = CodeReader()
    assert reader.press(Key("a", "a"), 1.0) == KeyReading()
    assert reader.pending
    assert reader.look(1.0 + FAST_S / 2) == KeyReading()
    assert reader.look(1.0 + FAST_S * 1.01) == KeyReading(free=(Key("a", "a"),))
    assert not reader.pending


def test_arrows_escape_and_enter_come_back_at_once() -> None:
    reader = CodeReader()
    for key in (UP, ESCAPE, ENTER, TAB):
        assert reader.press(key, 0.0) == KeyReading(free=(key,))


def test_keys_that_roll_over_are_a_persons() -> None:
    assert [key.typed for key in free(press(CodeReader(), keys_of("th"), FAST_S / 2))] == ["t", "h"]
    assert free(press(CodeReader(), keys_of("1\r"), FAST_S / 2))[-1] == ENTER


def test_a_burst_too_short_for_a_code_is_a_persons() -> None:
    text = "x" + "12345678"[: SHORTEST - 2]
    assert len(free(press(CodeReader(), keys_of(text + "\r"), READER_S))) == SHORTEST


def test_a_key_that_is_held_down_is_a_persons() -> None:
    for times in (SHORTEST, 3 * HELD):
        heard = press(CodeReader(), keys_of("a" * times), 0.03)
        assert [key.typed for key in free(heard)] == ["a"] * times
        assert scans(heard) == []


def test_a_code_may_begin_with_the_same_character_again_and_again() -> None:
    assert scans(press(CodeReader(), keys_of("0000.53.H48-220921-0099\r"), READER_S)) == ["0000.53.H48-220921-0099"]


def test_a_pause_in_the_middle_of_a_code_is_forgiven() -> None:
    reader = CodeReader()
    heard = [reader.press(key, at * READER_S) for at, key in enumerate(keys_of("012345"))]
    later = 6 * READER_S + PATIENCE_S * 0.9
    heard += [reader.press(key, later + at * READER_S) for at, key in enumerate(keys_of("678901\r"))]
    assert scans(heard) == ["012345678901"]


@pytest.mark.parametrize("bad", ["\x1b", "↑"])
def test_a_code_with_control_characters_is_refused_as_a_whole(bad: str) -> None:
    for end in ("\r", ""):
        heard = press(CodeReader(), keys_of(f"abcdef{bad}ghijkl{end}"), READER_S)
        assert (scans(heard), free(heard), refusals(heard)) == ([], [], 1)


def test_a_code_that_is_too_long_is_refused_and_the_next_is_read() -> None:
    text = "ab" * (LONGEST // 2) + "c\rabcdef\r"
    heard = press(CodeReader(), keys_of(text), READER_S)
    assert (scans(heard), free(heard), refusals(heard)) == (["abcdef"], [], 1)


def test_another_layout_of_the_computer_does_not_matter() -> None:
    reader = CodeReader()
    typed = ["à", "&", "", "~h", "H", "é"]
    for at, (key, text) in enumerate(zip(keys_of("01?hH2"), typed, strict=True)):
        reader.press(key, at * READER_S)
        reader.types(text)
    assert reader.press(ENTER, 0.06).scan == Scan("01?hH2", "à&~hHé")


def test_text_of_an_input_method_is_a_persons() -> None:
    assert CodeReader().types("đất") == KeyReading(free=(Key("", typed="đất"),))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([*keys_of("abcXYZ019-|. \r\t\x1b↑")]),
            st.sampled_from([0.0, 0.005, 0.03, 0.049, 0.051, 0.1, 0.39, 0.41, 1.0]),
        ),
        max_size=60,
    )
)
def test_every_key_is_free_once_in_order_or_part_of_a_code_or_of_a_refusal(pressed: list[tuple[Key, float]]) -> None:
    reader, now, heard = CodeReader(), 0.0, []
    for key, pause in pressed:
        now += pause
        heard.append(reader.press(key, now))
    heard.append(reader.look(now + 1.0))
    assert not reader.pending
    given_back = [(key.name, key.meant) for one in heard for key in ([*one.free] if one.scan is None else [])]
    keys = iter((key.name, key.meant) for key, _ in pressed)
    assert all(key in keys for key in given_back)
    if not scans(heard) and not refusals(heard):
        assert len(free(heard)) == len(pressed)
    for text in scans(heard):
        assert SHORTEST <= len(text) <= LONGEST
        assert text.isprintable()


@given(
    st.lists(
        st.tuples(
            st.integers(-5, 400),
            st.lists(st.sampled_from(["shift", "ctrl", "alt", "meta", "capslock", "numlock", "odd"]), max_size=3),
            st.text(max_size=3),
            st.floats(-0.1, 1.0),
        ),
        max_size=80,
    )
)
def test_whatever_a_keyboard_sends_makes_codes_that_can_be_judged(
    strokes: list[tuple[int, list[str], str, float]],
) -> None:
    reader, now = CodeReader(), 0.0
    for scancode, modifiers, text, pause in strokes:
        now += pause
        key = key_of(scancode, modifiers)
        for heard in (reader.press(key, now) if key else KeyReading(), reader.types(text), reader.look(now)):
            if heard.scan is not None:
                assert SHORTEST <= len(heard.scan.meant) <= LONGEST
                assert heard.scan.meant.isprintable() or UNKNOWN in heard.scan.meant
                assert read_scan((heard.scan.meant, heard.scan.typed)) is not None
