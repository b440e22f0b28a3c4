"""What is on disk about slips."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import pytest

from kiosk.printing.spool import MOVES, OUTCOMES, Job, Spool, State, WrongMove
from tests.support.scripted_port import StepClock

if TYPE_CHECKING:
    from pathlib import Path


def make_job(key: str = "job-1", **changes: object) -> Job:
    fields: dict[str, object] = {
        "key": key, "request": "req-1", "ticket": "t-1", "number": "A001", "received": 100_000, "ttl_s": 60.0,
        "work": {"ticket": {"token": "secret"}},
    }  # fmt: skip
    return Job(**(fields | changes))  # type: ignore[arg-type]  # fields by name, checked at run time


@dataclass
class SetClock:
    """A clock whose instants are set, as by the network's time, while its seconds go on."""

    seconds: StepClock
    ahead_s: float = 0.0
    speed: float = 1.0

    def now(self) -> int:
        return self.seconds.now() + int(self.ahead_s * 1000)

    def monotonic(self) -> float:
        return self.seconds.monotonic()


@pytest.fixture
def clock() -> StepClock:
    return StepClock()


@pytest.fixture
def spool(tmp_path: Path, clock: StepClock) -> Spool:
    made = Spool(tmp_path / "spool", clock)
    made.load()
    return made


@pytest.mark.parametrize(("start", "goal"), list(product(State, State)))
def test_only_the_moves_of_the_table_are_made(start: State, goal: State) -> None:
    job = make_job(state=start)
    if goal in MOVES[start]:
        job.move(goal)
        assert job.state is goal
    else:
        with pytest.raises(WrongMove):
            job.move(goal)
        assert job.state is start


def test_nothing_that_was_begun_can_be_queued_or_begun_again() -> None:
    for start in set(State) - {State.QUEUED}:
        assert not MOVES[start] & {State.QUEUED, State.BEGUN}


async def test_a_later_process_finds_the_jobs_as_they_were(spool: Spool, clock: StepClock) -> None:
    begun, queued = make_job("job-1"), make_job("job-2", number="A002")
    await spool.add(begun)
    await spool.add(queued)
    await spool.move(begun, State.BEGUN)
    await spool.void("req-9")
    later = Spool(spool.folder, clock)
    later.load()
    assert later.jobs == {"job-1": begun, "job-2": queued}
    assert [job.key for job in later.waiting()] == ["job-2"]
    assert "req-9" in later.voided


async def test_jobs_wait_in_the_order_they_came(spool: Spool) -> None:
    for key in ("c", "a", "b"):
        await spool.add(make_job(key))
    assert [job.key for job in spool.waiting()] == ["c", "a", "b"]


@pytest.mark.parametrize("state", list(OUTCOMES))
async def test_a_job_with_an_outcome_keeps_no_token_on_disk(spool: Spool, state: State) -> None:
    job = make_job()
    await spool.add(job)
    assert "secret" in (spool.folder / "job-1.json").read_text()
    if state is not State.REFUSED:
        await spool.move(job, State.BEGUN)
    await spool.move(job, state, "offline")
    assert "secret" not in (spool.folder / "job-1.json").read_text()


async def test_finished_jobs_are_forgotten_after_48_hours_and_open_ones_never(spool: Spool, clock: StepClock) -> None:
    done, waiting = make_job("done"), make_job("waiting")
    await spool.add(done)
    await spool.add(waiting)
    await spool.move(done, State.REFUSED, "offline")
    await spool.void("req-9")
    clock.seconds += 48 * 3600 + 1
    await spool.purge()
    assert list(spool.jobs) == ["waiting"]
    assert spool.voided == {}
    assert sorted(path.name for path in spool.folder.glob("*.json")) == ["voided.json", "waiting.json"]


async def test_a_file_that_cannot_be_read_is_set_aside_and_the_others_are_read(spool: Spool, clock: StepClock) -> None:
    await spool.add(make_job("good"))
    (spool.folder / "torn.json").write_text('{"key": "to')
    (spool.folder / "strange.json").write_text(json.dumps({"state": "dancing"}))
    later = Spool(spool.folder, clock)
    later.load()
    assert {key: job.state for key, job in later.jobs.items()} == {
        "good": State.QUEUED, "torn": State.UNKNOWN, "strange": State.UNKNOWN
    }  # fmt: skip
    assert sorted(path.name for path in spool.folder.glob("*.unreadable")) == ["strange.unreadable", "torn.unreadable"]


async def test_a_record_of_another_version_is_not_known_and_never_done_again(spool: Spool, clock: StepClock) -> None:
    job = make_job()
    await spool.add(job)
    path = spool.folder / "job-1.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "a_later_field": 1}))
    for _ in range(2):
        later = Spool(spool.folder, clock)
        later.load()
        assert later.jobs["job-1"].outcome is None
        assert list(later.waiting()) == []


async def test_a_begin_that_cannot_be_written_leaves_no_record_that_says_queued(spool: Spool) -> None:
    job = make_job()
    await spool.add(job)
    (spool.folder / "job-1.json.fresh").mkdir()
    with pytest.raises(OSError, match="job-1"):
        await spool.move(job, State.BEGUN)
    assert not (spool.folder / "job-1.json").exists()


@pytest.mark.parametrize("jump_s", [-7200, 7200])
async def test_a_clock_that_is_set_lets_no_job_expire_and_keeps_none(
    tmp_path: Path, clock: StepClock, jump_s: float
) -> None:
    shifted = SetClock(clock)
    spool = Spool(tmp_path, shifted)
    await spool.add(make_job(received=shifted.now(), ttl_s=10.0))
    shifted.ahead_s = jump_s
    clock.seconds += 5
    assert not spool.expired(spool.jobs["job-1"])
    clock.seconds += 6
    assert spool.expired(spool.jobs["job-1"])


async def test_what_was_queued_before_a_power_cut_is_expired_for_a_clock_that_is_behind(
    spool: Spool, clock: StepClock
) -> None:
    await spool.add(make_job(received=clock.now() + 7_200_000, ttl_s=60.0))
    later = Spool(spool.folder, clock)
    later.load()
    assert later.expired(later.jobs["job-1"])


async def test_a_job_expires_by_real_seconds(clock: StepClock) -> None:
    job = make_job(received=clock.now(), ttl_s=5.0)
    clock.seconds += 4
    assert not job.expired(clock)
    clock.seconds += 2
    assert job.expired(clock)
