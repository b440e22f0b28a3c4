# ruff: noqa: INP001, T201 - scripts are no package, and this one speaks to people
"""Walk through every path of the kiosk's real window with a synthetic finger and keep a picture of every screen.

Usage: .venv/bin/python scripts/walk_kiosk.py FOLDER [--language vi ...] [--size 540x960 ...] [--seconds 240] [--quick]

The languages are those that are shipped and `qps` (deploy/driver/pseudo_language.py), which is longer and comes as a
local one does.
For each size and language it starts Xvfb, a broker, a controller, a printer and `luot kiosk`, touches every target of
every screen, scans slips, and lets paper, controller and opening hours fail. It prints what was covered, and exits
with 1 when a known kind of screen was never reached, a scene stalled, a touch led nowhere or met no target, or a text
was cut off. `--quick` leaves out what takes waiting, most keys of a keyboard, and what stands on every screen.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from deploy.demo.processes import DemoFault  # noqa: E402
from deploy.driver.pseudo_language import PSEUDO  # noqa: E402 - found by the line before
from kiosk.views import view_model  # noqa: E402
from tests.proof.scenes import SCENES, SLOW_SCENES  # noqa: E402
from tests.proof.tour import Report, never_reached, tour  # noqa: E402

SIZES = ("540x960", "960x540")
ONLY_WITH_MANY = {"languages"}
"""Stand only where there are more languages than come with the program."""
KINDS = sorted({body.__name__.removesuffix("Body").lower() for body in get_args(view_model.Body)} - ONLY_WITH_MANY)
SHIPPED = sorted((path.stem for path in (ROOT / "kiosk" / "texts").glob("*.po")), key=lambda code: (code != "vi", code))
LANGUAGES = (*SHIPPED, PSEUDO)


def wanted() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", action="append", choices=LANGUAGES)
    parser.add_argument("--size", action="append")
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--quick", action="store_true")
    return parser.parse_args()


async def walk(asked: argparse.Namespace) -> list[Report]:
    """Walk through every configuration that was asked for."""
    reports = []
    for size in asked.size or SIZES:
        width, _, height = size.partition("x")
        for lang in asked.language or LANGUAGES:
            languages = [lang, *(code for code in SHIPPED if code != lang)]
            scenes = SCENES if asked.quick else (*SCENES, *SLOW_SCENES)
            folder = asked.folder.resolve() / f"{size}-{lang}"
            report = await tour(folder, (int(width), int(height)), languages, scenes, asked.seconds, quick=asked.quick)
            print(report.words(), flush=True)
            reports.append(report)
    return reports


def main() -> int:
    """Walk, and tell how it went."""
    try:
        reports = asyncio.run(walk(wanted()))
    except DemoFault as fault:
        print(f"the walk could not go on: {fault}", file=sys.stderr)
        return 1
    missing = never_reached(reports, KINDS)
    if missing:
        print(f"FAULT never reached: {', '.join(missing)}")
    faults = sum(len(report.faults) for report in reports) + len(missing)
    print(f"{len(reports)} walks, {sum(len(report.pictures) for report in reports)} pictures, {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
