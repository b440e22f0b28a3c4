"""`luot verify`: the projections rebuilt from the journal and compared."""

from __future__ import annotations

from contextlib import closing

import typer

from controller.commands.asking import DataOption, JsonOption
from controller.commands.saying import FAILED, fail, say_json
from controller.services.ports import StoreDown
from controller.services.verify import differences
from controller.store.audit import Audit
from controller.store.database import FILE

SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add `verify` to the application."""
    app.command("verify", help="Rebuild the projections from the journal and compare them.")(verify)


def verify(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Replay every day through the rules and compare; exit 1 when anything differs."""
    try:
        with closing(Audit(data / FILE)) as audit:
            days, found = len(audit.days()), list(differences(audit))
    except StoreDown as error:
        fail(str(error))
    if as_json:
        say_json({"days": days, "differences": found})
    else:
        for line in found[:SHOWN]:
            typer.echo(line)
        typer.echo(f"{days} days replayed, {len(found)} differences")
    if found:
        raise typer.Exit(FAILED)
