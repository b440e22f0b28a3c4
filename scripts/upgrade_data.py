# ruff: noqa: INP001, T201 - scripts are no package, and this one speaks to people
"""Keep the data folders that a tree leaves behind, and hold another tree against them.

Usage: .venv/bin/python scripts/upgrade_data.py leave LUOT ARCHIVE
       .venv/bin/python scripts/upgrade_data.py take-up LUOT ARCHIVE [CLAIM ...]

LUOT is the `luot` in the virtual environment of a tree. `leave` lives through two days with its controller, kiosk,
printers, sign, board and keypad, kills them all, and packs their folders and what they promised into ARCHIVE, a
tar.xz (tests/system/upgrade/leave.py). `take-up` starts the programs of a tree on these folders and holds each claim of
tests/system/upgrade/take_up.py; exit status 1 when one does not hold.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tarfile
import tempfile
import traceback
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.behaviour.tree import Tree
from tests.system.upgrade.leave import leave
from tests.system.upgrade.take_up import CLAIMS, hold


def main() -> int:
    """Leave folders, or take them up."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("leave", "take-up"))
    parser.add_argument("luot", type=Path)
    parser.add_argument("archive", type=Path)
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help=f"of {', '.join(CLAIMS)}; left out: all")
    asked = parser.parse_args()
    if unknown := set(asked.claims) - CLAIMS.keys():
        parser.error(f"there is no claim {', '.join(sorted(unknown))}")
    if asked.what == "leave":
        return pack(asked.luot.absolute(), asked.archive)
    return hold_all(asked.luot.absolute(), asked.archive, asked.claims or list(CLAIMS))


def pack(luot: Path, archive: Path) -> int:
    """Have a tree leave its folders, and pack them."""
    with tempfile.TemporaryDirectory() as work, tempfile.TemporaryDirectory() as left:
        asyncio.run(leave(Tree.of(luot, Path(work)), Path(left)))
        with tarfile.open(archive, "w:xz") as packed:
            packed.add(left, ".", filter=_nobodys)
    print(f"{archive}: {archive.stat().st_size} bytes")
    return 0


def _nobodys(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Leave out whose files they are."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def hold_all(luot: Path, archive: Path, claims: list[str]) -> int:
    """Hold claims one after another, each on a fresh copy of the folders."""
    failed = 0
    for claim in claims:
        with tempfile.TemporaryDirectory() as work:
            try:
                asyncio.run(hold(Tree.of(luot, Path(work)), archive, claim))
            except (AssertionError, OSError, RuntimeError):
                traceback.print_exc()
                failed += 1
                print(f"{claim} does not hold", flush=True)
            else:
                print(f"{claim} holds", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
