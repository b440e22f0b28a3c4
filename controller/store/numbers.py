"""The file of the high-water mark of numbers: beside the store, so that it survives the loss of the store."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

import structlog

from controller.domain.numbers.high_water import HighWater
from controller.store.files import write_whole

if TYPE_CHECKING:
    from pathlib import Path

log = structlog.get_logger()

MARK_FILE: Final = "numbers.mark"
"""Its name in the data directory."""


def read_high_water(path: Path) -> HighWater | None:
    """Return the mark of a file; None when there is none, or none that is whole."""
    try:
        read = json.loads(path.read_text(encoding="ascii"))
        mark = read["mark"]
        if read["sha256"] != _digest(mark):
            raise ValueError("its checksum is another")  # noqa: TRY301 - one place says what is wrong with it
        days = {str(day): {str(s): int(n) for s, n in numbers.items()} for day, numbers in mark["days"].items()}
        return HighWater(int(mark["epoch"]), mark["since"], days)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        log.error("number_mark_unreadable", file=str(path), reason=str(error))  # noqa: TRY400 - the sentence says it all
        return None


def write_high_water(path: Path, mark: HighWater) -> None:
    """Put a mark on the disk; it is there when this returns, or the one before is (OSError)."""
    body = {"epoch": mark.epoch, "since": mark.since, "days": mark.days}
    write_whole(path, json.dumps({"mark": body, "sha256": _digest(body)}, sort_keys=True).encode("ascii"))


def _digest(body: Any) -> str:  # noqa: ANN401 - any JSON
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode("ascii")).hexdigest()
