"""What is asked before it is done: a number with a priority or from a search, a number that is given back."""

from __future__ import annotations

import pytest

from kiosk.flow.actions import (
    AskCancel,
    Begin,
    CancelNumber,
    GoBack,
    GoHome,
    LookUp,
    OpenFind,
    OpenPriorities,
    OpenSearch,
    TakeNumber,
    TakePriority,
    TakeService,
    TypeKey,
)
from kiosk.flow.confirm import CANCEL_S
from kiosk.flow.effects import Ask, Forget
from kiosk.flow.events import Configured, LiveChanged, Scanned, ServiceChanged, SlipEnded
from kiosk.flow.state import (
    Cancelled,
    Cancelling,
    Confirm,
    ConfirmCancel,
    Find,
    Found,
    Groups,
    Issuing,
    Notice,
    Shown,
    Slip,
    Welcome,
)
from kiosk.flow.step import IDLE_RESET_S, NOTICE_S, TICKET_S
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_service, ticket_data

CODE = "http://127.0.0.1:8000/t/" + "k" * 22


@pytest.fixture
def kiosk() -> Rehearsal:
    return Rehearsal.configured()


def found(kiosk: Rehearsal, **changes: object) -> Found:
    """Find a ticket by its code."""
    kiosk.play(Scanned(CODE))
    kiosk.reply({"ticket": ticket_data(**changes)})
    return kiosk.showing(Found)


# ---- a number that is wanted ----


def test_a_common_service_is_still_two_touches(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    assert isinstance(kiosk.view(), Issuing)


def test_with_a_priority_the_number_is_confirmed_first(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenPriorities(), TakePriority("elderly"), TakeService("land"))
    assert kiosk.view() == Confirm("land", Groups())
    kiosk.touch(TakeNumber())
    assert kiosk.asked().fields == {"service": "land", "priority": "elderly", "lang": "vi"}


def test_the_priority_can_be_named_while_the_number_is_confirmed(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenSearch(), TypeKey("d"), TakeService("land"))
    asked = kiosk.showing(Confirm)
    kiosk.touch(OpenPriorities(), TakePriority("merit"))
    assert (kiosk.view(), kiosk.state.priority) == (asked, "merit")


def test_a_service_that_closed_is_told_at_once_not_confirmed(kiosk: Rehearsal) -> None:
    kiosk.play(ServiceChanged("land", a_service("land", open=False)))
    kiosk.touch(Begin(), OpenPriorities(), TakePriority("merit"), TakeService("land"))
    assert kiosk.showing(Notice).code == "service_closed"


def test_what_is_no_longer_offered_is_not_confirmed(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenSearch(), TypeKey("d"), TakeService("land"))
    kiosk.play(Configured(a_kiosk(services=[service.model_dump() for service in a_kiosk().services[1:]])))
    assert kiosk.view() == Groups()


def test_nobody_stays_with_the_question(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenSearch(), TypeKey("d"), TakeService("land"))
    kiosk.wait(IDLE_RESET_S)
    assert kiosk.view() == Welcome()


# ---- a number that is given back ----


def test_a_waiting_number_is_given_back_after_a_question(kiosk: Rehearsal) -> None:
    found(kiosk)
    kiosk.touch(AskCancel())
    assert not any(effect.op == "cancel" for effect in kiosk.effects if isinstance(effect, Ask))
    effects = kiosk.touch(CancelNumber())
    request = kiosk.showing(Cancelling).request
    assert effects == (Ask(request, "cancel", {"token": "s" * 22}),)
    kiosk.reply({"ticket": ticket_data(status="cancelled", position=None)})
    assert kiosk.showing(Cancelled).number == "A007"
    kiosk.wait(NOTICE_S)
    assert kiosk.view() == Welcome()


def test_who_says_no_keeps_the_number(kiosk: Rehearsal) -> None:
    before = found(kiosk)
    kiosk.touch(AskCancel(), GoBack())
    assert kiosk.view() == before


@pytest.mark.parametrize("status", ["called", "serving", "parked", "no_show", "cancelled", "expired"])
def test_only_a_waiting_number_can_be_given_back(kiosk: Rehearsal, status: str) -> None:
    found(kiosk, status=status, position=None)
    kiosk.touch(AskCancel(), CancelNumber())
    assert isinstance(kiosk.view(), Found)


def test_a_number_that_was_typed_cannot_be_given_back_because_its_token_is_not_known(kiosk: Rehearsal) -> None:
    kiosk.touch(OpenFind(), TypeKey("A"), LookUp())
    kiosk.reply({"ticket": ticket_data(token=None)})
    kiosk.touch(AskCancel())
    assert isinstance(kiosk.view(), Found)


def test_nothing_is_given_back_while_nobody_can_take_it(kiosk: Rehearsal) -> None:
    found(kiosk)
    kiosk.play(LiveChanged(False))
    kiosk.touch(AskCancel())
    assert isinstance(kiosk.view(), Found)


@pytest.mark.parametrize("code", ["bad_state", "not_found", "try_again"])
def test_a_refusal_is_told(kiosk: Rehearsal, code: str) -> None:
    found(kiosk)
    kiosk.touch(AskCancel(), CancelNumber())
    kiosk.reply(code=code)
    assert kiosk.showing(Notice).code == code


def test_without_an_answer_it_is_given_up(kiosk: Rehearsal) -> None:
    found(kiosk)
    kiosk.touch(AskCancel(), CancelNumber())
    kiosk.touch(GoHome())
    request = kiosk.showing(Cancelling).request
    assert kiosk.wait(CANCEL_S) == (Forget(request),)
    assert kiosk.showing(Notice).code == "try_again"


def test_a_number_that_has_just_been_given_can_be_given_back(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    kiosk.touch(AskCancel())
    assert isinstance(kiosk.showing(ConfirmCancel).back, Shown)
    kiosk.play(SlipEnded(ticket_data()["id"], True))
    kiosk.wait(TICKET_S - 1)
    kiosk.touch(GoBack())
    assert kiosk.showing(Shown).slip is Slip.PRINTED
    kiosk.touch(AskCancel(), CancelNumber())
    kiosk.reply({"ticket": ticket_data(status="cancelled", position=None)})
    assert isinstance(kiosk.view(), Cancelled)


def test_from_the_question_somebody_may_go_home(kiosk: Rehearsal) -> None:
    found(kiosk)
    kiosk.touch(AskCancel(), GoHome())
    assert kiosk.view() == Welcome()
    kiosk.touch(OpenFind())
    assert kiosk.view() == Find()
