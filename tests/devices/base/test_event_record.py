from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from devices.base.event_record import Record

if TYPE_CHECKING:
    from pathlib import Path


def test_a_line_is_on_the_file_at_once_and_older_ones_stay(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "kiosk-1.jsonl"
    Record(path).line("screen", 0, screen="welcome")

    Record(path).line("issued", 1500, number="Đ001")

    first, second = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    assert first == {"what": "screen", "screen": "welcome", "at": "1970-01-01T00:00:00.000+00:00"}
    assert (second["number"], second["at"]) == ("Đ001", "1970-01-01T00:00:01.500+00:00")


def test_a_closed_record_takes_nothing_more_and_closes_once(tmp_path: Path) -> None:
    record = Record(tmp_path / "sign-1.jsonl")
    record.close()
    record.close()

    with pytest.raises(OSError, match="Bad file descriptor"):
        record.line("shown", 0)
