"""`kiosk-start`, `kiosk-restart`, `touch-to-drawn`, `kiosk-memory`, `taps-to-slip`: the real kiosk window, touched.

The finger is XTEST's; the window stands before a real controller, broker and printer, as in `deploy/proof`.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.demo.processes import DemoFault
from deploy.driver.atlas import Atlas
from deploy.driver.centre import GROUP, KIOSK, SERVICE
from deploy.driver.citizen import DONE, START, take_a_number, touch
from deploy.driver.figure import BenchFault, Figure, percentile
from deploy.driver.hand import lifted, moved, pressed
from deploy.driver.rig import Rig, rig
from deploy.driver.signposts import signposts
from deploy.driver.walk import Walker
from devices.screen.memory_use import anonymous_mib, resident_mib

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator, Mapping

SIZE = (1080, 1920)
WINDOW = f"{SIZE[0]}x{SIZE[1]}"
START_S, STARTS = 5.0, 5
BACK_S, KILLS = 5.0, 3
DRAWN_MS, TOUCHES = 100.0, 100
MEMORY_MIB, WALK_S = 60.0, 120.0
TAPS, MORE = 2, 12
"""And so many further services, as a centre has: with few there is no need for common ones."""
WARM, BACK = 8, "Quay lại"
SETTLE_S, LONGEST_S, WINDOW_S = 0.25, 5.0, 60.0
LOOK_S = 0.002
PROBE = 8
"""A square of so many pixels is watched for a change."""


@asynccontextmanager
async def _rig(*, kiosk: bool = True, more: int = 0) -> AsyncIterator[Rig]:
    with tempfile.TemporaryDirectory(prefix="luot-bench-") as folder:
        try:
            async with rig(Path(folder), SIZE, kiosk=kiosk, more=more) as made:
                yield made
        except DemoFault as fault:
            raise BenchFault(str(fault)) from fault


def start_figures() -> Iterator[dict[str, Any]]:
    """Measure from the start of the program to its first drawn screen."""
    times = asyncio.run(_starts())
    yield Figure(
        "kiosk-start", max(times), "s", budget=f"<= {START_S:.0f} s from the command to the first drawn screen",
        met=max(times) <= START_S, detail={"each": [round(took, 2) for took in times], "window": WINDOW},
    ).line()  # fmt: skip


async def _starts() -> list[float]:
    async with _rig(kiosk=False) as made:
        times = []
        for _ in range(STARTS):
            begin = time.perf_counter()
            starting = asyncio.create_task(made.start_kiosk())
            await _until(lambda: any(made.hand.picture(PROBE, PROBE)), WINDOW_S)
            times.append(time.perf_counter() - begin)
            await starting
            await made.programs.stop(KIOSK)
            made.seen.standing = None
        return times


def restart_figures() -> Iterator[dict[str, Any]]:
    """Measure from the death of the program, on a menu and on a ticket, until the same screen is drawn again."""
    times = asyncio.run(_restarts())
    slowest = max(took for each in times.values() for took in each)
    yield Figure(
        "kiosk-restart", slowest, "s", budget=f"<= {BACK_S:.0f} s from SIGKILL to the same screen, the slowest of all",
        met=slowest <= BACK_S,
        detail={**{screen: [round(took, 2) for took in each] for screen, each in times.items()}, "window": WINDOW},
    ).line()  # fmt: skip


async def _restarts() -> dict[str, list[float]]:
    async with _rig(kiosk=False) as made:
        times: dict[str, list[float]] = {"services": [], "ticket": []}
        for _ in range(KILLS):
            await made.start_kiosk()
            await touch(made.seen, made.hand, "welcome", START)
            await touch(made.seen, made.hand, "groups", GROUP)
            times["services"].append(await _back_on(made, "services"))
            await touch(made.seen, made.hand, "services", SERVICE)
            times["ticket"].append(await _back_on(made, "ticket"))
            await touch(made.seen, made.hand, "ticket", DONE)
            await made.seen.stands("welcome")
            # A program that falls more often within a minute waits before it begins; one that ended in order has not.
            await made.programs.stop(KIOSK)
            made.seen.look().standing = None
        return times


async def _back_on(made: Rig, screen: str) -> float:
    """Kill the kiosk on a screen and start it again; gives the seconds until the window shows that screen."""
    await made.seen.stands(screen)
    begin = time.perf_counter()
    await made.kill_kiosk()
    await made.run_kiosk()
    first = (await made.seen.until(lambda seen: seen.standing, "a screen", WINDOW_S)).standing
    took = time.perf_counter() - begin
    if first is None or first.screen != screen:
        raise BenchFault(
            f"after the restart another screen stands than '{screen}': {first.screen if first else 'none'}"
        )
    return took


def touch_figures() -> Iterator[dict[str, Any]]:
    """Measure from a finger on the glass to the pixels of the next screen."""
    times = asyncio.run(_touches())
    median, slow = percentile(times, 0.5), percentile(times, 0.99)
    yield Figure(
        "touch-to-drawn", median, "ms", budget=f"median and p99 <= {DRAWN_MS:.0f} ms", met=slow <= DRAWN_MS,
        detail={"p90": round(percentile(times, 0.9), 1), "p99": round(slow, 1), "max": round(max(times), 1),
                "touches": len(times), "window": WINDOW},
    ).line()  # fmt: skip


async def _touches() -> list[float]:
    async with _rig() as made:
        way = (("welcome", START), ("groups", GROUP), ("services", BACK), ("groups", BACK))
        pictures = [await _looks(made, screen, words) for screen, words in way]
        probes = [_difference(one, other) for one, other in zip(pictures, [*pictures[1:], pictures[0]], strict=True)]
        times = []
        for count in range(WARM + TOUCHES):
            at = count % len(way)
            standing = await made.seen.stands(way[at][0])
            times.append(await _drawn(made, standing.where(way[at][1]), *probes[at]))
        return times[WARM:]


async def _looks(made: Rig, screen: str, words: str) -> bytes:
    """Give the picture of a screen, and touch what leads to the next."""
    await made.seen.stands(screen)
    await asyncio.sleep(SETTLE_S)
    picture = made.picture()
    await touch(made.seen, made.hand, screen, words)
    return picture


def _difference(one: bytes, other: bytes) -> tuple[tuple[int, int], bytes]:
    """Give a place where two screens differ, and what is there on the second."""
    for y in range(SIZE[1] // 5, SIZE[1] - PROBE, PROBE):
        for x in range(0, SIZE[0] - PROBE, PROBE):
            if _square(one, x, y) != _square(other, x, y):
                return (x, y), _square(other, x, y)
    raise BenchFault("two screens look the same")


def _square(picture: bytes, x: int, y: int) -> bytes:
    return b"".join(picture[4 * (row * SIZE[0] + x) :][: 4 * PROBE] for row in range(y, y + PROBE))


async def _drawn(made: Rig, place: tuple[int, int], probe: tuple[int, int], then: bytes) -> float:
    """Touch, and give the milliseconds until a place looks as it will."""
    await asyncio.sleep(SETTLE_S)
    begin = time.perf_counter()
    made.hand.send([moved(*place), pressed("button", 1), lifted("button", 1)])
    await _until(lambda: made.hand.picture(PROBE, PROBE, *probe) == then, LONGEST_S)
    return (time.perf_counter() - begin) * 1000


async def _until(drawn: Callable[[], bool], seconds: float) -> None:
    """Look at the screen until something is drawn."""
    deadline = time.perf_counter() + seconds
    while not drawn():
        if time.perf_counter() > deadline:
            raise BenchFault(f"what should be drawn was not within {seconds:.0f} s")
        await asyncio.sleep(LOOK_S)


def memory_figures() -> Iterator[dict[str, Any]]:
    """Measure the kiosk's memory after its screens were walked through, above that of an empty Kivy window."""
    empty, lean, kiosk, screens = asyncio.run(_memory())
    above = {name: kiosk[name] - empty[name] for name in kiosk}
    yield Figure(
        "kiosk-memory", above["resident"], "MiB",
        budget=f"<= {MEMORY_MIB:.0f} MiB above an empty Kivy window of the same size, resident and anonymous",
        met=max(above.values()) <= MEMORY_MIB,
        detail={
            "kiosk": _rounded(kiosk), "empty": _rounded(empty), "above": _rounded(above), "own_empty": _rounded(lean),
            "screens": screens, "window": WINDOW,
        },
    ).line()  # fmt: skip


