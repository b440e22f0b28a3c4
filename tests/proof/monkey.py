"""A child who presses everything, on the real window before a real controller; then a citizen who takes a number."""

from __future__ import annotations

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from statistics import linear_regression
from typing import TYPE_CHECKING

from deploy.demo.processes import DemoFault
from deploy.driver.centre import GROUP, KIOSK, SERVICE
from deploy.driver.citizen import DONE, START, take_a_number
from deploy.driver.rig import Rig, rig
from devices.screen.memory_use import anonymous_mib
from tests.proof.mischief import CHORDS, Mischief, click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deploy.driver.hand import Event
    from deploy.driver.watcher import Standing

SIZE = (540, 960)
BATCH = 60
"""So many events are sent before the window is given time to take them."""
QUIET_S = 0.05
TAKEN_S = 30.0
RESTS, LEAST_STRETCH = 10, 1000
"""So many times a run the memory is read on the first screen, but not more often than each so many events.

What stands in the midst of it is whatever screen was hit last, with what it has replaced: that says nothing of a leak.
"""
WARM_EVENTS = 5000
"""So many events it takes until every screen has been drawn and caches are filled."""
GROWTH_MIB, FILLING_MIB = 10.0, 40.0
"""What the kiosk's memory at rest may grow by after the warm part, by the straight line through its samples; and, in a
run that is hardly longer than that part, by first drawing everything."""
LOOK_S, AT_REST_S = 0.1, 2.0
"""The memory is at rest when it was not given back any more for so long: the window sweeps behind each screen."""
STANDS_S = 5.0
"""So long a touch may take until the screen that it leads to is told."""
HOME_S = 120.0
WAYS_HOME = ("Tiếng Việt", DONE, "Trang đầu", "Về trang đầu", "Quay lại")


@dataclass(slots=True)
class Mayhem:
    """What became of it; `memory` are samples of events so far and MiB on the first screen, `peak` the most in MiB."""

    events: int = 0
    seconds: float = 0.0
    memory: list[tuple[float, float]] = field(default_factory=list)
    peak: float = 0.0
    numbers: int = 0
    last: str = ""
    faults: list[str] = field(default_factory=list)

    @property
    def short(self) -> bool:
        """Tell whether the run is too short to tell a leak from what is drawn for the first time."""
        return self.events < 2 * WARM_EVENTS

    @property
    def bound(self) -> float:
        """Give the MiB by which the memory may grow."""
        return FILLING_MIB if self.short else GROWTH_MIB

    @property
    def growth(self) -> float:
        """Give the MiB by which the memory grew after the warm part, by the line through its samples."""
        after = [(at, mib) for at, mib in self.memory if self.short or at >= WARM_EVENTS]
        slope, _ = linear_regression([at for at, _ in after], [mib for _, mib in after])
        return slope * (after[-1][0] - after[0][0])

    def figures(self) -> dict[str, object]:
        """Give the figures of the run."""
        return {
            "events": self.events, "seconds": round(self.seconds, 1), "rate": round(self.events / self.seconds, 1),
            "mib_begin": round(self.memory[0][1], 1),
            "mib_warm": round(next((mib for at, mib in self.memory if at >= WARM_EVENTS), self.memory[-1][1]), 1),
            "mib_end": round(self.memory[-1][1], 1), "mib_peak": round(self.peak, 1),
            "growth_mib": round(self.growth, 2), "bound_mib": self.bound,
            "numbers": self.numbers, "then_issued": self.last, "faults": self.faults,
        }  # fmt: skip


