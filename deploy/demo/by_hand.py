"""The demonstration on a real screen: the hall stays open and people play citizen and officer by hand."""

from __future__ import annotations

import asyncio
import os
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from deploy.demo import programme
from deploy.demo.printer_sink import PrinterSink
from deploy.demo.processes import DemoFault, Programs
from deploy.demo.screen import Screen
from deploy.demo.stage import DayClock, Records, windows_on

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from deploy.demo.hall import Hall

LEAD_S = 20.0
PLAYED = frozenset({"c1"})
"""Counters that are left to whoever sits before the screen."""
LOOK_S = 1.0


async def run(folder: Path, day: date, speed: float, port: int | None, say: Callable[[str], None]) -> None:
    """Open the hall and keep it open until it is ended by hand; the other counters work through a day of their own."""
    clock = DayClock(day, ZoneInfo("Asia/Ho_Chi_Minh"), speed, LEAD_S, opening="07:30")
    programs = Programs(folder / "logs", clock.environment())
    async with AsyncExitStack() as ending:
        ending.push_async_callback(programs.stop_all)
        screen = Screen(os.environ["DISPLAY"])
        ending.callback(screen.close)
        sinks = {
            name: await ending.enter_async_context(PrinterSink(folder=folder / "slips" / name))
            for name in ("printer-1", "printer-2")
        }
        stage = programme.Stage(
            folder, clock, screen, windows_on(*screen.size), programs, Records(folder / "records"), sinks, say
        )
        hall = await programme.set_up(stage, port)
        cast = await programme.sign_in(stage, hall, None, PLAYED)
        _invite(hall, folder, say)
        others = asyncio.create_task(
            programme.live_the_day(stage, hall, cast, programme.plan_of(hall, 1, 460)), name="the other counters"
        )
        ending.callback(others.cancel)
        await _stay_open(programs)


def _invite(hall: Hall, folder: Path, say: Callable[[str], None]) -> None:
    """Say what can be done."""
    say(f"the officer's page of counter 1:  {hall.http}/  user can-bo  password {hall.logins['can-bo']}")
    say(f"the reports:  {hall.http}/  user giam-sat  password {hall.logins['giam-sat']}")
    say(f"the administrator:  user admin  password {hall.logins['admin']};  what Prometheus sees:  {hall.http}/metrics")
    say("try: touch the kiosk and take a number for land; sign in as the officer, open counter 1, press next;")
    say("     look at the sign and the board, listen; finish, and rate on the pad beside the sign")
    say(f"slips are kept as pictures in {folder / 'slips'}; Ctrl-C closes the hall")


async def _stay_open(programs: Programs) -> None:
    """Wait; a program that falls ends the demonstration with its last words."""
    while True:
        if fallen := programs.fallen():
            raise DemoFault(f"{fallen[0]} ended: {programs.last_words(fallen[0])}")
        await asyncio.sleep(LOOK_S)
