"""Any history of numbers, backups, kills, losses and restores under wrong clocks gives no number twice on one real day.

`LUOT_LONG=1` tries 200 seeds. Clocks are wrong from a restore on until they are set. One that is behind is set before
the real day is over, and only on a day on which numbers were given before: what else a clock does is the matter of
decision 16. Where store and mark are both lost, a sign reports what it showed, within its reach.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import RefusedError
from broker.contract.payloads import DeviceState, Kind
from controller.domain.centre.centre import parse_centre
from controller.domain.events import EventType
from controller.services.counts import Counts
from controller.services.devices.after_restore import AfterRestore
from controller.services.devices.presence import Presence
from controller.services.journal.ports import StoreError
from controller.store.database import FILE
from controller.store.files import COMPANIONS
from controller.store.numbers import MARK_FILE
from controller.store.restore.backup import back_up, put_back
from controller.store.restore.remains import refuse_lost_store
from devices.base.highest_numbers import HighestNumbers
from tests.controller.conftest import document
from tests.support.examples import LONG
from tests.support.killed import killed_before

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEEDS = range(200 if LONG else 3)
EVENTS = 30 if LONG else 12
HOUR_MS = 3600 * 1000
DAY_MS = 24 * HOUR_MS
FOUR_DIGITS = len("A1000")
ALWAYS = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "open": ["00:00-24:00"]}]
LOCAL = timezone(timedelta(hours=7))


def day_of(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, LOCAL).date().isoformat()


class History:
    """One centre, its real time, and every number that anybody was given."""

    def __init__(self, seed: int, open_rig: Any, clock: Any, folder: Path) -> None:
        self.random = random.Random(seed)  # noqa: S311 - a history, no secret
        self.open_rig, self.clock, self.folder = open_rig, clock, folder
        self.real = clock.at
        self.given: Counter[tuple[str, str]] = Counter()
        self.acknowledged: set[tuple[str, str]] = set()
        self.sign = HighestNumbers()
        self.copies: list[Path] = []
        self.told: list[str] = []

    def set_clock(self, days: int) -> None:
        """Let the clock be wrong by so many days."""
        self.clock.at = self.real + days * DAY_MS

    def pass_time(self) -> None:
        """Let hours pass."""
        passed = self.random.randint(0, 20) * HOUR_MS
        if self.clock.at < self.real and day_of(self.real + passed) != day_of(self.real):
            self.set_clock(0)
        self.real += passed
        self.clock.at += passed

    async def issue(self) -> None:
        """Run the controller and give numbers, which somebody takes and a sign shows."""
        async with self.open_rig(hours=ALWAYS) as rig:
            await self._ask_devices(rig)
            events = await rig.store.events(0, 100_000)
            known = {(w.day, w.event.data["number"]) for w in events if w.event.type is EventType.ISSUED}
            assert self.acknowledged <= known, self.told
            for _ in range(self.random.choice([1, 3, 120])):
                try:
                    ticket = await rig.issue()
                except RefusedError:
                    return  # the clock is not believed
                at = (await rig.engine.ask(lambda hall, _: hall.day)).isoformat()
                self.given[day_of(self.real), ticket["number"]] += 1
                self.acknowledged.add((at, ticket["number"]))
                self.sign = self.sign.with_(ticket["number"], at)
            self.told.append(f"{self.sign.numbers} shown by {self.sign.day}, really {day_of(self.real)}")
            self._copy_at_times()

    async def _ask_devices(self, rig: Any) -> None:
        presence, counts = Presence(rig.clock), Counts()
        after = AfterRestore(rig.engine, presence, counts, wait_s=0.01)
        after.hold()
        detail = {"highest": self.sign.told()}
        presence.heard("sign-1", DeviceState(online=True, session="s", kind=Kind.SIGN, at=rig.clock.at, detail=detail))
        try:
            async with asyncio.timeout(5):
                await after.settle(parse_centre(document()), rig.clock.at)
        except TimeoutError:
            rig.engine.numbers.hold(held=True)
        assert counts.reports_refused == set(), self.told

    def _copy_at_times(self) -> None:
        if not self.copies or self.random.random() < 0.4:
            self.copies.append(self.folder / f"copy-{len(self.copies)}.db")
            back_up(self.folder, self.copies[-1])

    def lose(self, *names: str) -> None:
        """Lose the store with what belongs to it."""
        for name in (FILE, *(f"{FILE}{one}" for one in COMPANIONS), *names):
            (self.folder / name).unlink(missing_ok=True)

    def damage(self) -> None:
        """Overwrite a part of the store."""
        with (self.folder / FILE).open("r+b") as file:
            file.seek(self.random.choice([0, 4096]))
            file.write(self.random.randbytes(9000))

    def restore(self, copy: Path | None = None) -> None:
        """Put a backup back under a clock that may be wrong, after some tries that were killed."""
        copy = copy or self.random.choice(self.copies[-3:])
        for _ in range(self.random.choice([0, 0, 1, 2])):
            killed_before(self.random.randint(0, 60), lambda: put_back(copy, self.folder, day_of(self.clock.at)))
        put_back(copy, self.folder, day_of(self.clock.at))
        self.acknowledged = set()

    def lose_and_restore(self) -> None:
        """Lose the store in some way; where none is left no empty one is begun."""
        if not self.copies:
            return
        reach = max((len(number) for number in self.sign.numbers), default=0)
        kind = self.random.choice(["none", "store", "all", "damage"] if reach < FOUR_DIGITS else ["none", "store"])
        if kind == "damage":
            self.damage()
        elif kind != "none":
            self.lose(*([MARK_FILE] if kind == "all" else []))
        if kind == "store":
            with pytest.raises(StoreError):
                refuse_lost_store(self.folder)
        days = self.random.choice([0, 0, -1, -2, 1, 2] if self.sign.day >= day_of(self.real) else [0, 0, 1, 2])
        self.set_clock(days)
        self.told.append(f"{kind}, clock {days:+}")
        self.restore()


@pytest.mark.parametrize("seed", SEEDS)
async def test_no_number_comes_twice_on_a_real_day_and_none_is_lost_with_its_store(
    seed: int, open_rig: Any, hand_clock: Any, tmp_path: Path
) -> None:
    history = History(seed, open_rig, hand_clock, tmp_path)
    happenings: list[Callable[[], None]] = [
        history.pass_time, history.pass_time, history.lose_and_restore, lambda: history.set_clock(0),
    ]  # fmt: skip
    for _ in range(EVENTS):
        happening = history.random.choice(happenings)
        history.told.append(f"{getattr(happening, '__name__', '')} at {day_of(history.real)}")
        happening()
        if history.random.random() < 0.7:
            await history.issue()

    assert [number for number, times in history.given.items() if times > 1] == [], "\n".join(history.told)