async def run_wild(folder: Path, events: int, seed: int) -> Mayhem:
    """Press everything for so many events, then take a number; the seed makes the same run again."""
    async with rig(folder, SIZE) as made:
        mayhem, dice = Mayhem(), random.Random(seed)  # noqa: S311 - a seed makes it again
        chords = [[made.hand.keycode(name) for name in chord] for chord in CHORDS]
        acts = Mischief(dice, SIZE, list(made.hand.keycodes), chords).acts()
        await _rest(made, mayhem)
        stretch = max(events // RESTS, LEAST_STRETCH)
        while mayhem.events < events:
            await _press_everything(made, mayhem, acts, min(mayhem.events + stretch, events))
            await _rest(made, mayhem)
        mayhem.last = await take_a_number(made.seen, made.hand, GROUP, SERVICE)
        await _hold(made, mayhem)
        return mayhem


async def _press_everything(made: Rig, mayhem: Mayhem, acts: Iterator[list[Event]], until: int) -> None:
    hand, begin = made.hand, time.monotonic()
    while mayhem.events < until:
        batch: list[Event] = []
        while len(batch) < BATCH and mayhem.events + len(batch) < until:
            batch += next(acts)
        batch += click((1, 1))
        heard = made.seen.look().touches
        hand.send(batch)
        mayhem.events += len(batch)
        await _taken(made, heard)
        made.alive()
        mayhem.peak = max(mayhem.peak, _mib(made))
    mayhem.seconds += time.monotonic() - begin


async def _rest(made: Rig, mayhem: Mayhem) -> None:
    """Go back to the first screen and read the memory there, once nothing more is given back."""
    least = 0.0
    while not (least and _welcomes(made.seen.look().standing)):
        await _home(made)
        least, since = _mib(made), time.monotonic()
        while time.monotonic() < since + AT_REST_S:
            await asyncio.sleep(LOOK_S)
            if _mib(made) < least:
                least, since = _mib(made), time.monotonic()
    mayhem.memory.append((mayhem.events, least))


def _mib(made: Rig) -> float:
    return anonymous_mib(made.programs.running[KIOSK].pid)


async def _taken(made: Rig, heard: int) -> None:
    """Wait until the window has taken everything: it notices touches of the batch, whose last is one, and no more."""
    seen = made.seen
    deadline = time.monotonic() + TAKEN_S
    while True:
        await asyncio.sleep(0.005)
        if seen.look().touches > heard and await seen.quiet(QUIET_S):
            return
        if time.monotonic() > deadline:
            raise DemoFault(f"the window took nothing for {TAKEN_S:.0f} s: {made.programs.last_words(KIOSK)}")


async def _home(made: Rig) -> None:
    """Bring the kiosk back to its first screen in its first language, as somebody does who looks at it."""
    seen, deadline = made.seen, time.monotonic() + HOME_S
    while time.monotonic() < deadline:
        standing, told = seen.look().standing, seen.screens
        if _welcomes(standing):
            return
        place = _way_home(standing) if standing is not None else None
        if place is not None:
            heard = seen.touches
            await made.hand.touch(place)
            # A second touch at this place would meet the screen that the first has led to.
            await _taken(made, heard)
        await seen.changes(STANDS_S, told)
    raise DemoFault(f"the kiosk did not come back to its first screen within {HOME_S:.0f} s")


def _welcomes(standing: Standing | None) -> bool:
    return standing is not None and standing.screen == "welcome" and standing.shows(START)


def _way_home(standing: Standing) -> tuple[int, int] | None:
    names = WAYS_HOME[1:] if standing.face.endswith("-vi") else WAYS_HOME[:1]
    return next((at for name in names for words, at in standing.targets.items() if name in words), None)


async def _hold(made: Rig, mayhem: Mayhem) -> None:
    """Hold the numbers, the slips, the journal and the memory against what must be."""
    journal = await made.journal()
    numbers = [str(event["data"]["number"]) for event in journal if event["type"] == "issued"]
    known = {*numbers, *(str(event["data"]["number"]) for event in journal if event["type"] == "renumbered")}
    seqs = [int(event["seq"]) for event in journal]
    given, tokens = made.seen.issued, made.seen.tokens
    mayhem.numbers = len(given)
    slips = [receipt.image for receipt in made.paper.receipts if receipt.cut]
    kept = await asyncio.to_thread(_without_slip, made.folder)
    checks = {
        "a number was issued twice": len(set(numbers)) == len(numbers),
        "a number of the kiosk is not in the journal": set(given) <= known,
        "the journal has a gap": seqs == list(range(seqs[0], seqs[0] + len(seqs))),
        f"{len(slips)} slips and {kept} recorded failures for {len(tokens)} numbers": len(slips) + kept == len(tokens),
        f"the memory grew by {mayhem.growth:.1f} MiB": mayhem.growth <= mayhem.bound,
        "another window stands beside the kiosk's": made.hand.windows() == 1,
    }
    mayhem.faults = [what for what, holds in checks.items() if not holds]


def _without_slip(folder: Path) -> int:
    """Count the jobs of which the printer's spool says why they were not printed, or are not known to be."""
    jobs = [json.loads(path.read_bytes()) for path in folder.glob("devices/*/spool/*.json")]
    return sum(job.get("state") in ("refused", "unknown") for job in jobs)
