"""What a program says about the file of settings that its unit names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from broker.runtime.unit_settings import PAUSE_S, VARIABLE, hold_back, missing_file, warn_if_exposed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "kiosk-1.env"
    made.write_text("LUOT_PASSWORD=x\n")
    made.chmod(0o600)
    return made


def test_a_file_that_is_not_there_is_named_with_what_to_do(file: Path) -> None:
    assert missing_file({VARIABLE: str(file)}) is None
    file.unlink()

    said = missing_file({VARIABLE: str(file)})

    assert said is not None
    assert str(file) in said
    assert "docs/deploy.md" in said


def test_a_program_started_by_hand_has_no_file_that_could_be_missing() -> None:
    assert missing_file({}) is None


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, False), (0o644, True), (0o602, True)])
def test_a_file_that_every_account_can_read_or_write_is_warned_about(file: Path, mode: int, warned: bool) -> None:  # noqa: FBT001
    file.chmod(mode)

    with capture_logs() as logs:
        assert warn_if_exposed({VARIABLE: str(file)}) is warned

    assert [(entry["event"], entry["do"]) for entry in logs] == [
        ("password_file_exposed", f"chmod 0600 {file}")
    ] * warned


def test_a_file_that_cannot_be_looked_at_is_private(file: Path) -> None:
    assert warn_if_exposed({VARIABLE: str(file / "below")}) is False
    assert warn_if_exposed({}) is False


def test_only_what_a_unit_would_start_again_at_once_waits_before_it_ends(file: Path) -> None:
    slept: list[float] = []

    hold_back({}, slept.append)
    assert slept == []

    hold_back({VARIABLE: str(file)}, slept.append)
    assert slept == [PAUSE_S]
    assert 20 / PAUSE_S < 5  # tries in 20 s
