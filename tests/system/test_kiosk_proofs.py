"""The kiosk's real window before a real broker, controller and printer: walked through, and everything is pressed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, get_args

import pytest

from deploy.driver.pseudo_language import PSEUDO
from kiosk.views import view_model
from tests.proof.monkey import run_wild
from tests.proof.scenes import SCENES
from tests.proof.tour import never_reached, tour

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.screen, pytest.mark.timeout(900)]

KINDS = [body.__name__.removesuffix("Body").lower() for body in get_args(view_model.Body)]
EVENTS = 100_000 if os.environ.get("LUOT_LONG") else 3000
HARDEST = ((960, 540), (PSEUDO, "vi", "en"))
"""The longest words on the lowest window, in a language that is not shipped."""
WALKS = [HARDEST, ((540, 960), ("vi", "en"))] if os.environ.get("LUOT_LONG") else [HARDEST]


async def test_whoever_presses_everything_changes_nothing_for_the_next_citizen(tmp_path: Path) -> None:
    mayhem = await run_wild(tmp_path, EVENTS, seed=1)

    assert mayhem.faults == [], mayhem.figures()
    assert mayhem.last.startswith("A")


@pytest.mark.parametrize(("size", "languages"), WALKS)
async def test_every_kind_of_screen_is_reached_no_touch_leads_nowhere_and_no_text_is_cut(
    tmp_path: Path, size: tuple[int, int], languages: tuple[str, ...]
) -> None:
    report = await tour(tmp_path, size, languages, SCENES, seconds=240, quick=True)

    assert report.faults == [], report.words()
    assert never_reached([report], KINDS) == [], report.words()
    assert len(report.pictures) >= len(KINDS)
