"""`luot backup TO`: a copy of the store of a controller, also while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from controller.commands.options import DataOption
from controller.commands.output import fail
from controller.services.journal.ports import StoreError
from controller.store.restore.backup import back_up
from controller.store.restore.remains import refuse_lost_store


def register(app: typer.Typer) -> None:
    """Add `backup` to the application."""
    app.command("backup", help="Copy the store of a controller, also while it runs.")(backup)


def backup(to: Annotated[Path, typer.Argument(metavar="TO", help="The file to write.")], *, data: DataOption) -> None:
    """Copy the store; the copy is checked and complete when the command ends."""
    try:
        refuse_lost_store(data)
        back_up(data, to)
    except StoreError as error:
        fail(str(error))
    typer.echo(f"{to} holds the store of {data}")
