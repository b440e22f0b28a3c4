"""`luot broker-files`: the configuration and the users of a Mosquitto that is the centre's own service."""

from __future__ import annotations

import json
import re
import socket
import sys
from pathlib import Path
from typing import Annotated

import typer

from broker.contract.ids import is_slug
from broker.link.address import parse_listen
from broker.server.dynamic_security import DeviceUser, new_password, stored_hashes
from broker.server.file_owner import NoSuchOwnerError, file_owner, hand_over, unreadable
from broker.server.mosquitto import CONFIG_FILE, BrokerError, read_security, write_files, write_security
from broker.server.mosquitto_config import Listener, Tls
from controller.commands.output import fail
from controller.services.devices.credentials import hash_of
from controller.services.devices.inventory import kinds_of
from controller.services.journal.ports import StoreError
from controller.store.broker_users import StoredUsers, read_users

LISTEN = "0.0.0.0:8883"
REACH_S = 1.0


def register(app: typer.Typer) -> None:
    """Add `broker-files` to the application."""
    app.command("broker-files", help="Write the files of a Mosquitto that is the centre's own service.")(broker_files)


def broker_files(  # noqa: PLR0913 - every option of the command line is an argument
    folder: Annotated[Path, typer.Argument(help="Where the files go; Mosquitto writes its users back there.")],
    *,
    centre: Annotated[str | None, typer.Option(help="The centre's id.", envvar="LUOT_CENTRE")] = None,
    source: Annotated[
        Path | None,
        typer.Option("--from", metavar="STORE", help="A data directory, store or backup: its devices may sign in."),
    ] = None,
    listen: Annotated[
        str | None, typer.Option(help=f"HOST:PORT to listen on, else {LISTEN}; with --from, else as it was.")
    ] = None,
    certfile: Annotated[Path | None, typer.Option(help="The certificate; with --keyfile it speaks TLS.")] = None,
    keyfile: Annotated[Path | None, typer.Option(help="The certificate's key.")] = None,
    cafile: Annotated[Path | None, typer.Option(help="The authority that signed it.")] = None,
    user: Annotated[
        str | None, typer.Option(help="Whose the files are: the account that Mosquitto runs as; root: luot.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with the password.")] = False,
) -> None:
    """Write mosquitto.conf and its users: the controller, whose password is shown once, and the devices of --from."""
    if (certfile is None) != (keyfile is None):
        raise typer.BadParameter("a certificate needs its key and a key its certificate", param_hint="--certfile")
    tls = Tls(certfile, keyfile, cafile) if certfile is not None and keyfile is not None else None
    stored = None if source is None else _stored(source)
    name = _centre(centre, stored)
    listener = _listener(folder, listen, tls, from_store=stored is not None)
    password = new_password()
    try:
        owner = file_owner(folder, user)
        users = None if stored is None else _users(folder, stored)
        path = _write(folder, name, password, listener, owner.pw_name, users)
        hand_over(folder, owner)
    except (BrokerError, NoSuchOwnerError, OSError) as fault:
        typer.echo(f"The broker's files were not written: {fault}", err=True)
        raise typer.Exit(1) from fault
    for closed in unreadable(owner, [path, *(file for file in (certfile, keyfile, cafile) if file is not None)]):
        typer.echo(
            f"luot: {owner.pw_name} cannot read {closed}, so Mosquitto will not start: change its owner", err=True
        )
    _tell(path, password, stored, users, as_json=as_json)


def _stored(source: Path) -> StoredUsers:
    try:
        return read_users(source)
    except StoreError as down:
        fail(str(down))


def _centre(given: str | None, stored: StoredUsers | None) -> str:
    """Return the centre's id; beside a controller, LUOT_CENTRE is the path of a file, which `--from` makes needless."""
    if stored is not None:
        if given is not None and is_slug(given) and given != stored.centre.id:
            fault = f"the store belongs to the centre {stored.centre.id}, not to {given}"
            raise typer.BadParameter(fault, param_hint="--centre")
        return stored.centre.id
    if given is None:
        raise typer.BadParameter("give the centre's id, or a store with --from", param_hint="--centre")
    if not is_slug(given):
        raise typer.BadParameter(
            f"{given!r} is no centre id, as the file has it under [centre]: small letters, digits and hyphens",
            param_hint="--centre (LUOT_CENTRE)",
        )
    return given


def _listener(folder: Path, listen: str | None, tls: Tls | None, *, from_store: bool) -> Listener | None:
    """Return what to listen on; None to keep the configuration that is there."""
    if from_store and (folder / CONFIG_FILE).exists():
        _refuse_while_running(folder / CONFIG_FILE)
        if listen is None and tls is None:
            return None
    try:
        return Listener(*parse_listen(listen or LISTEN), tls)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--listen") from error


def _refuse_while_running(config: Path) -> None:
    """End when something listens where the configuration says: a running Mosquitto would overwrite its users."""
    for port, host in re.findall(r"^listener (\d+) (\S+)$", config.read_text(), re.MULTILINE):
        try:
            socket.create_connection((host, int(port)), timeout=REACH_S).close()
        except OSError:
            continue
        fail(f"a broker listens on {host}:{port}, and a running one overwrites its users: stop it first")


def _users(folder: Path, stored: StoredUsers) -> list[DeviceUser]:
    """Return the store's devices, and those of a readable file that the store knows but has no password of."""
    try:
        there = stored_hashes(read_security(folder) or {})
    except BrokerError:
        there = {}  # broken, which is what the store is asked for
    hashes = there | {device: hash_of(row) for device, row in stored.credentials.items()}
    kinds = kinds_of(stored.centre)
    return [DeviceUser(device, kinds[device], one) for device, one in sorted(hashes.items()) if device in kinds]


def _write(
    folder: Path,
    centre: str,
    password: str,
    listener: Listener | None,
    account: str,
    users: list[DeviceUser] | None,
) -> Path:
    if listener is None:
        write_security(folder, centre, password, users)
        return (folder / CONFIG_FILE).absolute()
    return write_files(folder, centre, password, [listener], account, users)


def _tell(
    path: Path, password: str, stored: StoredUsers | None, users: list[DeviceUser] | None, *, as_json: bool
) -> None:
    devices = [user.device for user in users or ()]
    lacking = [] if stored is None else sorted(kinds_of(stored.centre).keys() - set(devices))
    if lacking:
        typer.echo(f"luot: no password is stored for {', '.join(lacking)}: `luot device add` gives it one", err=True)
    if as_json:
        made = {"user": "controller", "password": password, "config": str(path), "devices": devices}
        sys.stdout.write(json.dumps(made) + "\n")
        return
    typer.echo(f"Start Mosquitto with: mosquitto -c {path}")
    if stored is not None:
        typer.echo(f"{len(devices)} devices sign in with the passwords they have.")
    typer.echo(f"Give the controller its password as LUOT_MQTT_PASSWORD; it is shown once: {password}")
