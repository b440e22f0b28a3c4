"""How long a wrong password costs, and that it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from broker.contract.errors import Code
from controller.services.patience import FREE, LONGEST_WAIT_S, REMEMBERED, Patience, TooSoon, wait_after

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


def test_the_sixth_try_waits_and_a_success_wipes_the_slate() -> None:
    clock = FakeClock()
    patience = Patience(clock)
    for _ in range(FREE["pair"]):
        patience.check(KEYS)
        patience.failed(KEYS)

    with pytest.raises(TooSoon) as refused:
        patience.check(KEYS)
    clock.seconds += 5
    patience.check(KEYS)
    patience.succeeded(KEYS)
    patience.failed(KEYS)
    patience.check(KEYS)

    assert (refused.value.code, refused.value.seconds) == (Code.TRY_AGAIN, 5)


def test_many_names_from_one_address_slow_that_address_down() -> None:
    patience = Patience(FakeClock())
    for number in range(FREE["source"]):
        patience.failed((f"pair u{number} 10.0.0.1", "source 10.0.0.1", f"user u{number}"))

    with pytest.raises(TooSoon):
        patience.check(("pair new 10.0.0.1", "source 10.0.0.1", "user new"))
    patience.check(("pair new 10.0.0.2", "source 10.0.0.2", "user new"))


def test_what_is_remembered_is_bounded_and_no_wait_is_longer_than_the_longest() -> None:
    patience = Patience(FakeClock())
    for number in range(REMEMBERED + 500):
        patience.failed((f"source 10.{number}",))
    for _ in range(200):
        patience.failed(KEYS)

    with pytest.raises(TooSoon) as refused:
        patience.check(KEYS)

    assert len(patience._failures) == REMEMBERED
    assert refused.value.seconds <= LONGEST_WAIT_S
