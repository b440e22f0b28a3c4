"""Every sub-command stands in the documentation and says what it does."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import luot

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (ROOT / "docs" / "commands.md").read_text()


@pytest.mark.parametrize("name", sorted(luot.SUBCOMMANDS))
def test_the_command_is_documented(name: str) -> None:
    assert f"`luot {name}" in COMMANDS


@pytest.mark.parametrize(("name", "module"), sorted((name, row[0]) for name, row in luot.SUBCOMMANDS.items()))
def test_the_command_registers_itself_and_has_help(name: str, module: str) -> None:
    assert callable(importlib.import_module(module).register)

    result = CliRunner().invoke(luot.build(name), [name, "--help"])

    assert result.exit_code == 0
    assert "Usage" in result.output


def test_wrong_use_exits_with_2() -> None:
    assert CliRunner().invoke(luot.build("serve"), ["serve", "--no-such-option"]).exit_code == 2


def test_the_help_page_lists_every_command_without_importing_any() -> None:
    result = CliRunner().invoke(luot.build(None), ["--help"])

    assert isinstance(luot.build(None), typer.Typer)
    for name in luot.SUBCOMMANDS:
        assert name in result.output
