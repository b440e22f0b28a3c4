"""`luot centre procedures import | export | clear`: what citizens read at the kiosk."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from controller.commands.admin_client import call_admin
from controller.commands.options import DataOption
from controller.commands.output import WRONG_USE, fail
from controller.domain.centre.procedures import Procedure
from controller.domain.centre.procedures_file import MARK, write_csv, write_json

LARGEST_BYTES = 6 * 1024 * 1024
"""What goes over the socket of a running controller in one line, with room to spare."""


class Form(StrEnum):
    """How a list is written."""

    CSV = "csv"
    JSON = "json"


def group() -> typer.Typer:
    """Make the sub-commands."""
    made = typer.Typer(no_args_is_help=True, help="Papers, fee and time limit of each procedure, as the kiosk shows.")
    made.command("import", help="Put a list in force, from CSV or JSON; with a fault nothing changes.")(bring_in)
    made.command("export", help="Write the list in force.")(export)
    made.command("clear", help="Take the list away.")(clear)
    return made


def bring_in(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or JSON in UTF-8.")], *, data: DataOption
) -> None:
    """Put a list in force; every fault is named with its place, and then nothing has changed."""
    card = call_admin(data, {"do": "procedures.import", "text": _read(file)})
    typer.echo(f"{card['count']} procedures are in force, revision {card['revision']}")


def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; else the standard output.")] = None,
    *,
    data: DataOption,
    form: Annotated[Form, typer.Option("--format", help="How it is written.")] = Form.CSV,
) -> None:
    """Write the list in force, in a form that can be imported again."""
    found = [Procedure.model_validate(one) for one in call_admin(data, {"do": "procedures.export"})["items"]]
    text = write_csv(found) if form is Form.CSV else write_json(found)
    if file is None:
        typer.echo(text.removeprefix(MARK), nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")


def clear(*, data: DataOption) -> None:
    """Take the list away: kiosks have nothing to read any more."""
    call_admin(data, {"do": "procedures.clear"})
    typer.echo("no procedures are in force")


def _read(file: Path) -> str:
    try:
        raw = file.read_bytes()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}", WRONG_USE)
    if len(raw) > LARGEST_BYTES:
        fail(f"{file} has {len(raw)} bytes, at most {LARGEST_BYTES} are read: shorten its texts", WRONG_USE)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f'{file} is not UTF-8 at byte {error.start}: in a spreadsheet, save as "CSV UTF-8"', WRONG_USE)
