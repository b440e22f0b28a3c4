"""`luot user add | list | remove`: officers, supervisors and administrators."""

from __future__ import annotations

import re
import sys
from typing import Annotated

import typer

from controller.commands.admin_client import call_admin
from controller.commands.options import DataOption, JsonOption
from controller.commands.output import WRONG_USE, fail, print_json

NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$")


def register(app: typer.Typer) -> None:
    """Add `user` to the application."""
    group = typer.Typer(no_args_is_help=True, help="Officers, supervisors and administrators.")
    group.command("add", help="Make a user, or give a known one another role and password.")(add)
    group.command("list", help="Show every user.")(show)
    group.command("remove", help="Take a user and their sessions away.")(remove)
    app.add_typer(group, name="user")


def add(
    user: Annotated[str, typer.Argument(metavar="NAME", help="The name to sign in with.")],
    *,
    role: Annotated[str, typer.Option(help="officer, supervisor or administrator.")],
    data: DataOption,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read the password from standard input instead of making one.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make a user; a password that was made is shown once."""
    if not NAME.match(user):
        fail(f"{user!r} cannot be a user name: letters, digits and . _ @ -, at most 64", WRONG_USE)
    password = sys.stdin.readline().rstrip("\n") if password_stdin else None
    made = call_admin(data, {"do": "user.add", "user": user, "role": role, "password": password})
    if as_json:
        print_json(made)
    elif password_stdin:
        typer.echo(f"{made['user']} signs in with the given password.")
    else:
        typer.echo(f"{made['user']} signs in with this password, which is shown once: {made['password']}")


def show(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Show every user."""
    for user in call_admin(data, {"do": "user.list"})["items"]:
        if as_json:
            print_json(user)
        else:
            typer.echo(f"{user['user']:<64} {user['role']}")


def remove(
    user: Annotated[str, typer.Argument(metavar="NAME", help="The user's name.")],
    *,
    data: DataOption,
    as_json: JsonOption = False,
) -> None:
    """Take a user away."""
    gone = call_admin(data, {"do": "user.remove", "user": user})
    if as_json:
        print_json(gone)
    else:
        typer.echo(f"{gone['user']} is no longer a user.")
