"""The commands that a device has handled, on its disk."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import Result
from devices.base.command_log import KEPT_MS, LINES, CommandLog

if TYPE_CHECKING:
    from pathlib import Path


def test_handled_ids_survive_a_torn_line_and_old_ones_are_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "handled.jsonl"
    log = CommandLog(path)
    log.begin("old", 1)
    log.finish(Result(id="old", ok=True), 2)
    log.begin("new", 1 + KEPT_MS)
    with path.open("a") as file:
        file.write('{"id": "torn", "a')

    again = CommandLog(path)
    assert (again.get("old"), again.get("torn")) == (None, None)
    entry = again.get("new")
    assert entry is not None
    assert entry.result is None
    again.finish(Result(id="new", ok=False, error="cutter"), 5)
    reread = CommandLog(path).get("new")
    assert reread is not None
    assert reread.result == Result(id="new", ok=False, error="cutter")


def test_a_line_that_a_full_disk_broke_off_swallows_none_after_it(tmp_path: Path) -> None:
    path = tmp_path / "handled.jsonl"
    log = CommandLog(path)
    log.begin("first", 1)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 10, limit[1]))
    try:
        with pytest.raises(OSError, match="large"):
            log.begin("broken", 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    log.begin("after", 3)

    again = CommandLog(path)
    assert [again.get(id_) is not None for id_ in ("first", "broken", "after")] == [True, False, True]


def test_the_file_of_handled_ids_stays_small(tmp_path: Path) -> None:
    path = tmp_path / "handled.jsonl"
    path.write_text("".join(json.dumps({"id": str(n), "at": n * KEPT_MS // 10}) + "\n" for n in range(LINES)))
    CommandLog(path)

    assert [json.loads(line)["id"] for line in path.read_text().splitlines()] == [
        str(n) for n in range(LINES - 10, LINES)
    ]
