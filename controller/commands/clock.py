"""`luot clock show | accept | back`: a clock that the controller does not believe, and the way back from one it did."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from broker.runtime.clock import clock_from
from controller.admin.lock import DataLockedError, lock_data
from controller.commands.admin_client import call_admin
from controller.commands.options import DataOption, JsonOption, StoppedDataOption
from controller.commands.output import WRONG_USE, fail, print_json
from controller.domain.centre.calendar import local_day
from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.restore.backup import timezone_of
from controller.store.restore.take_back import future_of, take_back

if TYPE_CHECKING:
    from pathlib import Path

    from controller.store.restore.take_back import Future


def register(app: typer.Typer) -> None:
    """Add `clock` to the application."""
    group = typer.Typer(no_args_is_help=True, help="A clock that the controller does not believe.")
    group.command("show", help="Show what the clock shows, and whether it is believed.")(show)
    group.command("accept", help="Believe the clock: date and time were looked at and are right.")(accept)
    group.command("back", help="Leave the days that a wrong clock opened, with the controller stopped.")(back)
    app.add_typer(group, name="clock")


def show(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Show what the clock shows."""
    state = call_admin(data, {"do": "clock.show"})
    if as_json:
        print_json(state)
    else:
        typer.echo(f"held: {state['reason']}" if state["held"] else f"the clock shows {state['local']} and is believed")
        if "ahead" in state:
            typer.echo(state["ahead"])


def accept(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Believe the clock from now on."""
    state = call_admin(data, {"do": "clock.accept"})
    if as_json:
        print_json(state)
    elif state["held"]:
        typer.echo(f"{state['local']} is accepted; the controller decides again")
    else:
        typer.echo(f"the clock shows {state['local']} and was not held: there was nothing to accept")


def back(
    *,
    data: StoppedDataOption,
    yes: Annotated[bool, typer.Option("--yes", help="Leave them out without a question.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Put the store back to before the first event that is later than the clock, as a new epoch."""
    try:
        with lock_data(data):
            now, zone = clock_from(os.environ).now(), ZoneInfo(timezone_of(data / FILE))
            moment, today = _moment(now, zone), str(local_day(now, zone))
            if not yes:
                _agree(future_of(data, now), moment, today, data)
            taken = take_back(data, now, today)
    except (StoreError, DataLockedError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the data directory {data} cannot be used: {error}")
    if as_json:
        print_json({"now": moment, "facts": taken.events, "days": taken.days, "epoch": taken.done.epoch})
        return
    typer.echo(f"it is {moment}: {taken.events} facts later than that, of {', '.join(taken.days)}, are left out")
    series = ", ".join(f"{one} behind {number}" for one, number in sorted(taken.done.floors.items()))
    typer.echo(f"{data} goes on as epoch {taken.done.epoch}; each series continues: {series}")
    typer.echo(
        f"the store with all facts is kept as {taken.done.kept}. Who waited before them waits again in their place, if "
        f"it is the same day; who took a number since then takes a new one"
    )
    typer.echo(f"to take this back: luot restore {taken.done.kept} --data {data}")


def _agree(future: Future, moment: str, today: str, data: Path) -> None:
    """Say on the error output what would be left out, and go on only when somebody at a terminal agrees."""
    days = ", ".join(f"{count} of {day}" for day, count in future.days.items())
    typer.echo(f"it is {moment} by the clock; {future.events} facts would be left out: {days}", err=True)
    if today in future.days:
        typer.echo(
            f"{future.days[today]} of them are of today ({today}): if it is later than {moment} in truth, the clock is "
            "behind; then do not go on, but set it right",
            err=True,
        )
    typer.echo(
        f"the store with all facts would be kept in {data}; `luot restore` of it, named at the end, takes this back",
        err=True,
    )
    if not _at_a_terminal():
        fail("nobody can be asked without a terminal, and nothing was changed: give --yes", WRONG_USE)
    if not typer.confirm("leave them out?", err=True):
        fail("nothing was changed")


def _at_a_terminal() -> bool:
    return sys.stdin.isatty()


def _moment(instant: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(instant / 1000, zone).strftime("%Y-%m-%d %H:%M")
