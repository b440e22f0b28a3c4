from __future__ import annotations

import importlib
import json
import sys
import tomllib
import types
from typing import TYPE_CHECKING, Any

import pytest
import structlog
import typer
from typer.testing import CliRunner

from deploy.bench import command
from deploy.driver.figure import BenchFault
from deploy.driver.local_centre import centre_text

if TYPE_CHECKING:
    from collections.abc import Iterator

FIGURES = [
    {"name": "one", "value": 1.5, "unit": "ms", "detail": {"budget": "<= 2 ms", "met": True, "p99": 3}},
    {"name": "two", "value": 9, "unit": "s", "detail": {"budget": "<= 2 s", "met": False}},
]


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> Iterator[typer.Typer]:
    """The application with two benchmarks of its own."""
    good, bad = types.ModuleType("bench_good"), types.ModuleType("bench_bad")

    def figures() -> Iterator[dict[str, Any]]:
        yield from FIGURES

    def fails() -> Iterator[dict[str, Any]]:
        yield FIGURES[0]
        raise BenchFault("the broker did not come up; is mosquitto installed?")

    good.figures, bad.figures = figures, fails  # type: ignore[attr-defined]  # modules made on the spot
    monkeypatch.setitem(sys.modules, "bench_good", good)
    monkeypatch.setitem(sys.modules, "bench_bad", bad)
    monkeypatch.setattr(command, "BENCHES", {"good": "bench_good:figures", "bad": "bench_bad:figures"})
    app = typer.Typer()
    app.callback()(lambda: None)
    command.register(app)
    yield app
    structlog.reset_defaults()


def test_json_is_one_object_a_line(app: typer.Typer) -> None:
    ran = CliRunner().invoke(app, ["bench", "good", "--json"])

    assert [json.loads(line) for line in ran.stdout.splitlines()] == FIGURES


def test_people_read_the_value_beside_its_budget(app: typer.Typer) -> None:
    ran = CliRunner().invoke(app, ["bench", "good"])

    assert "one: 1.5 ms  met: <= 2 ms" in ran.stdout
    assert "two: 9 s  MISSED: <= 2 s" in ran.stdout


def test_a_budget_that_is_missed_exits_1(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert CliRunner().invoke(app, ["bench", "good"]).exit_code == 1

    monkeypatch.setattr(sys.modules["bench_good"], "figures", lambda: iter(FIGURES[:1]))

    assert CliRunner().invoke(app, ["bench", "good"]).exit_code == 0


def test_a_benchmark_that_cannot_run_says_why_and_exits_1(app: typer.Typer) -> None:
    ran = CliRunner().invoke(app, ["bench", "bad"])

    assert ran.exit_code == 1
    assert ran.stderr.strip() == "bad could not be measured: the broker did not come up; is mosquitto installed?"


def test_all_runs_each_and_goes_on_after_a_failure(app: typer.Typer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "BENCHES", {"bad": "bench_bad:figures", "good": "bench_good:figures"})

    ran = CliRunner().invoke(app, ["bench", "all", "--json"])

    assert ran.exit_code == 1
    assert [json.loads(line)["name"] for line in ran.stdout.splitlines()] == ["one", "one", "two"]


def test_an_unknown_name_is_wrong_use_and_names_the_known(app: typer.Typer) -> None:
    ran = CliRunner().invoke(app, ["bench", "speed"])

    assert ran.exit_code == 2
    assert "good, bad" in ran.stderr


@pytest.mark.parametrize("place", command.BENCHES.values())
def test_every_benchmark_has_its_function(place: str) -> None:
    module, _, function = place.partition(":")
    assert callable(getattr(importlib.import_module(module), function))


def test_the_centre_of_the_benchmarks_has_no_faults() -> None:

    parse = importlib.import_module("controller.domain.centre.centre").parse_centre

    assert len(parse(tomllib.loads(centre_text(50, 8))).devices) == 50 + 16
