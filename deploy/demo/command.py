"""`luot demo`: the whole centre on this machine, and a day of citizens."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import httpx
import typer
from rich.console import Console
from rich.table import Table

from broker.runtime.logs import configure_logs
from deploy.demo import by_hand, headless
from deploy.demo.processes import DemoFault
from deploy.demo.reckoning import Line, balances
from deploy.demo.stage import last_weekday

HEADLESS_SPEED = 240.0
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
console = Console(soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the user asked for."""

    folder: Path
    speed: float | None
    citizens: int
    seed: int
    drop_print: int
    port: int | None


def register(app: typer.Typer) -> None:
    """Add `demo` to the application."""
    app.command("demo", help="The whole centre on this machine, and a day of citizens.")(demo)


def demo(
    *,
    headless_: Annotated[bool, typer.Option("--headless", help="Make a virtual screen and play a whole day.")] = False,
    speed: Annotated[
        float | None, typer.Option(min=0.1, help="How many times faster than life the day passes.")
    ] = None,
    data: Annotated[Path | None, typer.Option(help="The folder to leave behind; demo-DATE-TIME here.")] = None,
    citizens: Annotated[int, typer.Option(min=1, help="How many people come on the day.")] = 460,
    seed: Annotated[int, typer.Option(help="The same seed gives the same day.")] = 1,
    http: Annotated[int | None, typer.Option(help="The port of the pages; a free one if left out.")] = None,
    drop_print: Annotated[int, typer.Option(min=0, help="Lose this many slips, to see that the table notices.")] = 0,
) -> None:
    """Play the demonstration; exit 1 when the books do not balance or something did not come up."""
    folder = (data or Path(f"demo-{datetime.now(UTC):%Y%m%d-%H%M%S}")).resolve()
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    with (folder / "logs" / "demo.log").open("a", encoding="utf-8") as log:
        configure_logs(os.environ, log, level="warning")
        _play(headless_=headless_, wishes=Wishes(folder, speed, citizens, seed, drop_print, http))


def _play(*, headless_: bool, wishes: Wishes) -> None:
    folder = wishes.folder
    try:
        if headless_ or not os.environ.get("DISPLAY"):
            lines = asyncio.run(_headless(wishes))
        else:
            asyncio.run(
                by_hand.run(folder, last_weekday(datetime.now(ZONE).date()), wishes.speed or 1.0, wishes.port, _say)
            )
            return
    except DemoFault as fault:
        print(f"The demonstration stopped: {fault}. What was written is in {folder}.", file=sys.stderr)  # noqa: T201
        raise typer.Exit(1) from fault
    except (httpx.HTTPError, OSError) as fault:
        print(f"The demonstration stopped: {fault!r}. The logs are in {folder / 'logs'}.", file=sys.stderr)  # noqa: T201
        raise typer.Exit(1) from fault
    except KeyboardInterrupt:
        _say("ended by hand")
        return
    _show(lines, folder)
    if not balances(lines):
        raise typer.Exit(1)


async def _headless(wishes: Wishes) -> list[Line]:
    day = last_weekday(datetime.now(ZONE).date())
    order = headless.Order(
        wishes.folder, day, ZONE, wishes.speed or HEADLESS_SPEED, wishes.citizens, wishes.seed, wishes.drop_print,
        wishes.port,
    )  # fmt: skip
    return await headless.run(order, _say, console)


def _say(sentence: str) -> None:
    console.print(f"[bold]·[/bold] {sentence}", highlight=False)


def _show(lines: list[Line], folder: Path) -> None:
    table = Table(title="The books of the day", title_justify="left")
    table.add_column("claim")
    table.add_column("left", justify="right")
    table.add_column("right", justify="right")
    table.add_column("")
    for line in lines:
        mark = "[green]holds[/green]" if line.holds else f"[red bold]DOES NOT HOLD[/red bold] {line.detail}"
        table.add_row(line.claim, str(line.left), str(line.right), mark)
    console.print(table)
    verdict = "[green]reconciles[/green]" if balances(lines) else "[red bold]does not reconcile[/red bold]"
    console.print(f"The day {verdict}. Slips, screens, spoken calls, reports and logs: {folder}", highlight=False)
    plain = [f"{line.claim}\t{line.left}\t{line.right}\t{'holds' if line.holds else 'DOES NOT HOLD ' + line.detail}"
             for line in lines]  # fmt: skip
    (folder / "books.tsv").write_text("\n".join(plain) + "\n", encoding="utf-8")
