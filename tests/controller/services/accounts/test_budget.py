"""How many calls a stranger may make."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from controller.services.accounts.budget import REMEMBERED, BudgetRate, CallBudget, source_of


@dataclass
class FakeClock:
    seconds: float = 1000.0
    speed: float = 1.0

    def now(self) -> int:
        return int(self.seconds * 1000)

    def monotonic(self) -> float:
        return self.seconds


ENOUGH = BudgetRate(per_s=1e6, burst=1e6)


def made(budget: CallBudget, source: str, calls: int) -> int:
    """Return how many of so many calls were allowed."""
    return sum(budget.spend(source) == 0 for _ in range(calls))


def test_an_address_has_a_burst_and_then_a_rate() -> None:
    clock = FakeClock()
    budget = CallBudget(clock, BudgetRate(per_s=2, burst=10), ENOUGH)

    at_once = made(budget, "10.0.0.1", 50)
    wait = budget.spend("10.0.0.1")
    clock.seconds += 3
    later = made(budget, "10.0.0.1", 50)
    clock.seconds += 3600
    much_later = made(budget, "10.0.0.1", 50)

    assert (at_once, wait, later, much_later) == (10, 0.5, 6, 10)


def test_one_address_takes_nothing_from_another() -> None:
    budget = CallBudget(FakeClock(), BudgetRate(per_s=1, burst=10), ENOUGH)

    assert (made(budget, "10.0.0.1", 50), made(budget, "10.0.0.2", 50)) == (10, 10)


def test_all_addresses_together_have_a_budget_too() -> None:
    clock = FakeClock()
    budget = CallBudget(clock, BudgetRate(per_s=1, burst=10), BudgetRate(per_s=5, burst=25))

    at_once = sum(made(budget, f"10.0.0.{number}", 10) for number in range(10))
    clock.seconds += 1

    assert (at_once, sum(made(budget, f"10.0.1.{number}", 10) for number in range(10))) == (25, 5)


def test_a_refused_call_costs_nothing() -> None:
    clock = FakeClock()
    budget = CallBudget(clock, BudgetRate(per_s=1, burst=1), ENOUGH)
    made(budget, "10.0.0.1", 1000)
    clock.seconds += 1

    assert budget.spend("10.0.0.1") == 0


def test_the_addresses_that_are_kept_are_bounded() -> None:
    budget = CallBudget(FakeClock(), BudgetRate(per_s=1, burst=2), ENOUGH)
    for number in range(REMEMBERED + 100):
        budget.spend(f"address {number}")
        budget.spend("busy")

    assert len(budget._buckets) == REMEMBERED
    assert budget.spend("busy") > 0


@pytest.mark.parametrize(
    ("host", "source"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        (None, "unknown"),
        ("", "unknown"),
        ("x" * 1000, "x" * 64),
    ],
)
def test_a_subscriber_is_one_source_however_many_addresses_it_has(host: str | None, source: str) -> None:
    assert source_of(host) == source
