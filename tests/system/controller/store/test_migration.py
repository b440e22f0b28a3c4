"""An upgrade of the store that is killed at any step."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from controller.store.database import FILE, STEPS, migrate
from tests.controller.store.test_migration import FIRST, older_store, steps_of
from tests.support.killed import DONE, KILLED, killed_before

if TYPE_CHECKING:
    from pathlib import Path


pytestmark = pytest.mark.system


def test_a_kill_at_any_step_of_an_upgrade_leaves_the_old_store_or_the_new_one(tmp_path: Path) -> None:
    older_store(tmp_path)
    step, ended, found = 0, KILLED, set[tuple[str, ...]]()
    while ended == KILLED:
        data = tmp_path / f"killed-{step}"
        data.mkdir()
        shutil.copy(tmp_path / FILE, data / FILE)
        ended = killed_before(step, lambda data=data: migrate(data / FILE))  # type: ignore[misc]
        found.add(steps_of(data / FILE))
        migrate(data / FILE)
        assert steps_of(data / FILE) == STEPS
        assert steps_of(data / f"{FILE}.before-{STEPS[FIRST]}") == STEPS[:FIRST]
        step += 1

    assert ended == DONE
    assert found == {STEPS[:FIRST], STEPS}
