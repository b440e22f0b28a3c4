"""The demonstration without a screen: a virtual one is made, a day passes, and the books are held."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from deploy.demo import programme, prometheus
from deploy.demo.printer_sink import PrinterSink
from deploy.demo.processes import DemoFault, Programs
from deploy.demo.screen import Screen, start_xvfb
from deploy.demo.stage import FULL, DayClock, Records, windows_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from rich.console import Console

    from deploy.demo.hall import Hall
    from deploy.demo.reckoning import Line

LEADS_S = (40.0, 120.0)
"""Real seconds between the start of the programs and the opening; the second try is for a busy machine."""
LEFT_BEHIND = ("data", "devices", "records", "prometheus", "voice", "slips", "screens", "reports")
"""What an earlier day left in the folder would be counted as this one's."""
DAY_MINUTES = 600
FIRST_COUNTER = "c1"
"""Where the first citizen is called: the counter whose sign and pad have a window."""
RATE_S = 15.0
"""Real seconds that the officer of the first citizen waits before calling the next."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be played."""

    folder: Path
    day: date
    zone: ZoneInfo
    speed: float
    citizens: int
    seed: int
    drop_print: int
    port: int | None


async def run(order: Order, say: Callable[[str], None], console: Console) -> list[Line]:
    """Play the day and give the books; a machine that needs longer to set up gets a later opening."""
    for lead in LEADS_S:
        async with AsyncExitStack() as ending:
            stage, hall, cast = await _set_up(order, lead, say, ending)
            if stage.clock_now.now() > stage.clock.instant(stage.clock.opening):
                say(f"setting up took longer than {lead:.0f} s; the hall opens once more, later")
                continue
            await _play(order, stage, hall, cast, console)
            stage.say("waiting for the last slips and the voice")
            await programme.drain(stage, hall)
            return await programme.hold_the_books(stage, hall)
    raise DemoFault(f"the programs were not all there within {LEADS_S[-1]:.0f} s; is this machine busy?")


async def _set_up(
    order: Order, lead: float, say: Callable[[str], None], ending: AsyncExitStack
) -> tuple[programme.Stage, Hall, programme.Cast]:
    """Start everything on a virtual screen, and sign everybody in."""
    for left in LEFT_BEHIND:
        await asyncio.to_thread(shutil.rmtree, order.folder / left, ignore_errors=True)
    clock = DayClock(order.day, order.zone, order.speed, lead)
    programs = Programs(order.folder / "logs", clock.environment())
    ending.push_async_callback(programs.stop_all)
    say("a virtual screen")
    xvfb, display = await start_xvfb(FULL.width, FULL.height)
    programs.running["xvfb"] = xvfb
    programs.environment = {**clock.environment(), "DISPLAY": display}
    screen = Screen(display)
    ending.callback(screen.close)
    sinks = {name: await ending.enter_async_context(PrinterSink()) for name in ("printer-1", "printer-2")}
    stage = programme.Stage(
        order.folder, clock, screen, windows_on(FULL.width, FULL.height), programs,
        Records(order.folder / "records"), sinks, say,
    )  # fmt: skip
    hall = await programme.set_up(stage, order.port)
    stage.prometheus = await prometheus.start(hall)
    say(f"the hall stands; pages at {hall.http}" + (", Prometheus scrapes it" if stage.prometheus else ""))
    cast = await programme.sign_in(stage, hall, lambda _number: programme.at_most(stage.first_rated, RATE_S))
    return stage, hall, cast


async def _play(order: Order, stage: programme.Stage, hall: Hall, cast: programme.Cast, console: Console) -> None:
    """Wait for the opening, let the first citizen be first, then let the day pass."""
    plan = programme.plan_of(hall, order.seed, order.citizens)
    stage.sinks["printer-2"].drop_next(order.drop_print)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[said]}"),
        TimeElapsedColumn(),
        console=console,
    ) as progress:
        bar = progress.add_task("the day", total=DAY_MINUTES, said="")
        watching = asyncio.create_task(_watch(stage, progress, bar))
        try:
            await _until_opening(stage)
            first = asyncio.create_task(_first(stage, hall))
            await programme.live_the_day(stage, hall, cast, plan, stage.first_called, FIRST_COUNTER)
            await first
        finally:
            watching.cancel()
    if not stage.book.issued:
        raise DemoFault("nobody was given a number on this day")


async def _until_opening(stage: programme.Stage) -> None:
    clock = stage.clock_now
    await asyncio.sleep(max(0.0, (stage.clock.instant(stage.clock.opening) - clock.now()) / 1000 / clock.speed))


async def _first(stage: programme.Stage, hall: Hall) -> None:
    number = await programme.first_citizen(stage, hall)
    stage.say(f"a finger on the kiosk's window: {number}")
    # The pad asks only for a while: whoever waits for the voice first may find another visit's question there.
    await asyncio.gather(_watched(stage, number), _rated(stage, hall, number))


async def _watched(stage: programme.Stage, number: str) -> None:
    await programme.watch_first(stage, number)
    stage.say(f"{number} stood on the sign and was said by the voice")


async def _rated(stage: programme.Stage, hall: Hall, number: str) -> None:
    await programme.rate_by_hand(stage, hall)
    stage.say(f"{number} was rated on the pad")
    stage.first_rated.set()


async def _watch(stage: programme.Stage, progress: Progress, bar: TaskID) -> None:
    """Show how far the day is."""
    clock = stage.clock_now
    while True:
        minutes = (clock.now() - stage.clock.instant(stage.clock.opening)) / 60_000
        told = ", ".join(f"{name} {count}" for name, count in programme.facts(stage).items())
        progress.update(bar, completed=max(0, min(minutes, DAY_MINUTES)), said=told)
        await asyncio.sleep(0.5)
