"""`luot bench`: run one benchmark and print its figures beside their budgets."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from broker.runtime.logs import configure_logs
from deploy.demo.processes import DemoFault
from deploy.driver.figure import BenchFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

BENCHES: Mapping[str, str] = {
    "issue-http": "deploy.bench.issue_http:figures",
    "issue-mqtt": "deploy.bench.issue_mqtt:figures",
    "touch-to-reply": "deploy.bench.touch_to_reply:figures",
    "press-to-sign": "deploy.bench.press_to_sign:figures",
    "restart": "deploy.bench.restart:figures",
    "kiosk-start": "deploy.bench.kiosk:start_figures",
    "kiosk-restart": "deploy.bench.kiosk:restart_figures",
    "touch-to-drawn": "deploy.bench.kiosk:touch_figures",
    "kiosk-memory": "deploy.bench.kiosk:memory_figures",
    "taps-to-slip": "deploy.bench.kiosk:tap_figures",
    "wait-estimate": "deploy.bench.wait_estimate.bench:figures",
}
"""Name → `module:function`, which yields each figure as it is printed; imported only when it is run."""

ALL = "all"


def words(figure: Mapping[str, Any]) -> str:
    """Write a figure for people: the value, whether its budget was met, and what else was seen."""
    detail = dict(figure["detail"])
    met, budget = detail.pop("met", None), detail.pop("budget", "")
    verdict = "" if met is None else f"  {'met' if met else 'MISSED'}: {budget}"
    more = ", ".join(f"{name} {value}" for name, value in detail.items())
    return f"{figure['name']}: {figure['value']} {figure['unit']}{verdict}\n    {more}"


def run(name: str, *, as_json: bool, say: Callable[[str], None] = typer.echo) -> bool:
    """Run a benchmark and say its figures as they come; tell whether no budget was missed."""
    met = True
    module, _, function = BENCHES[name].partition(":")
    figures: Callable[[], Iterator[dict[str, Any]]] = getattr(importlib.import_module(module), function)
    for figure in figures():
        say(json.dumps(figure, ensure_ascii=False) if as_json else words(figure))
        met = met and figure["detail"].get("met") is not False
    return met


def register(app: typer.Typer) -> None:
    """Add `bench` to the application."""

    @app.command("bench", help="A benchmark; one JSON object a line with --json.")
    def bench(
        name: Annotated[str, typer.Argument(help=f"One of: {', '.join(BENCHES)}; or {ALL}.")],
        *,
        as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
    ) -> None:
        if name not in (*BENCHES, ALL):
            typer.echo(f"there is no benchmark {name!r}; give one of: {', '.join(BENCHES)}, {ALL}", err=True)
            raise typer.Exit(2)
        configure_logs({}, level="warning")
        failed = [one for one in (BENCHES if name == ALL else [name]) if not _ran(one, as_json=as_json)]
        raise typer.Exit(1 if failed else 0)


def _ran(name: str, *, as_json: bool) -> bool:
    try:
        return run(name, as_json=as_json)
    except (BenchFault, DemoFault) as fault:
        typer.echo(f"{name} could not be measured: {fault}", err=True)
        return False
