from __future__ import annotations

import json
from typing import TYPE_CHECKING

from displays.base.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from broker.contract.payloads import Call


def test_every_line_is_on_its_way_to_the_disk_before_the_next_thing_happens(
    tmp_path: Path, make_call: Callable[..., Call], noon: int
) -> None:
    path = tmp_path / "records" / "sign.jsonl"
    record = Record(path)
    call = make_call("A007", "c3", recall=1)

    record.call("shown", call, noon)
    first = [json.loads(line) for line in path.read_text().splitlines()]
    Record(path).line("pressed", noon, button="next")

    assert first == [
        {"what": "shown", "id": call.id, "recall": 1, "number": "A007", "counter": "c3",
         "at": "2025-11-24T16:00:00.000+00:00"}
    ]  # fmt: skip
    assert len(path.read_text().splitlines()) == 2
