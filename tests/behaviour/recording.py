"""Recording a tree: the script is played, and what was seen is written without what is random."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.behaviour.placeholders import scrub
from tests.behaviour.script.play import play


def record(luot: Path, folder: Path, keep: Path | None = None) -> int:
    """Record a tree by its `luot` into a folder; gives the number of files."""
    with tempfile.TemporaryDirectory(prefix="luot-record-") as place:
        work = (keep or Path(place)).resolve()
        texts, places = play(luot, work)
        for name, text in scrub(texts, places).items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
    return len(texts)
