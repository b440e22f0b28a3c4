"""The configuration as a file: every fault at once, and back out as it came in."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from controller.commands.centre_file import fault_lines, read_centre, read_document, write_document
from controller.domain.centre.centre import CentreFaults, parse_centre

SHIPPED = Path(__file__).parents[3] / "deploy" / "centres" / "quang-ngai.toml"


def test_what_is_written_out_is_read_back_alike() -> None:
    document = read_document(SHIPPED)
    text = write_document(parse_centre(document).to_document())

    assert parse_centre(tomllib.loads(text)) == parse_centre(document)
    assert write_document(parse_centre(tomllib.loads(text)).to_document()) == text


def test_a_name_may_hold_anything() -> None:
    name = 'Quầy "1" \\ \t tab \x7f and\nlines'
    document = {"centre": {"name": {"vi": name}, "on": True, "n": 1.5}, "service": [{"a b": ["x", {"y": 1}]}]}

    assert tomllib.loads(write_document(document)) == document


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"[centre\n", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"[centre]\nid = 'A B'\n", "centre.id"),
    ],
)
def test_a_fault_has_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "centre.toml").write_bytes(content)

    with pytest.raises(CentreFaults) as faults:
        read_centre(tmp_path / "centre.toml")

    assert any(said in line for line in fault_lines(faults.value))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CentreFaults) as faults:
        read_centre(tmp_path / "none.toml")

    assert "cannot be read" in fault_lines(faults.value)[0]
