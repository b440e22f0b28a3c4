"""The kiosk's real window before a real broker, controller and printer: everything is pressed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from deploy.proof.monkey import run_wild

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.screen, pytest.mark.timeout(900)]

EVENTS = 100_000 if os.environ.get("LUOT_LONG") else 3000


async def test_whoever_presses_everything_changes_nothing_for_the_next_citizen(tmp_path: Path) -> None:
    mayhem = await run_wild(tmp_path, EVENTS, seed=1)

    assert mayhem.faults == [], mayhem.figures()
    assert mayhem.last.startswith("A")
