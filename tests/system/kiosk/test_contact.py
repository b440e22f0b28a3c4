"""Every face in every manner on a real window: no text cut off, no target too small, memory within its budget."""

from __future__ import annotations

import re
from typing import Any

import pytest

from broker.runtime.catalogue import catalogue
from tests.gallery.kiosk.every_screen import kiosk_faces, pad_faces
from tests.gallery.kiosk.scene import words
from tests.system.kiosk.conftest import DRAWING_S, SHEETS

BUDGET_MIB = 60
MODES_MIB = 75
"""Also above an empty window, after every face was drawn in the modes that are drawn here, one after another."""

pytestmark = [pytest.mark.screen, pytest.mark.timeout(DRAWING_S)]

ALL = list(SHEETS)
WITH_MORE_NOTES = {"welcome-away", "ticket-late"}
"""Two notes at once on a screen that lies across: rare enough for a second page."""
LONG_BY_NATURE = {
    "read",
    "read-long",
    "read-list",
    "read-list-last",
    "read-search-found",
    "read-search-more",
    "read-closed",
    "read-elsewhere",
    "read-away",
}
"""What is read has as many pages as it needs."""
SMALL = [("kiosk", "540x960"), ("rater", "1280x800")]


def told_of(measured: Any, kind: str, size: str) -> list[dict[str, Any]]:
    return [row for row in measured(kind, size) if "name" in row]


@pytest.mark.parametrize(("kind", "size"), ALL)
def test_every_face_is_drawn_in_every_manner(measured: Any, kind: str, size: str) -> None:
    faces = {name for name, _ in (kiosk_faces if kind == "kiosk" else pad_faces)("vi")}
    pictures = told_of(measured, kind, size)
    manners = {"+".join([row["lang"], *row["modes"]]) for row in pictures}
    assert len(manners) == len(SHEETS[kind, size])
    for manner in manners:
        assert {row["name"] for row in pictures if "+".join([row["lang"], *row["modes"]]) == manner} == faces


@pytest.mark.parametrize(("kind", "size"), ALL)
def test_no_text_is_cut_off_and_each_stands_on_some_page(measured: Any, kind: str, size: str) -> None:
    pictures = told_of(measured, kind, size)
    assert [(row["file"], row["cut_off"]) for row in pictures if row["cut_off"]] == []
    assert [(row["file"], row["unseen"]) for row in pictures if row["unseen"]] == []


@pytest.mark.parametrize(("kind", "size"), SHEETS)
def test_what_is_typed_stands_on_every_page_that_shows_its_keys(measured: Any, kind: str, size: str) -> None:
    assert [row["file"] for row in measured(kind, size) if row.get("blind")] == []


@pytest.mark.parametrize(("kind", "size"), ALL)
def test_no_target_is_too_small(measured: Any, kind: str, size: str) -> None:
    assert [(row["file"], row["too_small"]) for row in told_of(measured, kind, size) if row["too_small"]] == []


def test_every_text_stands_out_from_its_ground_as_it_is_drawn(measured: Any) -> None:
    pictures = told_of(measured, "kiosk", "540x960")
    assert {tuple(row["modes"]) for row in pictures} == {(), ("contrast",)}
    assert [(row["file"], row["faint"]) for row in pictures if row["faint"]] == []


@pytest.mark.parametrize(("kind", "size"), ALL)
def test_by_keys_alone_every_target_of_every_face_is_reached_and_chosen(measured: Any, kind: str, size: str) -> None:
    rows = [row for row in measured(kind, size) if "keys_of" in row]
    assert len(rows) >= len(SHEETS[kind, size])
    assert [row for row in rows if row["out_of_reach"]] == []


@pytest.mark.parametrize("size", ["1080x1920", "1920x1080"])
def test_every_face_is_read_aloud_with_the_keys_of_its_choices(measured: Any, size: str) -> None:
    rows = [row for row in measured("kiosk", size) if row.get("manner") == "vi"]
    one_page = {row["name"]: row for row in told_of(measured, "kiosk", size) if row["file"].endswith("-vi.png")}
    paged = {row["name"] for row in told_of(measured, "kiosk", size) if row["page"] > 1 and row["lang"] == "vi"}
    turns = {catalogue("kiosk").say(f"page.{way}", "vi") for way in ("earlier", "more")}  # by keys of their own
    for row in rows:
        choices = [text for text in row["heard"] if text.startswith("Phím ")]
        assert row["heard"], row
        if row["keys_of"] not in paged:
            assert len(choices) == min(9, len(one_page[row["keys_of"]]["targets"].keys() - turns)), row


@pytest.mark.parametrize("size", ["1080x1920", "1920x1080"])
def test_in_the_low_layout_nothing_has_to_be_touched_high_up(measured: Any, size: str) -> None:
    pictures = [row for row in told_of(measured, "kiosk", size) if "low" in row["modes"]]
    assert pictures
    lowest = {"1080x1920": 1920 * (1 - 290 / 476), "1920x1080": 1080 * 0.2}[size]
    for row in pictures:
        assert [words for words, (_, y) in row["targets"].items() if y < lowest] == [], row["file"]


@pytest.mark.parametrize("size", ["1080x1920", "1920x1080"])
def test_in_the_largest_letters_and_the_longest_words_a_number_is_taken_on_the_first_page(
    measured: Any, size: str
) -> None:
    pictures = [row for row in told_of(measured, "kiosk", size) if row["name"] == "welcome" and row["page"] == 1]
    assert any("large" in row["modes"] for row in pictures)
    for row in pictures:
        start = words().say("welcome.start", row["lang"])
        assert any(start in target for target in row["targets"]), row["file"]


def test_without_modes_and_with_short_words_the_usual_screens_have_one_page(measured: Any) -> None:
    paged = {
        row["name"]
        for size in ("1080x1920", "1920x1080")
        for row in told_of(measured, "kiosk", size)
        if row["page"] > 1 and not row["modes"] and row["lang"] == "vi"
    }
    assert paged <= WITH_MORE_NOTES | LONG_BY_NATURE


@pytest.mark.parametrize(("kind", "size"), ALL)
def test_every_word_on_the_window_comes_from_a_catalogue_or_the_configuration(
    measured: Any, kind: str, size: str
) -> None:
    known = re.compile(r"English|Tiếng Việt|A007|Z1-001|kiosk-1|[\d.]+H48|VI|EN|QPS|(Thứ|Chủ) \S+, \d\d/\d\d/\d{4}")
    typed = re.compile(r"ddaats.*|tq nowhere")
    bare = {text for row in told_of(measured, kind, size) for text in row["bare"]}
    assert {
        text
        for text in bare
        if not (known.fullmatch(text) or typed.fullmatch(text)) and not re.search("[ťñšřďľğçž]", text)
    } == set()


@pytest.mark.parametrize(("kind", "size"), SMALL)
def test_memory_stays_within_the_budget_above_an_empty_window(measured: Any, kind: str, size: str) -> None:
    told = measured(kind, size)[-1]
    assert told["drawn_mib"] - told["empty_mib"] <= BUDGET_MIB
    assert told["modes_mib"] - told["empty_mib"] <= MODES_MIB
