"""A code reader is a keyboard that types fast."""

from __future__ import annotations

from kiosk.scanner import GAP_S, LONGEST, ScanReader


def typed(reader: ScanReader, text: str, start: float = 0.0, pause: float = 0.01) -> list[str]:
    codes = (reader.key(character, start + at * pause) for at, character in enumerate(text))
    return [code for code in codes if code is not None]


def test_a_code_ends_with_enter() -> None:
    assert typed(ScanReader(), "abc\r") == ["abc"]
    assert typed(ScanReader(), "abc\nde\n") == ["abc", "de"]


def test_somebody_who_types_slowly_is_no_code_reader() -> None:
    assert typed(ScanReader(), "abc\r", pause=GAP_S + 0.1) == []


def test_a_code_with_control_characters_is_dropped() -> None:
    assert typed(ScanReader(), "ab\x1bcd\r") == ["cd"]


def test_a_code_without_end_is_dropped() -> None:
    assert typed(ScanReader(), "x" * LONGEST + "y\r") == []


def test_enter_alone_is_no_code() -> None:
    assert typed(ScanReader(), "\r\r") == []
