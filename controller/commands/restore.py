"""`luot restore FROM`: a backup put back in place, as a new epoch."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from broker.runtime.clock import clock_from
from controller.admin.lock import DataLockedError, lock_data
from controller.commands.options import StoppedDataOption
from controller.commands.output import fail
from controller.domain.centre.calendar import local_day
from controller.services.journal.ports import StoreError
from controller.store.restore.backup import put_back, timezone_of


def register(app: typer.Typer) -> None:
    """Add `restore` to the application."""
    app.command("restore", help="Put a backup back in place of the store of a stopped controller.")(restore)


def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="A backup.")],
    *,
    data: StoppedDataOption,
    clock_is_right: Annotated[
        bool, typer.Option("--clock-is-right", help="Days later than today were the mistake of a clock.")
    ] = False,
) -> None:
    """Put a backup back: a new epoch, each series at the next full hundred above the highest number known."""
    try:
        with lock_data(data):
            now, zone = clock_from(os.environ).now(), ZoneInfo(timezone_of(source))
            done = put_back(source, data, str(local_day(now, zone)), now, clock_is_right=clock_is_right)
    except (StoreError, DataLockedError) as error:
        fail(str(error))
    except OSError as error:
        fail(f"{source} could not be restored to {data}: {error}")
    for note in done.notes:
        typer.echo(f"luot: {note}", err=True)
    series = ", ".join(f"{one} behind {number}" for one, number in sorted(done.floors.items()))
    typer.echo(f"{data} holds {source} as epoch {done.epoch}; each series continues: {series}")
    typer.echo(
        f"{_end(done.last, zone)}: whoever took a number after it is in no queue and needs a new one; whoever was "
        f"served since may be called again"
    )
    kept = "" if done.kept is None else f"; the store that was in place is kept as {done.kept}"
    typer.echo(f"everybody signs in again{kept}")


def _end(last: int | None, zone: ZoneInfo) -> str:
    if last is None:
        return "the backup holds no entry"
    moment = datetime.fromtimestamp(last / 1000, zone).strftime("%Y-%m-%d %H:%M")
    return f"the last entry of the backup is of {moment}"
