# ruff: noqa: INP001 - scripts are no package
"""Boot every systemd unit on a Debian 12 of its own, reboot it and look: as root, in about two minutes.

Usage: .venv/bin/python scripts/boot_units.py [--cache FOLDER] [--folder FOLDER]

It needs the Debian packages debootstrap and systemd-container. The first run makes the root (two minutes, 800 MB) in
the cache. Prints a table; exit status 1 when a unit was not active, a screen blank, a press or a slip lost, or a
controller that was frozen by SIGSTOP not started again.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.proof.boot.command import main

if __name__ == "__main__":
    raise SystemExit(main())
