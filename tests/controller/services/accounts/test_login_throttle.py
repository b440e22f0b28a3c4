"""How long a wrong password costs, and that it is forgotten."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from broker.contract.errors import Code
from controller.services.accounts.login_throttle import (
    BUSY_S,
    FREE,
    LONGEST_WAIT_S,
    REMEMBERED,
    LoginThrottle,
    LoginThrottledError,
    wait_after,
)

KEYS = ("pair an 10.0.0.1", "source 10.0.0.1", "user an")


@dataclass
class FakeClock:
    seconds: float = 0.0
    speed: float = 1.0

    def now(self) -> int:
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


@pytest.mark.parametrize(
    ("failures", "expected"), [(0, 0), (4, 0), (5, 5), (6, 10), (7, 20), (12, 640), (13, 900), (10**6, 900)]
)
def test_the_wait_doubles_after_the_free_tries_up_to_a_quarter_hour(failures: int, expected: float) -> None:
    assert wait_after(failures, 5) == expected


def fail(patience: LoginThrottle, keys: tuple[str, ...] = KEYS) -> None:
    with patience.reserve(keys):
        pass


def succeed(patience: LoginThrottle, keys: tuple[str, ...] = KEYS) -> None:
    with patience.reserve(keys) as attempt:
        attempt.fits = True


def test_the_sixth_try_waits_and_a_success_wipes_the_slate() -> None:
    clock = FakeClock()
    patience = LoginThrottle(clock)
    for _ in range(FREE["pair"]):
        fail(patience)

    with pytest.raises(LoginThrottledError) as refused:
        fail(patience)
    clock.seconds += 5
    succeed(patience)
    fail(patience)
    fail(patience)

    assert (refused.value.code, refused.value.seconds) == (Code.TRY_AGAIN, 5)


def test_tries_side_by_side_count_like_tries_in_a_row() -> None:
    patience = LoginThrottle(FakeClock())
    with ExitStack() as judged:
        for _ in range(FREE["pair"]):
            judged.enter_context(patience.reserve(KEYS))
        with pytest.raises(LoginThrottledError) as busy:
            fail(patience)

    with pytest.raises(LoginThrottledError) as after:
        fail(patience)

    assert (busy.value.seconds, after.value.seconds) == (BUSY_S, 5)


def test_after_its_wait_one_try_is_judged_at_a_time() -> None:
    clock = FakeClock()
    patience = LoginThrottle(clock)
    for _ in range(FREE["pair"]):
        fail(patience)
    clock.seconds += 5

    with patience.reserve(KEYS), pytest.raises(LoginThrottledError):
        fail(patience)

    with pytest.raises(LoginThrottledError) as refused:
        fail(patience)
    assert refused.value.seconds == 10


def test_a_try_that_was_never_judged_counts_for_nothing() -> None:
    patience = LoginThrottle(FakeClock())
    for _ in range(100):
        with pytest.raises(OSError, match="no thread"), patience.reserve(KEYS):
            raise OSError("no thread")

    succeed(patience)

    assert not patience._reserved
    assert not patience._failures


def test_many_names_from_one_address_slow_that_address_down() -> None:
    patience = LoginThrottle(FakeClock())
    for number in range(FREE["source"]):
        fail(patience, (f"pair u{number} 10.0.0.1", "source 10.0.0.1", f"user u{number}"))

    with pytest.raises(LoginThrottledError):
        fail(patience, ("pair new 10.0.0.1", "source 10.0.0.1", "user new"))
    succeed(patience, ("pair new 10.0.0.2", "source 10.0.0.2", "user new"))


def test_what_is_remembered_is_bounded_and_no_wait_is_longer_than_the_longest() -> None:
    clock = FakeClock()
    patience = LoginThrottle(clock)
    for number in range(REMEMBERED + 500):
        fail(patience, (f"source 10.{number}",))
    for _ in range(200):
        clock.seconds += LONGEST_WAIT_S
        fail(patience)

    with pytest.raises(LoginThrottledError) as refused:
        fail(patience)

    assert len(patience._failures) == REMEMBERED
    assert refused.value.seconds <= LONGEST_WAIT_S
