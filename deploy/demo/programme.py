"""The demonstration: the hall opens, the first citizen is played by touch, the day passes, the books are held."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from broker.runtime.clock import Clock, clock_from
from deploy.demo import opening_scene as scene
from deploy.demo import witnesses
from deploy.demo.day import DayPlan, plan_day
from deploy.demo.devices import DemoDevice, Keypad, Kiosk, RatingPad
from deploy.demo.escpos_reader import read_qr
from deploy.demo.hall import Hall, open_hall
from deploy.demo.people import Book, Citizens, Officer, Pace, Raters
from deploy.demo.processes import DemoFault, Programs
from deploy.demo.reckoning import Line, reckon
from deploy.demo.stage import DayClock, Records, spans, start_others, start_windows

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from deploy.demo.printer_sink import PrinterSink
    from deploy.demo.prometheus import Prometheus
    from deploy.demo.screen import Place, Screen

ALL_ONLINE_S = 60.0
FIRST_GROUP, FIRST_SERVICE = "land", "land"
BEGIN = "Chạm"
"""A word on the kiosk's way in; the others are the configuration's own names."""
FIRST_S = 25.0
"""Real seconds that the others let the first citizen go first."""
DRAIN_S = 30.0
"""Real seconds without a new slip or a new spoken call after which nothing more is waited for."""


@dataclass(slots=True)
class Stage:
    """Everything that plays: the folder it leaves, the screen it is seen on, what is written down."""

    folder: Path
    clock: DayClock
    screen: Screen
    places: dict[str, Place]
    programs: Programs
    records: Records
    sinks: dict[str, PrinterSink]
    say: Callable[[str], None]
    book: Book = field(default_factory=Book)
    prometheus: Prometheus | None = None
    touched: list[str] = field(default_factory=list)
    left: frozenset[str] = frozenset()
    first_called: asyncio.Event = field(default_factory=asyncio.Event)
    first_rated: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def clock_now(self) -> Clock:
        """The clock that every program of the demonstration reads."""
        return clock_from(self.clock.environment())

    @property
    def day(self) -> str:
        """The local date, as reports take it."""
        return self.clock.day.isoformat()


async def set_up(stage: Stage, port: int | None = None) -> Hall:
    """Open the hall and start every program; return when all devices are online."""
    stage.say("controller and broker")
    addresses = {name: sink.address for name, sink in stage.sinks.items()}
    hall = await open_hall(stage.folder, stage.programs, addresses, stage.clock.speed, port)
    stage.say("windows: kiosk, board, sign, rating pad")
    await start_windows(hall, stage.places, stage.records, stage.folder / "screens", stage.folder / "voice")
    stage.say("the other signs and the second printer")
    await start_others(hall, stage.places, stage.records)
    await _all_online(stage, hall)
    return hall


async def _all_online(stage: Stage, hall: Hall) -> None:
    """Wait until every started device is there; one that fell says why."""
    expected = {name for name in stage.programs.running if name not in ("controller", "xvfb", "prometheus")}
    online: set[str] = set()
    for _ in range(int(ALL_ONLINE_S * 4)):
        online = {device["id"] for device in (await hall.get("/devices", "admin"))["items"] if device["online"]}
        if expected <= online:
            return
        if fallen := stage.programs.fallen():
            raise DemoFault(f"{fallen[0]} ended: {stage.programs.last_words(fallen[0])}")
        await asyncio.sleep(0.25)
    raise DemoFault(f"these devices did not come online: {', '.join(sorted(expected - online))}")


async def first_citizen(stage: Stage, hall: Hall) -> str:
    """Touch the kiosk's window as a citizen does; give the number."""
    finger = scene.Finger(stage.screen, stage.places["kiosk-1"], stage.records.of("kiosk-1"))
    names = {kind: {entry["id"]: entry["name"]["vi"] for entry in hall.centre[kind]} for kind in ("group", "service")}
    number = await scene.take_a_number(finger, BEGIN, names["group"][FIRST_GROUP], names["service"][FIRST_SERVICE])
    stage.touched.append(number)
    await asyncio.sleep(0.5)
    stage.screen.keep(stage.places["kiosk-1"], stage.folder / "screens" / "kiosk.png")
    return number


async def watch_first(stage: Stage, number: str) -> None:
    """See the first number on its sign, hear it, and keep pictures of sign and board while it is called."""
    await scene.shown(stage.records, "sign-1", number)
    stage.screen.keep(stage.places["sign-1"], stage.folder / "screens" / "sign.png")
    stage.first_called.set()
    await scene.heard(stage.records, "board-1", number)
    stage.screen.keep(stage.places["board-1"], stage.folder / "screens" / "board.png")


async def rate_by_hand(stage: Stage, hall: Hall) -> None:
    """Touch the best face of the rating pad of counter 1 when it asks, and see what became of it there."""
    finger = scene.Finger(stage.screen, stage.places["rater-1"], stage.records.of("rater-1"))
    best = max(hall.centre["rating"]["levels"], key=lambda level: level["score"])
    await finger.touch("rate", best["name"]["vi"])
    answered = await scene.rated(finger)
    stage.book.ratings += answered
    await asyncio.sleep(0.3)
    stage.screen.keep(stage.places["rater-1"], stage.folder / "screens" / "rater.png")


