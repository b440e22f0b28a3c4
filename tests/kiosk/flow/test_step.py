"""The kiosk's flow, without a window."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kiosk.flow.actions import (
    Begin,
    EraseKey,
    GiveScore,
    GoBack,
    GoHome,
    GoOn,
    LookUp,
    OpenFind,
    OpenGroup,
    OpenPriorities,
    Speak,
    Stay,
    TakeNumber,
    TakePriority,
    TakeService,
    ToggleReason,
    TypeKey,
)
from kiosk.flow.effects import Ask, Forget
from kiosk.flow.events import Configured, Identify, LiveChanged, Replied, Scanned, ServiceChanged, SlipEnded
from kiosk.flow.state import (
    Find,
    Found,
    Groups,
    Issuing,
    Looking,
    Notice,
    Priorities,
    Rating,
    Services,
    Shown,
    Slip,
    State,
    Thanks,
    Welcome,
    popular,
)
from kiosk.flow.step import IDLE_RESET_S, IDLE_WARNING_S, LOOKUP_S, TICKET_S, closes_in
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_service, ticket_data

TOKEN = "q" * 22


@pytest.fixture
def kiosk() -> Rehearsal:
    return Rehearsal.configured()


def issued(kiosk: Rehearsal, **changes: object) -> Shown:
    """Take a number for land and have it answered."""
    kiosk.touch(Begin(), OpenGroup("land"), TakeService("land"))
    kiosk.reply({"ticket": ticket_data(**changes)})
    return kiosk.showing(Shown)


def test_three_touches_lead_from_welcome_to_a_request(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin())
    assert kiosk.view() == Groups()
    kiosk.touch(OpenGroup("land"))
    assert kiosk.view() == Services("land")
    effects = kiosk.touch(TakeService("land"))
    request = kiosk.showing(Issuing).request
    assert effects == (Ask(request, "issue", {"service": "land", "priority": "normal", "lang": "vi"}),)


def test_a_common_service_takes_two_touches(kiosk: Rehearsal) -> None:
    effects = kiosk.touch(Begin(), TakeService("health"))
    assert isinstance(effects[0], Ask)
    assert effects[0].fields["service"] == "health"


def test_the_services_taken_here_most_come_first_then_the_busiest(kiosk: Rehearsal) -> None:
    kiosk.play(ServiceChanged("justice", a_service("justice", waiting=9)))
    assert popular(kiosk.state, 2) == ("justice", "land")
    issued(kiosk)
    assert popular(kiosk.state, 2) == ("land", "justice")


def test_the_ticket_is_shown_with_what_is_known_of_its_slip(kiosk: Rehearsal) -> None:
    shown = issued(kiosk)
    assert shown.ticket.number == "A007"
    assert shown.slip is Slip.PRINTING
    kiosk.play(SlipEnded(shown.ticket.id, True))
    assert kiosk.showing(Shown).slip is Slip.PRINTED


def test_a_turn_that_is_likely_to_come_after_closing_is_told_with_the_number(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data(), "warning": "estimate_passes_closing"})
    assert kiosk.showing(Shown).late
    assert not issued(Rehearsal.configured()).late


def test_a_slip_that_failed_says_why(kiosk: Rehearsal) -> None:
    shown = issued(kiosk)
    kiosk.play(SlipEnded(shown.ticket.id, False, "paper_out"))
    assert kiosk.view() == replace(shown, slip=Slip.FAILED, error="paper_out")


def test_the_outcome_of_a_slip_may_arrive_before_the_reply(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    ticket = ticket_data()
    kiosk.play(SlipEnded(ticket["id"], True))
    kiosk.reply({"ticket": ticket})
    assert kiosk.showing(Shown).slip is Slip.PRINTED


def test_a_slip_of_which_nothing_is_heard_is_unknown_and_never_called_printed(kiosk: Rehearsal) -> None:
    issued(kiosk)
    kiosk.wait(15)
    assert kiosk.showing(Shown).slip is Slip.UNKNOWN


def test_a_kiosk_without_a_printer_shows_the_number_and_promises_no_slip() -> None:
    kiosk = Rehearsal.configured(a_kiosk(printer=None))
    assert issued(kiosk).slip is Slip.NONE


def test_the_ticket_leaves_by_itself_and_with_it_language_and_priority(kiosk: Rehearsal) -> None:
    kiosk.touch(Speak("en"), Begin(), OpenPriorities(), TakePriority("elderly"), TakeService("land"), TakeNumber())
    assert kiosk.asked().fields == {"service": "land", "priority": "elderly", "lang": "en"}
    kiosk.reply({"ticket": ticket_data()})
    kiosk.wait(TICKET_S - 1)
    kiosk.showing(Shown)
    kiosk.wait(1)
    assert (kiosk.view(), kiosk.state.lang, kiosk.state.priority) == (Welcome(), "vi", "normal")


def test_a_priority_is_chosen_from_where_one_is_and_leads_back_there(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenGroup("land"), OpenPriorities())
    assert kiosk.view() == Priorities(Services("land"))
    kiosk.touch(TakePriority("merit"))
    assert (kiosk.view(), kiosk.state.priority) == (Services("land"), "merit")
    kiosk.touch(OpenPriorities(), TakePriority("made-up"))
    assert kiosk.state.priority == "merit"
    kiosk.touch(TakePriority("normal"))
    assert kiosk.state.priority == "normal"


def test_back_goes_one_screen_back_and_home_to_the_first(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenGroup("land"), OpenPriorities(), GoBack())
    assert kiosk.view() == Services("land")
    kiosk.touch(GoBack())
    assert kiosk.view() == Groups()
    kiosk.touch(GoBack())
    assert kiosk.view() == Welcome()
    kiosk.touch(Begin(), OpenGroup("land"), GoHome())
    assert kiosk.view() == Welcome()


def test_nobody_leaves_while_a_number_is_being_asked_for(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    before = kiosk.view()
    kiosk.touch(GoHome(), GoBack(), Begin(), TakeService("tax"))
    assert kiosk.view() == before


def test_an_idle_menu_warns_first_and_then_resets(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin())
    kiosk.wait(IDLE_WARNING_S)
    assert kiosk.state.warned
    kiosk.touch(Stay())
    assert (kiosk.state.warned, kiosk.view()) == (False, Groups())
    kiosk.wait(IDLE_WARNING_S)
    kiosk.wait(IDLE_RESET_S - IDLE_WARNING_S)
    assert (kiosk.state.warned, kiosk.view()) == (False, Welcome())


def test_a_foreign_language_left_on_the_first_screen_goes_back_to_the_centres(kiosk: Rehearsal) -> None:
    kiosk.touch(Speak("en"))
    kiosk.wait(IDLE_RESET_S)
    assert kiosk.state.lang == "vi"
    kiosk.touch(Speak("fr"))
    assert kiosk.state.lang == "vi"


def test_a_service_that_the_live_controller_calls_closed_is_told_at_once(kiosk: Rehearsal) -> None:
    kiosk.play(ServiceChanged("land", a_service("land", open=False)))
    effects = kiosk.touch(Begin(), TakeService("land"))
    assert effects == ()
    assert kiosk.showing(Notice).code == "service_closed"


@pytest.mark.parametrize("code", ["quota_reached", "centre_closed", "too_many_tickets", "unknown_service"])
def test_a_refusal_is_told_and_leaves_by_itself(kiosk: Rehearsal, code: str) -> None:
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply(code=code)
    assert kiosk.showing(Notice).code == code
    kiosk.wait(20)
    assert kiosk.view() == Welcome()


def test_a_reply_to_nothing_that_stands_changes_nothing(kiosk: Rehearsal) -> None:
    kiosk.play(Replied("unheard-of", {"ticket": ticket_data()}))
    assert kiosk.view() == Welcome()


def test_outside_the_hours_nothing_begins_while_the_controller_is_away() -> None:
    kiosk = Rehearsal.configured(live=False)
    kiosk.instant += 12 * 3600 * 1000
    kiosk.touch(Begin())
    assert kiosk.view() == Welcome()


def test_a_live_controller_that_opens_a_service_outside_the_hours_is_believed(kiosk: Rehearsal) -> None:
    kiosk.instant += 12 * 3600 * 1000
    kiosk.play(ServiceChanged("land", a_service("land", open=True)))
    kiosk.touch(Begin())
    assert kiosk.view() == Groups()


# ---- the slip's code: where it stands, and rating ----


def test_a_scanned_slip_that_waits_shows_where_it_stands(kiosk: Rehearsal) -> None:
    effects = kiosk.play(Scanned(f"http://127.0.0.1:8000/t/{TOKEN}\r"))
    assert effects == (Ask(kiosk.asked().id, "lookup", {"token": TOKEN}),)
    kiosk.reply({"ticket": ticket_data()})
    kiosk.showing(Found)


def test_a_scanned_slip_that_was_served_is_rated_in_one_touch(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    kiosk.showing(Rating)
    (effect,) = kiosk.touch(GiveScore(3))
    assert isinstance(effect, Ask)
    assert (effect.op, effect.fields) == ("rate", {"token": TOKEN, "score": 3, "version": 3})
    kiosk.reply({"rating": "r"})
    kiosk.showing(Thanks)
    kiosk.wait(6)
    assert kiosk.view() == Welcome()


def test_a_level_that_requires_a_reason_is_sent_only_with_one(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    assert kiosk.touch(GiveScore(1), GoOn()) == ()
    (effect,) = kiosk.touch(ToggleReason("slow"), ToggleReason("other"), ToggleReason("slow"), GoOn())
    assert isinstance(effect, Ask)
    assert effect.fields == {"token": TOKEN, "score": 1, "version": 3, "reasons": ["other"]}


def test_back_from_the_reasons_lets_choose_the_level_again(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    kiosk.touch(GiveScore(1), GoBack())
    (effect,) = kiosk.touch(GiveScore(2))
    assert isinstance(effect, Ask)
    assert effect.fields["score"] == 2


def test_a_rating_that_was_given_already_is_told(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    kiosk.touch(GiveScore(3))
    kiosk.reply(code="already_rated")
    assert kiosk.showing(Notice).code == "already_rated"


def test_a_number_that_is_typed_shows_where_it_stands_and_rates_nothing(kiosk: Rehearsal) -> None:
    kiosk.touch(OpenFind(), TypeKey("a"), TypeKey("0"), TypeKey("0"), TypeKey("8"), EraseKey(), TypeKey("7"))
    (effect,) = kiosk.touch(LookUp())
    assert isinstance(effect, Ask)
    assert (effect.op, effect.fields) == ("lookup", {"number": "A007"})
    kiosk.reply({"ticket": {**ticket_data(status="done"), "token": None}})
    kiosk.showing(Found)


def test_keys_that_no_number_has_are_not_typed(kiosk: Rehearsal) -> None:
    kiosk.touch(OpenFind(), *(TypeKey(key) for key in ("<", " ", "ab", "Z", "1", "-", "0")))
    assert kiosk.view() == Find("Z1-0")


@pytest.mark.parametrize("text", ["", "hello", "http://x/t/short", "0" * 200, "\x1b[31m"])
def test_a_code_that_is_none_is_told(kiosk: Rehearsal, text: str) -> None:
    assert kiosk.play(Scanned(text)) == ()
    assert kiosk.showing(Notice).code == "bad_code"


def test_a_lookup_that_nobody_answers_ends(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    request = kiosk.asked().id
    assert kiosk.wait(LOOKUP_S) == (Forget(request),)
    assert kiosk.showing(Notice).code == "try_again"


def test_a_rating_that_nobody_answers_ends(kiosk: Rehearsal) -> None:
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    kiosk.touch(GiveScore(3))
    assert kiosk.wait(LOOKUP_S) == (Forget(kiosk.asked().id),)
    kiosk.showing(Notice)


# ---- configuration ----


def test_without_a_configuration_no_touch_does_anything() -> None:
    kiosk = Rehearsal()
    assert kiosk.touch(Begin(), OpenGroup("land"), TakeService("land")) == ()
    assert kiosk.view() == Welcome()


def test_a_configuration_that_loses_the_shown_group_leads_back_to_the_groups(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin(), OpenGroup("land"))
    without = [service for service in a_kiosk().services if service.group != "land"]
    kiosk.play(Configured(a_kiosk().model_copy(update={"services": tuple(without)})))
    assert kiosk.view() == Groups()


def test_a_configuration_taken_away_leaves_a_shown_ticket_until_it_was_read(kiosk: Rehearsal) -> None:
    issued(kiosk)
    kiosk.play(Configured(None))
    kiosk.showing(Shown)
    kiosk.wait(TICKET_S)
    assert kiosk.view() == Welcome()


def test_a_language_or_priority_that_is_gone_is_given_up(kiosk: Rehearsal) -> None:
    kiosk.touch(Speak("en"), Begin(), OpenPriorities(), TakePriority("merit"))
    centre = a_kiosk().centre.model_copy(update={"languages": ["vi"]})
    kiosk.play(Configured(a_kiosk(priorities=[]).model_copy(update={"centre": centre})))
    assert (kiosk.state.lang, kiosk.state.priority) == ("vi", "normal")


def test_a_group_without_a_name_goes_by_its_first_service() -> None:
    config = a_kiosk(groups=[])
    assert config.shown_groups[0].name["vi"] == "Nộp hồ sơ đất đai …"


def test_identify_lasts_ten_seconds_and_disturbs_nothing(kiosk: Rehearsal) -> None:
    kiosk.touch(Begin())
    kiosk.play(Identify())
    assert (kiosk.state.identify_until, kiosk.view()) == (kiosk.real + 10, Groups())


def test_the_state_that_no_longer_lives_is_forgotten(kiosk: Rehearsal) -> None:
    kiosk.play(ServiceChanged("land", a_service("land")), ServiceChanged("land", None))
    assert kiosk.state.services == {}


def test_a_first_screen_in_the_centres_language_stays() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(LiveChanged(False))
    assert closes_in(kiosk.state, kiosk.moment()) is None
    assert closes_in(State("kiosk-1"), kiosk.moment()) is None


def test_looking_ends_in_a_notice_when_the_number_is_unknown(kiosk: Rehearsal) -> None:
    kiosk.touch(OpenFind(), TypeKey("A"), LookUp())
    kiosk.showing(Looking)
    kiosk.reply(code="not_found")
    kiosk.showing(Notice)
    kiosk.touch(OpenFind())
    assert kiosk.view() == Find()
