# ruff: noqa: INP001, T201 - scripts are no package, and this one speaks to people
"""Press everything on the kiosk's real window: random touches and every key of the keyboard, through XTEST.

Usage: .venv/bin/python scripts/monkey_kiosk.py [--events 100000] [--seed 1] [--folder FOLDER]

It starts Xvfb, a broker, a controller, a printer and `luot kiosk`;
afterwards a citizen takes a number.
Prints one JSON object; exit status 1 when the kiosk ended, took nothing any more, grew, or the books do not balance.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deploy.demo.processes import DemoFault
from tests.proof.monkey import run_wild


def main() -> int:
    """Press everything, and tell what became of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luot-monkey-") as temporary:
        folder = (asked.folder or Path(temporary)).resolve()
        try:
            mayhem = asyncio.run(run_wild(folder, asked.events, asked.seed))
        except DemoFault as fault:
            print(f"the kiosk did not bear it: {fault}", file=sys.stderr)
            return 1
    print(json.dumps(mayhem.figures(), ensure_ascii=False))
    return 1 if mayhem.faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