def _rounded(mib: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in mib.items()}


async def _memory() -> tuple[dict[str, float], dict[str, float], dict[str, float], int]:
    async with _rig() as made:
        empty, lean = await _empty_window(made, "plain"), await _empty_window(made, "lean")
        words = signposts(("vi", "en"), made.texts)
        walker = Walker(made, Atlas("vi", quick=True, shy=words.apart), words, made.folder / "pictures")
        # What prints is held from the first slip on, whichever way the walk takes.
        await take_a_number(made.seen, made.hand, GROUP, SERVICE)
        await made.paper.wait_for(1)
        await walker.explore(time.monotonic() + WALK_S)
        await asyncio.sleep(1.0)
        pid = made.programs.running[KIOSK].pid
        kiosk = {"resident": resident_mib(pid), "anonymous": anonymous_mib(pid)}
        return empty, lean, kiosk, len(walker.atlas.ways)


async def _empty_window(made: Rig, kind: str) -> dict[str, float]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "deploy.bench.empty_window", WINDOW, kind, stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "DISPLAY": made.display, "KIVY_HOME": str(made.folder / f"kivy-{kind}")},
    )  # fmt: skip
    said, _ = await process.communicate()
    if process.returncode:
        raise BenchFault("no empty window could be opened to compare with")
    measured: dict[str, float] = json.loads(said)
    return measured


def tap_figures() -> Iterator[dict[str, Any]]:
    """Count the touches from the first screen to the slip of a service that people come for."""
    taps, printed = asyncio.run(_taps())
    yield Figure(
        "taps-to-slip",
        taps,
        "touches",
        budget=f"<= {TAPS} touches for a common service",
        met=taps <= TAPS,
        detail={"slips": printed},
    ).line()


async def _taps() -> tuple[int, int]:
    async with _rig(more=MORE) as made:
        await take_a_number(made.seen, made.hand, GROUP, SERVICE)
        slips, taps = len(made.paper.receipts), made.seen.look().touches
        await touch(made.seen, made.hand, "welcome", START)
        menu = await made.seen.stands("groups")
        if not any(SERVICE in words for words in menu.targets):
            raise BenchFault(f"the menu of groups does not offer '{SERVICE}' itself: {', '.join(sorted(menu.targets))}")
        await touch(made.seen, made.hand, "groups", SERVICE)
        await made.paper.wait_for(slips + 1)
        return made.seen.look().touches - taps, len(made.paper.receipts) - slips
