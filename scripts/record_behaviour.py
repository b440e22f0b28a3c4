# ruff: noqa: INP001, T201 - scripts are no package, and this one speaks to people
"""Record what a tree of this project does, as seen from outside, or hold two recordings against each other.

Usage: .venv/bin/python scripts/record_behaviour.py LUOT FOLDER [--keep FOLDER]
       .venv/bin/python scripts/record_behaviour.py compare FOLDER_A FOLDER_B

LUOT is the `luot` in the virtual environment of the tree to be recorded. A fixed script of some 250 steps is played on
it through its command line, HTTP and MQTT alone (tests/behaviour/script): in each stage the controller runs on a
driven clock that stands still, so every instant of its own is the same in every recording. FOLDER gets, for each stage,

    steps.txt   every command with status and output, every call with status, headers and body (the OpenAPI document,
                pages and /metrics too), every message sent with the broker's reason code, every reply
    mqtt.txt    every message on the broker, by topic and in order, with QoS, retain flag and properties
    store.txt   schema and rows of all tables of the controller's store
    folder.txt  the files of the data directory with their modes
    log.txt     the controller's log

and the files of `luot broker-files`. `compare` says whether two recordings are equal, byte by byte; exit status 1 and
the first differences with file and line when they are not. Four minutes a recording; only this machine is reached.

What is random or of the machine is replaced by a name in order of first appearance, and nothing else is:

- random: UUIDs (by version; the script's own stay), tokens, passwords, salts, CSRF tokens, keys of the day, argon2
  hashes, and hexadecimal digests of 64 digits and more, which are taken over random words. So are the digests of
  requests that hold a token, and the sender's name that is made from a token
- real time: Date, Expires and the log's time stamps, `at` and `expires_at` of users, sessions and credentials, as long
  as they lie within the recording (or 12 hours behind it); Retry-After of a sign-in
- the machine: the working folder, the tree, two ports
- metrics of how fast it was: `luot_commit_seconds`, `luot_batch_commands`, `*_created`, and the length of that page
- told once instead of as often as real time has it: heartbeats of the controller, commands that are sent again, log
  lines of refused messages. Log lines of the wait for the broker at a start are left out
- `PYTHONHASHSEED` is 0 for the programs, since one stored object is written in the order of a set
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.behaviour.comparison import SHOWN, differences
from tests.behaviour.recording import record


def main() -> int:
    """Record, or compare; exit status 1 when two recordings differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("luot", help="the `luot` of the tree to be recorded, or the word `compare`")
    parser.add_argument("folders", nargs="+", type=Path, help="where the recording goes; two folders for `compare`")
    parser.add_argument("--keep", type=Path, help="an empty folder for the data directories, which are kept there")
    asked = parser.parse_args()
    if len(asked.folders) != (2 if asked.luot == "compare" else 1):
        parser.error("give one folder to record into, or two to compare")
    if asked.luot == "compare":
        return compare(*asked.folders)
    return make(Path(asked.luot).absolute(), asked.folders[0].resolve(), asked.keep)


def make(luot: Path, folder: Path, keep: Path | None) -> int:
    """Record a tree; an old recording in the folder is not mixed with the new one."""
    if folder.exists() and any(folder.iterdir()):
        print(f"{folder} is not empty: give another folder", file=sys.stderr)
        return 2
    began = time.monotonic()
    count = record(luot, folder, keep)
    print(f"{count} files in {folder} after {time.monotonic() - began:.0f} s")
    return 0


def compare(one: Path, other: Path) -> int:
    """Say whether two recordings are equal, else where they differ first."""
    found = differences(one, other)
    for line in found[:SHOWN]:
        print(line)
    if len(found) > SHOWN:
        print(f"and {len(found) - SHOWN} lines more")
    print("different" if found else "equal")
    return 1 if found else 0


if __name__ == "__main__":
    raise SystemExit(main())
