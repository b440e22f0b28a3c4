"""`luot broker-files`: the configuration and the first user of a Mosquitto that is the centre's own service."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from broker.address import parse_listen
from broker.contract.ids import is_slug
from broker.dynsec import new_password
from broker.file_owner import NoSuchOwner, file_owner, hand_over, unreadable
from broker.mosquitto import BrokerFault, write_files
from broker.mosquitto_config import Listener, Tls


def register(app: typer.Typer) -> None:
    """Add `broker-files` to the application."""
    app.command("broker-files", help="Write the files of a Mosquitto that is the centre's own service.")(broker_files)


def broker_files(
    folder: Annotated[Path, typer.Argument(help="Where the files go; Mosquitto writes its users back there.")],
    *,
    centre: Annotated[str, typer.Option(help="The centre's id.", envvar="LUOT_CENTRE")],
    listen: Annotated[str, typer.Option(help="HOST:PORT to listen on.")] = "0.0.0.0:8883",
    certfile: Annotated[Path | None, typer.Option(help="The certificate; with --keyfile it speaks TLS.")] = None,
    keyfile: Annotated[Path | None, typer.Option(help="The certificate's key.")] = None,
    cafile: Annotated[Path | None, typer.Option(help="The authority that signed it.")] = None,
    user: Annotated[
        str | None, typer.Option(help="Whose the files are: the account that Mosquitto runs as; root: luot.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with the password.")] = False,
) -> None:
    """Write mosquitto.conf and its users with only the controller among them; its password is shown once."""
    if not is_slug(centre):
        raise typer.BadParameter(
            f"{centre!r} is no centre id, as the file has it under [centre]: small letters, digits and hyphens",
            param_hint="--centre (LUOT_CENTRE)",
        )
    if (certfile is None) != (keyfile is None):
        raise typer.BadParameter("a certificate needs its key and a key its certificate", param_hint="--certfile")
    try:
        host, port = parse_listen(listen)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--listen") from error
    tls = Tls(certfile, keyfile, cafile) if certfile is not None and keyfile is not None else None
    password = new_password()
    try:
        owner = file_owner(folder, user)
        path = write_files(folder, centre, password, [Listener(host, port, tls)], owner.pw_name)
        hand_over(folder, owner)
    except (BrokerFault, NoSuchOwner, OSError) as fault:
        typer.echo(f"The broker's files were not written: {fault}", err=True)
        raise typer.Exit(1) from fault
    for closed in unreadable(owner, [path, *(file for file in (certfile, keyfile, cafile) if file is not None)]):
        typer.echo(
            f"luot: {owner.pw_name} cannot read {closed}, so Mosquitto will not start: change its owner", err=True
        )
    if as_json:
        sys.stdout.write(json.dumps({"user": "controller", "password": password, "config": str(path)}) + "\n")
    else:
        typer.echo(f"Start Mosquitto with: mosquitto -c {path}")
        typer.echo(f"Give the controller its password as LUOT_MQTT_PASSWORD; it is shown once: {password}")
