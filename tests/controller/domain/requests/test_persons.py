"""One number a person and day, by marks that only the day knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.errors import Code
from controller.domain.commands import Cancel
from controller.domain.queue.evolve import settle
from controller.domain.queue.hall import PERSON

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage

ONE, OTHER = "a" * 43, "b" * 43
DAY_MIN = 24 * 60


@pytest.fixture
def cards(make_stage: type[Stage]) -> Stage:
    return make_stage({"identity": {"card": True, "services": ["land", "result"]}})


def test_a_person_gets_one_number_a_day_and_others_get_theirs(cards: Stage) -> None:
    assert cards.issue(person=ONE).number == "A001"
    with cards.refused(Code.TOO_MANY_TICKETS):
        cards.issue(person=ONE)
    assert cards.issue(person=OTHER).number == "A002"
    assert cards.issue().number == "A003"
    cards.check_replay()


def test_a_number_that_was_taken_back_does_not_count(cards: Stage) -> None:
    first = cards.issue(person=ONE)
    cards.do(Cancel(token=cards.token(first)))
    assert cards.issue(person=ONE).number == "A002"
    with cards.refused(Code.TOO_MANY_TICKETS):
        cards.issue(person=ONE)


def test_who_did_not_come_does_not_get_another_number(cards: Stage) -> None:
    cards.issue(person=ONE)
    cards.press("open")
    cards.press("next")
    cards.press("no_show")
    with cards.refused(Code.TOO_MANY_TICKETS):
        cards.issue(person=ONE)


def test_marks_hold_after_the_day_was_read_from_the_journal(cards: Stage) -> None:
    cards.issue(person=ONE)
    cards.crash()
    with cards.refused(Code.TOO_MANY_TICKETS):
        cards.issue(person=ONE)


def test_a_hand_in_is_never_refused_and_its_mark_counts(cards: Stage) -> None:
    cards.issue(person=ONE)
    assert cards.hand_in("Z1-001", person=ONE).status == "waiting"
    cards.hand_in("Z1-002", person=OTHER)
    with cards.refused(Code.TOO_MANY_TICKETS):
        cards.issue(person=OTHER)


def test_a_hand_in_of_an_earlier_day_leaves_no_mark(cards: Stage) -> None:
    cards.issue()
    before = cards.now
    cards.wait(minutes=DAY_MIN)
    late = cards.hand_in("Z1-001", at=before, person=ONE)
    assert late.status == "expired"
    assert (PERSON, late.id) not in cards.secrets
    assert cards.issue(person=ONE).number == "A001"


def test_no_mark_stands_in_a_fact_or_in_an_answer(cards: Stage) -> None:
    ticket = cards.issue(person=ONE)
    assert cards.secrets[(PERSON, ticket.id)] == ONE
    assert ONE not in str(cards.events)
    assert ONE not in str(cards.hall.tickets)


def test_the_hall_forgets_the_marks_with_the_day(cards: Stage) -> None:
    cards.issue(person=ONE)
    cards.wait(minutes=DAY_MIN)
    cards.issue()
    settle(cards.hall, cards.now)
    assert ONE not in str(vars(cards.hall))


@pytest.mark.parametrize("identity", [None, {"card": False}, {"card": True, "services": ["result"]}])
def test_where_it_is_not_switched_on_a_mark_is_dropped(
    make_stage: type[Stage], identity: dict[str, object] | None
) -> None:
    stage = make_stage({} if identity is None else {"identity": identity})
    stage.issue(person=ONE)
    stage.issue(person=ONE)
    assert ONE not in stage.secrets.values()
