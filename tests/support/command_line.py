"""Commands run in this process: what typer makes of an application is made once, and not at every run."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import pytest
import typer.main
import typer.testing
from typer.testing import CliRunner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typer.testing import Result

_made = functools.cache(typer.main.get_command)


def run_command(app: typer.Typer, words: Sequence[str], given: str | None = None) -> Result:
    """Run a command with its words; `given` is what is typed. To run it often, keep the application."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(typer.testing, "_get_command", _made)
        return CliRunner().invoke(app, list(words), input=given)
