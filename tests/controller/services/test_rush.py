"""How long the engine waits for those who share a sync."""

from __future__ import annotations

import pytest

from controller.services.rush import ENOUGH, LONGEST_S, RECENT_S, Rush


def test_nobody_is_expected_before_the_first_commit() -> None:
    assert Rush().expected(1000.0) == 1


def test_who_came_alone_is_alone_the_next_time() -> None:
    rush = Rush()
    rush.committed(1, 0.004, 10.0)
    assert rush.expected(10.0) == 1


def test_the_callers_of_a_commit_are_expected_again_right_after_it() -> None:
    rush = Rush()
    rush.committed(8, 0.004, 10.0)
    assert rush.expected(10.0 + RECENT_S / 2) == 8


def test_a_commit_some_time_ago_says_nothing() -> None:
    rush = Rush()
    rush.committed(8, 0.004, 10.0)
    assert rush.expected(10.0 + 2 * RECENT_S) == 1


def test_nobody_waits_for_more_than_share_a_sync_well() -> None:
    rush = Rush()
    rush.committed(200, 0.004, 10.0)
    assert rush.expected(10.0) == ENOUGH


@pytest.mark.parametrize(("took", "patience"), [(0.0, 0.0), (0.002, 0.001), (1.0, LONGEST_S)])
def test_waiting_is_worth_half_of_a_commit_and_never_long(took: float, patience: float) -> None:
    rush = Rush()
    rush.committed(8, took, 10.0)
    assert rush.patience == patience
