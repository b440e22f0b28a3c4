from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from displays.keypad.frames import KeyReader, key_frame, show_frame
from displays.keypad.keymap import SERIAL_KEYS
from displays.keypad.panel import Lamp, Panel

CODES = st.sampled_from(sorted(SERIAL_KEYS))


def test_a_key_is_four_bytes() -> None:
    assert key_frame(0x21) == b"\x02\x21\xde\x03"
    with pytest.raises(ValueError, match="0x7f"):
        key_frame(0x7F)


def test_a_panel_is_two_lines_of_ascii_with_lamps_and_a_sum() -> None:
    raw = show_frame(Panel(("A007 Đang gọi", "Chờ: 12"), frozenset({Lamp.OPEN, Lamp.CALLING})))

    assert raw[:2] == b"\x02L"
    assert raw[2:18] == b"A007 Dang goi   "
    assert raw[18:34] == b"Cho: 12         "
    assert raw[34] == 0b0011
    assert raw[35] == sum(raw[2:35]) % 256
    assert raw[36:] == b"\x03"


@given(st.lists(CODES, max_size=12), st.data())
def test_keys_are_found_however_the_bytes_arrive(codes: list[int], data: st.DataObject) -> None:
    raw = b"".join(key_frame(code) for code in codes)
    reader, found = KeyReader(), []
    while raw:
        cut = data.draw(st.integers(1, len(raw)))
        found += reader.feed(raw[:cut])
        raw = raw[cut:]

    assert found == codes
    assert reader.noise == 0


@given(st.binary(max_size=64), st.lists(CODES, min_size=1, max_size=4))
def test_noise_costs_at_most_the_first_key_after_it(noise: bytes, codes: list[int]) -> None:
    reader = KeyReader()
    found = reader.feed(noise + b"".join(key_frame(code) for code in codes))

    assert found[-(len(codes) - 1) or len(found) :] == codes[1:]


@given(st.binary(max_size=200))
def test_noise_alone_presses_only_what_is_a_whole_frame(noise: bytes) -> None:
    reader = KeyReader()

    for code in reader.feed(noise):
        assert bytes([0x02, code, code ^ 0xFF, 0x03]) in noise
