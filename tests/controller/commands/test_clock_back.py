"""`luot clock back` says what it would leave out, and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import typer

from broker.contract.times import parse_instant
from controller.commands import clock
from controller.store.database import FILE
from tests.support.command_line import run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MONDAY = parse_instant("2026-11-23T08:00:00+07:00")
YEAR_2036 = parse_instant("2036-03-06T08:00:00+07:00")


@pytest.fixture
async def back(open_rig: Any, hand_clock: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """The command on a store whose Monday was closed by a time of 2036, asked on that Monday."""
    async with open_rig() as rig:
        await rig.issue()
        hand_clock.at = YEAR_2036
        await rig.engine.accept_clock()
        await rig.issue()
    hand_clock.at = MONDAY
    monkeypatch.setattr(clock, "clock_from", lambda _: hand_clock)
    app = typer.Typer()
    clock.register(app)

    def run(*words: str, terminal: bool = True, given: str | None = None) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "_at_a_terminal", lambda: terminal)
            return run_command(app, ["clock", "back", "--data", str(tmp_path), *words], given)

    return run


def test_it_says_what_would_be_left_out_and_a_no_changes_nothing(back: Any, tmp_path: Path) -> None:
    before = (tmp_path / FILE).read_bytes()

    done = back(given="n\n")

    assert done.exit_code == 1
    assert (
        "it is 2026-11-23 08:00 by the clock; 2 facts would be left out: 1 of 2026-11-23, 1 of 2036-03-06"
        in done.stderr
    )
    assert "1 of them are of today (2026-11-23)" in done.stderr
    assert "`luot restore` of it" in done.stderr
    assert "nothing was changed" in done.stderr
    assert (tmp_path / FILE).read_bytes() == before


def test_a_yes_leaves_them_out(back: Any, tmp_path: Path) -> None:
    done = back(given="y\n")

    assert done.exit_code == 0, done.stderr
    assert "2 facts later than that" in done.stdout
    assert "waits again in their place" in done.stdout
    assert f"luot restore {tmp_path / 'luot.db.replaced'} --data {tmp_path}" in done.stdout


def test_without_a_terminal_it_needs_the_option(back: Any) -> None:
    refused = back(terminal=False)
    done = back("--yes", terminal=False)

    assert (refused.exit_code, done.exit_code) == (2, 0)
    assert "give --yes" in refused.stderr
    assert "would be left out" not in done.stderr


@pytest.mark.usefixtures("back")
def test_an_accepted_clock_that_was_not_held_is_called_so(tmp_path: Path) -> None:
    app = typer.Typer()
    clock.register(app)

    done = run_command(app, ["clock", "accept", "--data", str(tmp_path)])

    assert done.exit_code == 0, done.stderr
    assert "+07:00 and was not held: there was nothing to accept" in done.stdout
