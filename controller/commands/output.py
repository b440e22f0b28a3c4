"""Output of the controller's commands: JSON, errors as one sentence, and the exit status."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from controller.commands.centre_file import fault_lines

if TYPE_CHECKING:
    from controller.domain.centre.centre import CentreFaults

FAILED = 1
WRONG_USE = 2


def fail(sentence: str, status: int = FAILED) -> NoReturn:
    """Say what happened and what to do, and end."""
    typer.echo(f"luot: {sentence}", err=True)
    raise typer.Exit(status)


def fail_with_config_faults(faults: CentreFaults) -> NoReturn:
    """Say every fault of a configuration, one a line, and end with wrong use."""
    for line in fault_lines(faults):
        typer.echo(line, err=True)
    raise typer.Exit(WRONG_USE)


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON
    """Write one JSON object a line to the standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
