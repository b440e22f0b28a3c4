"""What another version left on its disks is taken up by this one: nothing is lost, given or printed twice."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from tests.behaviour.tree import Tree
from tests.system.upgrade.take_up import CLAIMS, hold

ROOT = Path(__file__).resolve().parents[3]
ARCHIVES = sorted(Path(__file__).parent.glob("left-by-*.tar.xz"))

pytestmark = [pytest.mark.system, pytest.mark.screen, pytest.mark.timeout(300)]


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda archive: archive.name.split(".", maxsplit=1)[0])
@pytest.mark.parametrize("claim", CLAIMS)
def test_the_folders_of_an_earlier_version_are_taken_up(tmp_path: Path, archive: Path, claim: str) -> None:
    tree = Tree((sys.executable, "-m", "luot"), ROOT, tmp_path)

    asyncio.run(hold(tree, archive, claim))


def test_there_are_folders_to_take_up() -> None:
    assert ARCHIVES
