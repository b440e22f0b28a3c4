"""`luot restore FROM`: a backup put back in place, as a new epoch."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from broker.clock import clock_from
from controller.commands.asking import DataOption
from controller.commands.saying import fail
from controller.domain.calendar import local_day
from controller.local.lock import Locked, locked
from controller.services.ports import StoreDown
from controller.store.backup import REPLACED, put_back, timezone_of

if TYPE_CHECKING:
    from broker.clock import Clock


def register(app: typer.Typer) -> None:
    """Add `restore` to the application."""
    app.command("restore", help="Put a backup back in place of the store of a stopped controller.")(restore)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A backup.")],
    *,
    data: DataOption,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Days later than today were the mistake of a clock.")
    ] = False,
) -> None:
    """Put a backup back: a new epoch, each series at the next full hundred above the highest number known."""
    try:
        with locked(data):
            clock = clock_from(os.environ)
            done = put_back(source, data, _today(source, clock), clock.now(), clock_is_right=clock_is_right)
    except (StoreDown, Locked) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{source} could not be restored to {data}: {error}")
    for note in done.notes:
        typer.echo(f"luot: {note}", err=True)
    series = ", ".join(f"{one} behind {number}" for one, number in sorted(done.floors.items()))
    typer.echo(f"{data} holds {source} as epoch {done.epoch}; each series continues: {series}")
    typer.echo(
        f"everybody signs in again; the store that was in place is kept as {data / REPLACED}, where there was one"
    )


def _today(source: Path, clock: Clock) -> str:
    return str(local_day(clock.now(), ZoneInfo(timezone_of(source))))
