"""After a crash: what goes on, what is asked again, what is over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from broker.contract.payloads import Origin
from kiosk.flow.actions import Begin, LookUp, OpenFind, OpenGroup, TakeService, TypeKey
from kiosk.flow.effects import Ask, PrintOffline
from kiosk.flow.issue import PATIENCE_S
from kiosk.flow.state import Find, Issuing, Looking, Services, Shown, Slip, Stage, State, Welcome
from kiosk.storage.resume import ANSWER_S, resumed, ticket_given
from kiosk.storage.screen_session import KEPT, SavedSession
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_ticket


def crash(kiosk: Rehearsal, seconds: float, given: dict[str, Any] | None = None) -> tuple[State, tuple[Any, ...]]:
    """Let the process die and come back after so many seconds, with its configuration still to be read."""
    pending = getattr(kiosk.state.view, "request", None)
    asks = [effect for effect in kiosk.effects if isinstance(effect, Ask) and effect.id == pending]
    fields = {name: getattr(kiosk.state, name) for name in KEPT}
    kept = SavedSession(fields, asks[-1] if asks else None, kiosk.real)
    kiosk.real += seconds
    return resumed(State("kiosk-1"), kept, kiosk.moment(), given or {})


def test_a_menu_and_what_was_typed_are_there_again() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), OpenGroup("land"))
    state, effects = crash(kiosk, 3)
    assert (state.view, effects) == (Services("land"), ())
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenFind(), TypeKey("A"), TypeKey("0"))
    assert crash(kiosk, 3)[0].view == Find("A0")


def test_the_idle_time_goes_on_over_the_crash() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin())
    kiosk.wait(30)
    kiosk.state, _ = crash(kiosk, 3)
    kiosk.state = replace(kiosk.state, config=a_kiosk())
    kiosk.wait(26)
    assert kiosk.state.warned
    kiosk.wait(2)
    assert kiosk.state.view == Welcome()


@pytest.mark.parametrize("seconds", [60, 3600])
def test_what_is_older_than_its_idle_time_is_never_shown_to_the_next_person(seconds: float) -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin())
    assert crash(kiosk, seconds) == (State("kiosk-1"), ())


def test_a_ticket_stands_for_the_rest_of_its_time_only() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": a_ticket().model_dump()})
    kiosk.wait(20)
    state, effects = crash(kiosk, 4)
    assert isinstance(state.view, Shown)
    assert effects == ()
    assert crash(kiosk, 30)[0].view == Welcome()


def test_a_clock_that_went_back_drops_the_view() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin())
    assert crash(kiosk, -5)[0].view == Welcome()


def test_a_request_in_flight_is_asked_again_with_the_same_id_and_content() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    asked = kiosk.asked()
    state, effects = crash(kiosk, 1)
    assert effects == (asked,)
    assert isinstance(state.view, Issuing)
    assert state.view.since == 1000.0


def test_a_request_that_is_late_has_a_moment_for_its_answer_and_then_the_own_number_comes() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.state, effects = crash(kiosk, 20)
    assert isinstance(effects[0], Ask)
    kiosk.state = replace(kiosk.state, config=a_kiosk())
    kiosk.wait(ANSWER_S / 2)
    assert kiosk.showing(Issuing).stage is Stage.ASKING
    kiosk.wait(ANSWER_S)
    assert kiosk.showing(Issuing).stage is Stage.VOIDING


def test_a_void_that_was_under_way_begins_again() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.wait(PATIENCE_S)
    assert kiosk.showing(Issuing).stage is Stage.VOIDING
    state, effects = crash(kiosk, 2)
    assert isinstance(state.view, Issuing)
    assert state.view.stage is Stage.ASKING
    assert len(effects) == 1


def test_an_own_number_that_was_on_disk_before_it_was_shown_is_shown_and_nothing_is_asked() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    fields = {
        "service": "land", "priority": "normal", "lang": "vi",
        "offline": {"number": "Z1-004", "token": "t" * 24, "at": "2026-11-23T08:15:00+07:00", "replaces": "?"},
    }  # fmt: skip
    ticket = ticket_given("00000000-0000-0000-0000-000000000007", "Z1-004", fields)
    state, effects = crash(kiosk, 2, {kiosk.asked().id: ticket})
    assert isinstance(state.view, Shown)
    assert (state.view.ticket.number, state.view.ticket.channel) == ("Z1-004", Origin.OFFLINE)
    assert state.view.slip is Slip.PRINTING
    assert effects == (PrintOffline(ticket),)


def test_a_look_up_is_asked_again() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenFind(), TypeKey("A"))
    kiosk.touch(LookUp())
    state, effects = crash(kiosk, 4)
    assert isinstance(state.view, Looking)
    assert effects == (kiosk.asked(),)
