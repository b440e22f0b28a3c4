from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from deploy.demo.processes import DemoFault
from deploy.driver.watcher import Watcher

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, *rows: dict[str, Any], end: str = "\n") -> None:
    with path.open("a") as file:
        file.write("\n".join(json.dumps(row) for row in rows) + end)


def screen(name: str, **targets: tuple[int, int]) -> dict[str, Any]:
    return {"what": "screen", "screen": name, "face": f"{name}-vi", "targets": targets, "cut": []}


def test_a_record_is_followed_as_it_grows(tmp_path: Path) -> None:
    seen = Watcher(tmp_path / "record.jsonl")
    assert seen.look().standing is None

    write(seen.record, screen("welcome", start=(10, 20)), {"what": "touched", "screen": "welcome", "hit": False})
    write(
        seen.record, {"what": "issued", "number": "A001", "token": "t"}, {"what": "touched", "screen": "", "hit": True}
    )

    assert (seen.look().touches, seen.missed, seen.issued, seen.tokens) == (2, 1, ["A001"], ["t"])
    assert seen.standing is not None
    assert seen.standing.where("start") == (10, 20)


def test_a_line_that_is_being_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    seen = Watcher(tmp_path / "record.jsonl")
    text = json.dumps(screen("groups"))
    seen.record.write_text(text[:20])
    assert seen.look().standing is None

    with seen.record.open("a") as file:
        file.write(text[20:] + "\n")

    assert seen.look().kinds == {"groups"}


def test_texts_that_are_cut_are_kept_by_their_face(tmp_path: Path) -> None:
    seen = Watcher(tmp_path / "record.jsonl")
    write(seen.record, {**screen("find"), "cut": ["Tra cứu"]})

    assert seen.look().cut == {"find-vi": ("Tra cứu",)}


async def test_what_never_comes_is_told_with_what_stands_instead(tmp_path: Path) -> None:
    seen = Watcher(tmp_path / "record.jsonl")
    write(seen.record, screen("welcome"))

    with pytest.raises(DemoFault, match="the screen 'groups'; the window shows welcome-vi"):
        await seen.stands("groups", 0.05)


def test_a_target_that_is_not_there_is_told(tmp_path: Path) -> None:
    seen = Watcher(tmp_path / "record.jsonl")
    write(seen.record, screen("welcome", start=(10, 20)))
    standing = seen.look().standing
    assert standing is not None

    with pytest.raises(DemoFault, match="has no 'end', only start"):
        standing.where("end")
