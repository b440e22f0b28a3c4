"""The cable between a kiosk and its centre is cut while citizens come: a number and a slip each, all handed in."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.proof.cable_cut import command

if TYPE_CHECKING:
    from pathlib import Path

LONG = bool(os.environ.get("LUOT_LONG"))
CITIZENS, SECONDS = (50, 600.0) if LONG else (6, 40.0)
NAMESPACES = (("unshare", "--net", "--mount"), ("unshare", "--user", "--map-root-user", "--net", "--mount"))

pytestmark = [pytest.mark.system, pytest.mark.screen, pytest.mark.timeout(SECONDS + 300)]


def allowed() -> tuple[str, ...]:
    """Give what starts a program in a network namespace here; nothing where the machine allows none."""
    ways = (
        way for way in NAMESPACES if subprocess.run([*way, "true"], capture_output=True, check=False).returncode == 0
    )
    return next(ways, ())


def test_citizens_who_come_while_the_cable_is_cut_have_numbers_slips_and_a_place_in_the_journal(tmp_path: Path) -> None:
    done = subprocess.run(
        command(tmp_path, CITIZENS, SECONDS, wrap=allowed()), capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    told = json.loads(done.stdout)
    assert (told["offline"], told["slips"]) == (CITIZENS, CITIZENS + len(told["after"]))
    assert told["cut_s"] >= SECONDS
