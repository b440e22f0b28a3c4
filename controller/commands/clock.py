"""`luot clock show | accept`: a clock that the controller does not believe."""

from __future__ import annotations

import typer

from controller.commands.asking import DataOption, JsonOption, do
from controller.commands.saying import say_json


def register(app: typer.Typer) -> None:
    """Add `clock` to the application."""
    group = typer.Typer(no_args_is_help=True, help="A clock that the controller does not believe.")
    group.command("show", help="Show what the clock shows, and whether it is believed.")(show)
    group.command("accept", help="Believe the clock: date and time were looked at and are right.")(accept)
    app.add_typer(group, name="clock")


def show(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Show what the clock shows."""
    told = do(data, {"do": "clock.show"})
    if as_json:
        say_json(told)
    else:
        typer.echo(f"held: {told['reason']}" if told["held"] else f"the clock shows {told['now']} and is believed")


def accept(*, data: DataOption, as_json: JsonOption = False) -> None:
    """Believe the clock from now on."""
    told = do(data, {"do": "clock.accept"})
    if as_json:
        say_json(told)
    else:
        typer.echo(f"{told['now']} is accepted; the controller decides again")
