"""Every face in every language on a real window: no text cut off, no target too small, memory within its budget."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.contact_faces import kiosk_faces, pad_faces

BUDGET_MIB = 60

pytestmark = pytest.mark.screen


SHEETS = [("kiosk", "1080x1920"), ("kiosk", "540x960"), ("rater", "1280x800")]


@pytest.mark.parametrize(("kind", "size"), SHEETS)
def test_no_text_is_cut_off_and_no_target_is_too_small(drawn: Any, kind: str, size: str) -> None:
    told = drawn(kind, size)
    faces = kiosk_faces if kind == "kiosk" else pad_faces
    pictures = [row for row in told if "name" in row]
    assert {row["name"] for row in pictures} == {name for name, _ in faces("vi")}
    assert {row["lang"] for row in pictures} == {"vi", "en"}
    assert [(row["name"], row["lang"], row["cut_off"]) for row in pictures if row["cut_off"]] == []
    assert [(row["name"], row["lang"], row["too_small"]) for row in pictures if row["too_small"]] == []


@pytest.mark.parametrize(("kind", "size"), [SHEETS[1], SHEETS[2]])
def test_memory_stays_within_the_budget_above_an_empty_window(drawn: Any, kind: str, size: str) -> None:
    told = drawn(kind, size)[-1]
    assert told["drawn_mib"] - told["empty_mib"] <= BUDGET_MIB
