"""Recordings: what is random gets a name, what differs is told with its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.behaviour.comparison import differences
from tests.behaviour.placeholders import scrub

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "record_behaviour.py"
ONE, OTHER = "0197f3c2-1111-7222-8333-444455556666", "0197f3c2-9999-7222-8333-444455556666"


def written(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "steps.txt").write_text(text)
    return folder


def test_random_words_get_the_same_name_wherever_they_stand() -> None:
    token = "dGhpcyBpcyByYW5kb20A"
    texts = {"a": f'{{"token": "{token}", "id": "{ONE}"}}', "b": f"/t/{token} {OTHER} {ONE}"}

    assert scrub(texts, {}) == {
        "a": '{"token": "<token-1>", "id": "<uuid7-1>"}',
        "b": "/t/<token-1> <uuid7-2> <uuid7-1>",
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"number": "A001", "code": "estimate_passes_closing"}',
        "00000000-0000-4000-8000-000000000001",
        '"digest": "5fae64096ca1c94012ec9797"',
        '"at": 1795395600000, "password": "given-anna"',
        "2026-11-23T01:00:00.000+00:00 qos=1 retain=True",
    ],
)
def test_what_is_not_random_stays_as_it_is(text: str) -> None:
    assert scrub({"a": text}, {}) == {"a": text}


def test_known_places_get_their_names_first() -> None:
    assert scrub({"a": "/somewhere/data is gone"}, {"/somewhere": "<folder>"}) == {"a": "<folder>/data is gone"}


def test_a_difference_is_told_with_file_and_line(tmp_path: Path) -> None:
    one = written(tmp_path / "one", "first\nsecond\nthird\n")
    other = written(tmp_path / "other", "first\nanother\nthird\n")

    assert differences(one, one) == []
    assert [line.strip() for line in differences(one, other)] == [
        "steps.txt: lines 2-2 against 2-2", "steps.txt:2", "- second", "+ another",
    ]  # fmt: skip


def test_a_file_that_one_lacks_is_a_difference_and_two_empty_folders_are_no_recording(tmp_path: Path) -> None:
    one = written(tmp_path / "one", "x")
    (tmp_path / "other").mkdir()

    assert differences(one, tmp_path / "other") == [f"steps.txt: only in {one}"]
    assert len(differences(tmp_path / "other", tmp_path / "other")) == 1


def test_the_command_ends_with_1_when_two_recordings_differ(tmp_path: Path) -> None:
    one, other = written(tmp_path / "one", "a"), written(tmp_path / "other", "b")

    for folder, status in ((one, 0), (other, 1)):
        done = subprocess.run([sys.executable, str(SCRIPT), "compare", str(one), str(folder)], check=False)
        assert done.returncode == status
