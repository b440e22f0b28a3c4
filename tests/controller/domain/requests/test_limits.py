"""How many numbers one kiosk may give within a minute of the hall's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.errors import Code
from controller.domain.centre.centre import CentreFaults, parse_centre
from tests.controller.domain.conftest import document

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage


@pytest.fixture
def limited(make_stage: type[Stage]) -> Stage:
    return make_stage({"limits": {"tickets_per_minute": 3}})


def test_a_kiosk_gives_so_many_within_any_minute_and_goes_on_after_it(limited: Stage) -> None:
    for _ in range(3):
        limited.issue(device="kiosk-1")
        limited.wait(seconds=10)
    with limited.refused(Code.TOO_MANY_TICKETS):
        limited.issue(device="kiosk-1")
    limited.wait(seconds=29)
    with limited.refused(Code.TOO_MANY_TICKETS):
        limited.issue(device="kiosk-1")
    limited.wait(seconds=1)

    assert limited.issue(device="kiosk-1").number == "A004"
    with limited.refused(Code.TOO_MANY_TICKETS):
        limited.issue(device="kiosk-1")
    limited.check_replay()


def test_each_kiosk_has_its_own_minute_and_a_desk_has_none(limited: Stage) -> None:
    for _ in range(3):
        limited.issue(device="kiosk-1")

    assert limited.issue(device="kiosk-2").number == "A004"
    for _ in range(10):
        limited.issue(device=None, staff=True, officer="u1")


def test_numbers_given_alone_are_always_taken_in_and_do_not_count(limited: Stage) -> None:
    for number in range(1, 11):
        limited.hand_in(f"Z1-{number:03}")

    assert limited.issue(device="kiosk-1").number == "A001"


def test_the_minute_holds_over_a_restart(limited: Stage) -> None:
    for _ in range(3):
        limited.issue(device="kiosk-1")
    limited.crash()

    with limited.refused(Code.TOO_MANY_TICKETS):
        limited.issue(device="kiosk-1")


def test_without_a_limit_nothing_is_refused(make_stage: type[Stage]) -> None:
    stage = make_stage({})
    for _ in range(700):
        stage.issue(device="kiosk-1")


@pytest.mark.parametrize("most", [0, 601, "many"])
def test_a_limit_is_a_number_from_1_to_600(most: object) -> None:
    with pytest.raises(CentreFaults, match=r"limits\.tickets_per_minute"):
        parse_centre(document() | {"limits": {"tickets_per_minute": most}})