async def drain(stage: Stage, hall: Hall) -> None:
    """Wait until every slip is on paper and every call is said, or nothing has moved for a while."""
    clock = asyncio.get_running_loop().time
    boards = [stage.records.of(device["id"]) for device in hall.devices("board")]
    signs = [stage.records.of(device["id"]) for device in hall.devices("sign")]
    done, since = (-1, -1), clock()
    while True:
        shown = set(witnesses.numbers_in(signs, "shown"))
        spoken = set(witnesses.numbers_in(boards, "spoken"))
        slips = sum(len(sink.receipts) + len(sink.dropped) for sink in stage.sinks.values())
        if slips >= len(stage.book.issued) + len(stage.touched) and spoken >= shown:
            return
        if (slips, len(spoken)) != done:
            done, since = (slips, len(spoken)), clock()
        if clock() - since > DRAIN_S:
            return
        await asyncio.sleep(0.5)


@dataclass(slots=True)
class Cast:
    """Everybody of the day, signed in and waiting for the opening."""

    officers: list[Officer]
    citizens: Citizens
    raters: Raters
    devices: list[DemoDevice]


async def sign_in(
    stage: Stage, hall: Hall, guests: Callable[[str], Awaitable[None]] | None, played: frozenset[str] = frozenset()
) -> Cast:
    """Sign the day's devices in; `played` are counters whose keypad is left to people, `guests` see `Officer`."""
    pace, driven = Pace(stage.clock_now), stage.clock_now
    kiosk = await Kiosk.sign_in(hall, "kiosk-2", clock=driven)
    keypads = [
        await Keypad.sign_in(hall, device["id"], device["counter"], clock=driven)
        for device in hall.devices("keypad") if device["counter"] not in played
    ]  # fmt: skip
    pads = {
        device["counter"]: await RatingPad.sign_in(hall, device["id"], device["counter"], clock=driven)
        for device in hall.devices("rater") if device["id"] not in stage.places
    }  # fmt: skip
    raters = Raters(kiosk, dict(pads), hall.centre["rating"]["version"], pace, stage.book)
    officers = [Officer(keypad, raters, pace, stage.book, guests) for keypad in keypads]
    return Cast(officers, Citizens(kiosk, pace, stage.book), raters, [kiosk, *keypads, *pads.values()])


async def live_the_day(
    stage: Stage, hall: Hall, cast: Cast, plan: DayPlan, first: asyncio.Event | None = None, counter: str = ""
) -> None:
    """Let everybody come, be called, served and rate.

    Where somebody is to be first, the others come once `first` is set, or after a while; until the first citizen has
    been called by `counter`, no other counter calls.
    """
    hours = spans(hall.centre["hours"][0]["open"], stage.clock)
    async with asyncio.TaskGroup() as everybody:
        for officer in cast.officers:
            if first is None or officer.counter == counter:
                everybody.create_task(officer.work(hours))
        if first is not None:
            await at_most(first, FIRST_S)
            for officer in cast.officers:
                if officer.counter != counter:
                    everybody.create_task(officer.work(hours))
        everybody.create_task(cast.citizens.come(plan.citizens, stage.clock.instant("00:00")))
    await cast.raters.done()
    # Asked while the day lasts: at midnight those who wait become those who are turned away.
    stage.left = await witnesses.still_waiting(hall)
    for device in cast.devices:
        await device.leave()


async def at_most(event: asyncio.Event, seconds: float) -> None:
    """Wait for an event, but not for ever."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return


def plan_of(hall: Hall, seed: int, citizens: int) -> DayPlan:
    """Plan the day's citizens for the hall's configuration."""
    return plan_day(hall.centre, seed, citizens)


async def hold_the_books(stage: Stage, hall: Hall) -> list[Line]:
    """Read every record back and hold them against each other; leaves slips and reports in the folder."""
    tokens = {turn.token: number for number, turn in stage.book.turns.items()}
    for device in hall.devices("kiosk"):
        rows = witnesses.lines_of(stage.records.of(device["id"]))
        tokens |= {row["token"]: row["number"] for row in rows if row.get("what") == "issued"}
    stage.say("reading the slips back from the printers' bytes")
    printed = await asyncio.to_thread(_read_slips, stage, tokens)
    books = await witnesses.books_of(hall, stage.day, stage.left)
    await witnesses.keep_reports(hall, stage.day, stage.folder / "reports")
    held = None
    if stage.prometheus is not None:
        told = {"issued": books.issued, "called": books.called, "served": books.served, "no_show": books.no_show}
        held = await witnesses.settled(stage.prometheus.figures, told, 15)
    return reckon(witnesses.gather(stage.book, stage.records, hall, printed), books, held)


def _read_slips(stage: Stage, numbers: dict[str, str]) -> list[str]:
    """Save each printed slip as a PNG and name it by the code that an independent reader finds in it."""
    images = [receipt.image for sink in stage.sinks.values() for receipt in sink.receipts if receipt.cut]
    found = read_qr(images)
    tokens = [code.rsplit("/t/", 1)[-1] if code and "/t/" in code else None for code in found]
    names = witnesses.token_numbers(tokens, numbers)
    folder = stage.folder / "slips"
    folder.mkdir(parents=True, exist_ok=True)
    for index, (name, image) in enumerate(zip(names, images, strict=True), 1):
        image.save(folder / f"{index:04d}-{name.replace(' ', '-')}.png")
    return names


def facts(stage: Stage) -> dict[str, Any]:
    """Give what the progress line shows."""
    book = stage.book
    return {"issued": len(book.issued) + len(stage.touched), "served": book.served, "absent": book.absent,
            "cancelled": len(book.cancelled), "rated": book.ratings}  # fmt: skip
