# ruff: noqa: INP001 - scripts are no package
"""Draw every state of the sign and the board and put them on two sheets, to be looked at.

Usage: .venv/bin/python scripts/contact_sheet_displays.py [FOLDER]     (without a display it starts Xvfb itself)
Exit status 1 when a text did not fit.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"sign": ("960x540", 3), "board": ("1920x1080", 3)}
WIDTH = 640
GAP = 12


def draw(kind: str, folder: Path) -> list[dict[str, object]]:
    """Draw one kind in a process of its own; give what it told about each picture."""
    command = [sys.executable, "-m", "tests.gallery.displays.contact_sheet", kind, SIZES[kind][0], str(folder)]
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        command = ["xvfb-run", "-a", "-s", "-screen 0 1920x1200x24", *command]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def put_together(pictures: list[Path], columns: int, target: Path) -> None:
    """Put pictures on one sheet, row by row."""
    small = []
    for path in pictures:
        with Image.open(path) as picture:
            small.append(
                picture.resize((WIDTH, round(picture.height * WIDTH / picture.width)), Image.Resampling.LANCZOS)
            )
    high = max(picture.height for picture in small)
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (WIDTH + GAP) + GAP, rows * (high + GAP) + GAP), "#8090A0")
    for order, picture in enumerate(small):
        row, column = divmod(order, columns)
        sheet.paste(picture, (GAP + column * (WIDTH + GAP), GAP + row * (high + GAP)))
    sheet.save(target)


def main() -> int:
    """Draw both kinds."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/contact-sheet").resolve()
    status = 0
    for kind, (_, columns) in SIZES.items():
        told = [row for row in draw(kind, folder) if "file" in row]
        put_together([folder / str(row["file"]) for row in told], columns, folder / f"sheet-{kind}.png")
        for row in told:
            if row["cut_off"]:
                sys.stderr.write(f"{kind} {row['name']}: does not fit: {row['cut_off']}\n")
                status = 1
        sys.stdout.write(f"{folder / f'sheet-{kind}.png'}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
