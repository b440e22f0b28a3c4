"""The PIN of the staff: five tries, then pauses that grow, also over restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from broker.runtime.pin import MEMORY_KIB, fault_of, fits, hash_pin
from kiosk.storage.pin_lock import FIRST_S, FREE, LONGEST_S, PinLock

if TYPE_CHECKING:
    from pathlib import Path

PIN = "481572"
HASH = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),)).hash(PIN)
"""As the real one, but quick to look at: here it is looked at dozens of times."""


class HandClock:
    """A clock that stands until it is moved."""

    speed = 1.0

    def __init__(self) -> None:
        self.seconds = 1_000_000.0
        self.ahead_s = 0.0

    def now(self) -> int:
        return int((self.seconds + self.ahead_s) * 1000)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def locked_out(tmp_path: Path, clock: HandClock) -> PinLock:
    lock = PinLock(tmp_path / "pin.json", clock)
    for _ in range(FREE):
        assert not lock.check("000111", HASH).ok
    return lock


def test_a_hash_says_nothing_of_its_pin_and_fits_no_other() -> None:
    hashed = hash_pin(PIN)
    assert PIN not in hashed
    assert hashed.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t=3,p=1$")
    assert (fits(PIN, hashed), fits("481573", hashed), fits("", hashed), fits(PIN, "no hash")) == (True, *[False] * 3)


@pytest.mark.parametrize(
    "pin", ["", "12345", "1234567890123", "12a456", "111111", "121212", "123456", "987654", "٤٨١٥٧٢"]
)
def test_a_pin_that_is_short_or_guessed_first_is_refused(pin: str) -> None:
    assert fault_of(pin)
    assert fault_of(PIN) is None


def test_the_right_pin_opens_and_forgets_the_wrong_ones(tmp_path: Path, clock: HandClock) -> None:
    lock = PinLock(tmp_path / "pin.json", clock)
    for _ in range(3):
        for _ in range(FREE - 1):
            assert not lock.check("000111", HASH).ok
        assert lock.check(PIN, HASH).ok
    assert lock.left_s == 0


def test_after_five_wrong_ones_even_the_right_one_waits(tmp_path: Path, clock: HandClock) -> None:
    lock = locked_out(tmp_path, clock)
    verdict = lock.check(PIN, HASH)
    assert (verdict.ok, verdict.left_s) == (False, FIRST_S)
    clock.seconds += FIRST_S
    assert lock.check(PIN, HASH).ok


def test_each_further_wrong_one_doubles_the_pause_up_to_an_hour(tmp_path: Path, clock: HandClock) -> None:
    lock = locked_out(tmp_path, clock)
    pauses = []
    for _ in range(9):
        clock.seconds += lock.left_s
        lock.check("000111", HASH)
        pauses.append(lock.left_s)
    assert pauses == [60, 120, 240, 480, 960, 1920, LONGEST_S, LONGEST_S, LONGEST_S]


def test_a_restart_opens_nothing(tmp_path: Path, clock: HandClock) -> None:
    locked_out(tmp_path, clock)
    again = PinLock(tmp_path / "pin.json", clock)
    assert again.left_s == FIRST_S
    assert not again.check(PIN, HASH).ok


def test_a_file_that_cannot_be_read_counts_as_wrong_tries(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "pin.json").write_text("{")
    assert PinLock(tmp_path / "pin.json", clock).left_s == FIRST_S


@pytest.mark.parametrize("jump_s", [-500_000.0, 500_000.0])
def test_a_clock_that_is_set_makes_no_pause_longer_or_shorter(tmp_path: Path, clock: HandClock, jump_s: float) -> None:
    lock = locked_out(tmp_path, clock)
    clock.ahead_s = jump_s
    assert lock.left_s == FIRST_S
    clock.seconds += FIRST_S
    assert lock.check(PIN, HASH).ok


def test_cutting_the_power_of_a_kiosk_whose_clock_is_behind_then_buys_no_try(tmp_path: Path, clock: HandClock) -> None:
    locked_out(tmp_path, clock)
    clock.ahead_s = -500_000.0
    again = PinLock(tmp_path / "pin.json", clock)
    clock.ahead_s = 0.0
    assert again.left_s == FIRST_S
    assert not again.check(PIN, HASH).ok
