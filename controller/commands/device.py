"""`luot device add | list | remove`: devices and their credentials."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from controller.commands.admin_client import call_admin
from controller.commands.options import DataOption, JsonOption
from controller.commands.output import WRONG_USE, fail, print_json


def register(app: typer.Typer) -> None:
    """Add `device` to the application."""
    group = typer.Typer(no_args_is_help=True, help="Devices and their credentials.")
    group.command("add", help="Give a device a password, valid at once; a new one enters the configuration.")(add)
    group.command("list", help="Show every device, and whether it is there.")(show)
    group.command("identify", help="Have a device show its name for 10 seconds.")(identify)
    group.command("restart", help="Have a device's program begin anew.")(restart)
    group.command("pin", help="Set or take away the PIN of the staff at a kiosk.")(pin)
    group.command("remove", help="Take a device and its password away.")(remove)
    app.add_typer(group, name="device")


def add(
    kind: Annotated[str, typer.Argument(help="kiosk, rater, keypad, printer, sign or board.")],
    device: Annotated[str, typer.Argument(metavar="ID", help="The device's id.")],
    *,
    data: DataOption,
    counter: Annotated[str | None, typer.Option(help="The counter of a rater, keypad or sign.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a password for a device, known or new; it is shown once."""
    keys = {} if counter is None else {"counter": counter}
    made = call_admin(data, {"do": "device.add", "kind": kind, "id": device, "keys": keys})
    replaced = made.pop("replaced", False)
    if as_json:
        print_json(made)
    else:
        typer.echo(f"{made['id']} signs in with this password, which is shown once: {made['password']}")
        if replaced:
            typer.echo(
                "The password that it had before no longer works: write this one into the device's settings file"
                f" (LUOT_PASSWORD in /etc/luot/devices/{device}.env; of a printer that a kiosk drives,"
                " LUOT_PRINTER_PASSWORD in the kiosk's) and restart its program."
            )
        if "pair" in made:
            typer.echo(f"or, on the device itself, with this pairing code in LUOT_PAIR: {made['pair']}")


def show(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Show every device."""
    for device in call_admin(data, {"do": "device.list"})["items"]:
        if as_json:
            print_json(device)
        else:
            there = "online" if device["online"] else "offline"
            typer.echo(f"{device['id']:<32} {device['kind']:<8} {device.get('counter') or '-':<16} {there}")


def identify(
    device: Annotated[str, typer.Argument(metavar="ID", help="The device's id.")], *, data: DataOption
) -> None:
    """Have a device show its name."""
    _order(data, device, "identify")


def restart(device: Annotated[str, typer.Argument(metavar="ID", help="The device's id.")], *, data: DataOption) -> None:
    """Have a device's program begin anew."""
    _order(data, device, "restart")


def _order(data: Path, device: str, op: str) -> None:
    call_admin(data, {"do": "device.order", "id": device, "op": op})
    typer.echo(f"{device} has been told to {op}.")


def pin(
    device: Annotated[str, typer.Argument(metavar="ID", help="The kiosk's id.")],
    *,
    data: DataOption,
    stdin: Annotated[bool, typer.Option("--stdin", help="Read the PIN from standard input instead of asking.")] = False,
    none: Annotated[
        bool, typer.Option("--none", help="Take the PIN, and with it the menu of the staff, away.")
    ] = False,
) -> None:
    """Put the hash of a PIN into the configuration; the PIN itself goes nowhere."""
    hashed = None if none else _hashed(sys.stdin.readline().strip() if stdin else _asked())
    call_admin(data, {"do": "device.pin", "id": device, "hash": hashed})
    typer.echo(f"{device} has {'no PIN any more' if none else 'a new PIN'}.")


def _asked() -> str:
    return str(typer.prompt("PIN (6 to 12 digits)", hide_input=True, confirmation_prompt=True))


def _hashed(words: str) -> str:
    from broker.runtime.pin import fault_of, hash_pin  # noqa: PLC0415 - no other task of this command hashes anything

    fault = fault_of(words)
    if fault is not None:
        fail(fault, WRONG_USE)
    return hash_pin(words)


def remove(
    device: Annotated[str, typer.Argument(metavar="ID", help="The device's id.")],
    *,
    data: DataOption,
    as_json: JsonOption = False,
) -> None:
    """Take a device out of the centre."""
    gone = call_admin(data, {"do": "device.remove", "id": device})
    if as_json:
        print_json(gone)
    else:
        typer.echo(f"{gone['id']} is no longer a device of this centre.")
