"""`luot centre check | import | export | holidays | procedures`: the configuration of a centre."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from controller.admin.lock import LOCK_FILE
from controller.commands.admin_client import call_admin
from controller.commands.centre_file import read_centre, write_document
from controller.commands.holidays import propose
from controller.commands.options import DataOption
from controller.commands.output import WRONG_USE, fail, fail_with_config_faults
from controller.commands.procedures import group as procedures
from controller.domain.centre.centre import CentreFaults
from controller.domain.centre.differences import removed
from controller.settings import only_here
from controller.store.database import FILE

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="A configuration as TOML.")]


def register(app: typer.Typer) -> None:
    """Add `centre` to the application."""
    group = typer.Typer(no_args_is_help=True, help="The configuration of a centre.")
    group.command("check", help="Name every fault of a configuration with its place.")(check)
    group.command("import", help="Put a configuration in force as a new version.")(bring_in)
    group.command("export", help="Write the configuration in force as TOML.")(export)
    group.command("holidays", help="Propose the public holidays of a year, to be looked over.")(propose)
    group.add_typer(procedures(), name="procedures")
    app.add_typer(group, name="centre")


def check(file: FileArgument) -> None:
    """Name every fault of a configuration; exit 2 when there is one."""
    try:
        centre = read_centre(file)
    except CentreFaults as faults:
        fail_with_config_faults(faults)
    typer.echo(
        f"{file}: the centre {centre.id}, {len(centre.service)} services, {len(centre.counter)} counters: no faults"
    )
    if only_here(centre.card.public_url):
        typer.echo(
            f"warning: [centre] public_url = {centre.card.public_url} is this machine only: the QR of a slip leads"
            " nowhere on a citizen's phone. Give the address by which phones reach the controller.",
            err=True,
        )


def bring_in(file: FileArgument, *, data: DataOption) -> None:
    """Put a configuration in force; an empty data directory begins with it."""
    try:
        centre = read_centre(file)
    except CentreFaults as faults:
        fail_with_config_faults(faults)
    begins = _begins(data)
    document = centre.to_document()
    current = call_admin(data, {"do": "centre.export"}, first=centre)
    version = current["version"]
    if current["data"] != document:
        version = call_admin(data, {"do": "centre.import", "data": document})["version"]
        _warn_of_removed(current["data"], document)
    began = f"{data} was empty and now belongs to {centre.id}: " if begins else ""
    typer.echo(f"{began}version {version} of the configuration is in force")


def _warn_of_removed(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Name the devices and PINs that the version before had: commands put them there, and a file may lack them."""
    gone = removed(before, after)
    if gone.devices:
        typer.echo(
            "warning: these devices of the version before are not in the file and were removed with their passwords:"
            f" {', '.join(gone.devices)}",
            err=True,
        )
    if gone.pins:
        typer.echo(
            "warning: these kiosks had a PIN in the version before, which is not in the file and was removed:"
            f" {', '.join(gone.pins)}",
            err=True,
        )
    if gone.devices or gone.pins:
        typer.echo(
            "If that was not meant, put the devices into the file, import it again, and give passwords"
            " (`luot device add`) and PINs (`luot device pin`). Next time begin with what is in force:"
            " `luot centre export FILE` first writes them out.",
            err=True,
        )


def _begins(data: Path) -> bool:
    """Return whether an import would begin a data directory; ends the program unless that is plainly wanted."""
    advice = "nothing was changed; give the directory of `luot serve`, or make an empty one to begin a centre in"
    if not data.is_dir():
        fail(f"there is no data directory {data}: {advice}", WRONG_USE)
    if (data / FILE).exists():
        return False
    if any(entry.name != LOCK_FILE for entry in data.iterdir()):
        fail(f"{data} is no data directory of a controller and not empty: {advice}", WRONG_USE)
    return True


def export(
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="Where to; else the standard output.")] = None,
    *,
    data: DataOption,
) -> None:
    """Write the configuration in force as TOML."""
    text = write_document(call_admin(data, {"do": "centre.export"})["data"])
    if file is None:
        typer.echo(text, nl=False)
        return
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
