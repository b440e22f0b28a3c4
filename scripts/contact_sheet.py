# ruff: noqa: INP001 - scripts are no package
"""Draw every screen of the kiosk and of the rating pad, upright and across, in every language and in modes, on sheets.

Usage: .venv/bin/python scripts/contact_sheet.py [FOLDER]     (without a display it starts Xvfb itself)
Exit status 1 when a text did not fit or a target was too small.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("vi", "en", "qps")
MODES = ("large+low", "contrast")
SHEETS = {("kiosk", "1080x1920"): (10, 360), ("kiosk", "1920x1080"): (6, 560), ("rater", "1280x800"): (4, 640)}
"""Kind and size of the window → pictures in a row, width of one on the sheet."""
GAP = 12


def draw(kind: str, size: str, folder: Path) -> list[dict[str, Any]]:
    """Draw one kind at one size in a process of its own; give what it told about each picture."""
    modes = MODES if kind == "kiosk" else ()
    manners = [*LANGUAGES, *(f"{LANGUAGES[0]}+{mode}" for mode in modes)]
    command = [sys.executable, "-m", "tests.gallery.kiosk.contact_sheet", kind, size, str(folder), *manners]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1920x24", *command]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def put_together(pictures: list[Path], columns: int, width: int, target: Path) -> None:
    """Put pictures on one sheet, row by row."""
    small = []
    for path in pictures:
        with Image.open(path) as large:
            size = (width, round(large.height * width / large.width))
            small.append(large.resize(size, Image.Resampling.LANCZOS))
    high = max(picture.height for picture in small)
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (high + GAP) + GAP), "#8090A0")
    for order, picture in enumerate(small):
        row, column = divmod(order, columns)
        sheet.paste(picture, (GAP + column * (width + GAP), GAP + row * (high + GAP)))
    sheet.save(target)


def main() -> int:
    """Draw all kinds and sizes."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/contact-sheet").resolve()
    status = 0
    for (kind, size), (columns, width) in SHEETS.items():
        told = [row for row in draw(kind, size, folder / size) if "file" in row]
        for manner in sorted({"-".join([row["lang"], *row["modes"]]) for row in told}):
            rows = [row for row in told if "-".join([row["lang"], *row["modes"]]) == manner]
            sheet = folder / f"sheet-{kind}-{size}-{manner}.png"
            put_together([folder / size / row["file"] for row in rows], columns, width, sheet)
            sys.stdout.write(f"{sheet}\n")
        for row in told:
            if row["cut_off"] or row["too_small"] or row["unseen"]:
                faults = f"does not fit {row['cut_off']}, too small {row['too_small']}, on no page {row['unseen']}"
                sys.stderr.write(f"{size}/{row['file']}: {faults}\n")
                status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
