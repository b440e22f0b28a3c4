"""`luot clock show | accept | back`: a clock that the controller does not believe, and the way back from one it did."""

from __future__ import annotations

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import typer

from broker.clock import clock_from
from controller.commands.asking import DataOption, JsonOption, StoppedDataOption, do
from controller.commands.saying import fail, say_json
from controller.domain.calendar import local_day
from controller.local.lock import Locked, locked
from controller.services.ports import StoreDown
from controller.store.backup import timezone_of
from controller.store.database import FILE
from controller.store.take_back import take_back


def register(app: typer.Typer) -> None:
    """Add `clock` to the application."""
    group = typer.Typer(no_args_is_help=True, help="A clock that the controller does not believe.")
    group.command("show", help="Show what the clock shows, and whether it is believed.")(show)
    group.command("accept", help="Believe the clock: date and time were looked at and are right.")(accept)
    group.command("back", help="Leave the days that a wrong clock opened, with the controller stopped.")(back)
    app.add_typer(group, name="clock")


def show(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Show what the clock shows."""
    told = do(data, {"do": "clock.show"})
    if as_json:
        say_json(told)
    else:
        typer.echo(f"held: {told['reason']}" if told["held"] else f"the clock shows {told['now']} and is believed")
        if "ahead" in told:
            typer.echo(told["ahead"])


def accept(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Believe the clock from now on."""
    told = do(data, {"do": "clock.accept"})
    if as_json:
        say_json(told)
    else:
        typer.echo(f"{told['now']} is accepted; the controller decides again")


def back(*, data: StoppedDataOption, as_json: JsonOption = False) -> None:
    """Put the store back to before the first fact that is later than the clock, as a new epoch."""
    try:
        with locked(data):
            now, zone = clock_from(os.environ).now(), ZoneInfo(timezone_of(data / FILE))
            taken = take_back(data, now, str(local_day(now, zone)))
    except (StoreDown, Locked) as error:
        fail(str(error))
    except OSError as error:
        fail(f"the data directory {data} cannot be used: {error}")
    moment = datetime.fromtimestamp(now / 1000, zone).strftime("%Y-%m-%d %H:%M")
    if as_json:
        say_json({"now": moment, "facts": taken.facts, "days": taken.days, "epoch": taken.done.epoch})
        return
    typer.echo(f"it is {moment}: {taken.facts} facts later than that, of {', '.join(taken.days)}, are left out")
    series = ", ".join(f"{one} behind {number}" for one, number in sorted(taken.done.floors.items()))
    typer.echo(f"{data} goes on as epoch {taken.done.epoch}; each series continues: {series}")
    typer.echo(f"the store with all facts is kept as {taken.done.kept}; whoever waits takes a new number")
