# ruff: noqa: INP001 - scripts are no package
"""Draw a slip of every form, in both languages and widths, and put them on one sheet, to be looked at.

Usage: .venv/bin/python scripts/contact_sheet_slips.py [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

from broker.runtime.catalogue import catalogue
from kiosk.printing.painter import SlipPainter
from tests.gallery.kiosk.slip_specimens import specimen_config, specimen_slip, specimen_ticket

FORMS: list[tuple[dict[str, object], dict[str, object]]] = [
    ({}, {}),
    (
        {"priority": "elderly", "number": "A012", "position": 1},
        {"lines": [{"vi": "Người từ đủ 75 tuổi", "en": "75 or older"}]},
    ),
    ({"channel": "offline", "number": "Z1-001", "position": None, "wait": None}, {"lines": []}),
    ({"number": "A1007", "position": 24, "wait": None}, {"copy": True}),
]
"""Changes of the ticket and of the slip: normal, priority, offline, a copy without an estimate."""
GAP = 24


def main() -> int:
    """Draw them all; the sheet is written to the file that is named, or to `build/slips.png`."""
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "build/slips.png").resolve()
    painter = SlipPainter(catalogue("kiosk"))
    rows = [
        [
            painter.paint(specimen_ticket(lang=lang, **ticket), specimen_slip(**slip), specimen_config(width_mm=width))
            for ticket, slip in FORMS
        ]
        for width in (80, 58)
        for lang in ("vi", "en")
    ]
    width = max(sum(image.width + GAP for image in row) for row in rows) + GAP
    heights = [max(image.height for image in row) + GAP for row in rows]
    sheet = Image.new("L", (width, sum(heights) + GAP), 150)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        left = GAP
        for image in row:
            sheet.paste(image, (left, top))
            left += image.width + GAP
        top += height
    target.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(target)
    sys.stdout.write(f"{target}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
