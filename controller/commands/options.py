"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

DataOption = Annotated[
    Path, typer.Option("--data", envvar="LUOT_DATA", help="The data directory of the controller, running or not.")
]
StoppedDataOption = Annotated[
    Path,
    typer.Option("--data", envvar="LUOT_DATA", help="The data directory of the controller, which must be stopped."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
