"""Numbers that a kiosk gives while nobody answers: every race of a late reply (contract 4, Offline)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from broker.contract.payloads import IssueRequest, Origin
from kiosk.flow.actions import Begin, GoHome, TakeService
from kiosk.flow.effects import Ask, Effect, Forget, KeepOffline, KeepSeries, PrintOffline, VoidPrint
from kiosk.flow.events import DiskChanged, OfflineSubmitted, Replied, SlipEnded, VoidAnswered
from kiosk.flow.issue import GIVE_UP_S, PATIENCE_S, series_of, series_told
from kiosk.flow.series import Series
from kiosk.flow.state import Issuing, Notice, Shown, Slip, Stage, Welcome
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_ticket, ticket_data


@pytest.fixture
def kiosk() -> Rehearsal:
    played = Rehearsal.configured()
    played.touch(Begin(), TakeService("land"))
    return played


def kept(effects: tuple[Effect, ...]) -> KeepOffline:
    """Give the one offline number that goes to disk."""
    (keep,) = [effect for effect in effects if isinstance(effect, KeepOffline)]
    return keep


def test_after_three_seconds_the_own_printer_is_asked_first(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    assert kiosk.wait(PATIENCE_S - 0.1) == ()
    assert kiosk.wait(0.1) == (VoidPrint(request),)
    assert kiosk.wait(1) == ()


def test_try_again_does_not_wait_three_seconds(kiosk: Rehearsal) -> None:
    assert kiosk.reply(code="try_again") == (VoidPrint(kiosk.asked().id),)


def test_a_voided_request_becomes_an_own_number_kept_before_it_is_printed(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    effects = kiosk.play(VoidAnswered(request, begun=False))
    assert [type(effect) for effect in effects] == [Forget, KeepOffline, PrintOffline]
    keep = kept(effects)
    assert (keep.number, keep.series) == ("Z1-001", Series("2026-11-23", 1))
    read = IssueRequest.model_validate(keep.fields)
    assert read.offline is not None
    assert (read.offline.number, read.offline.replaces) == ("Z1-001", request)
    assert keep.id != request
    ticket = kiosk.showing(Shown).ticket
    assert (ticket.number, ticket.channel, ticket.token) == ("Z1-001", Origin.OFFLINE, read.offline.token)
    assert read.offline.at == ticket.issued_at == kiosk.instant


def test_a_slip_that_was_begun_is_shown_and_nothing_offline_happens(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    effects = kiosk.play(VoidAnswered(request, begun=True, ticket=a_ticket()))
    assert Forget(request) in effects
    assert kiosk.showing(Shown).ticket.number == "A007"
    assert not any(isinstance(effect, KeepOffline) for effect in kiosk.effects)


def test_a_reply_between_the_void_and_its_answer_counts_only_when_the_slip_was_begun(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    kiosk.play(Replied(request, {"ticket": ticket_data()}))
    kiosk.showing(Issuing)
    kiosk.play(VoidAnswered(request, begun=True))
    assert kiosk.showing(Shown).ticket.number == "A007"


def test_a_reply_between_the_void_and_its_answer_is_replaced_when_the_slip_was_voided(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    kiosk.play(Replied(request, {"ticket": ticket_data()}))
    assert kept(kiosk.play(VoidAnswered(request, begun=False))).fields["offline"]["replaces"] == request


def test_a_reply_after_the_own_number_was_given_changes_nothing(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(request, begun=False), Replied(request, {"ticket": ticket_data()}))
    assert kiosk.showing(Shown).ticket.number == "Z1-001"


def test_a_slip_begun_for_a_ticket_that_nobody_knows_yet_waits_for_the_reply(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    assert kiosk.play(VoidAnswered(request, begun=True)) == ()
    assert kiosk.showing(Issuing).stage is Stage.PRINTED
    kiosk.play(Replied(request, {"ticket": ticket_data()}))
    kiosk.showing(Shown)


def test_a_slip_begun_for_a_ticket_that_is_never_told_ends(kiosk: Rehearsal) -> None:
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(request, begun=True))
    kiosk.wait(GIVE_UP_S)
    kiosk.showing(Notice)
    kiosk.wait(20)
    assert kiosk.view() == Welcome()


def test_a_reply_just_in_time_stays_an_ordinary_ticket(kiosk: Rehearsal) -> None:
    kiosk.wait(PATIENCE_S - 0.1)
    kiosk.reply({"ticket": ticket_data()})
    kiosk.wait(1)
    assert not any(isinstance(effect, VoidPrint | KeepOffline) for effect in kiosk.effects)


def test_an_answer_of_the_printer_to_an_older_request_changes_nothing(kiosk: Rehearsal) -> None:
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered("another", begun=False))
    kiosk.showing(Issuing)
    early = Rehearsal.configured()
    early.touch(Begin(), TakeService("land"))
    assert early.play(VoidAnswered(early.asked().id, begun=False)) == ()


def test_own_numbers_go_on_in_order_and_begin_again_each_day(kiosk: Rehearsal) -> None:
    numbers = []
    for day in ("2026-11-23", "2026-11-23", "2026-11-24", "2026-11-24"):
        kiosk.day = day
        if not isinstance(kiosk.view(), Issuing):
            kiosk.wait(60)
            kiosk.touch(Begin(), TakeService("land"))
        request = kiosk.asked().id
        kiosk.wait(PATIENCE_S)
        numbers.append(kept(kiosk.play(VoidAnswered(request, begun=False))).number)
    assert numbers == ["Z1-001", "Z1-002", "Z1-001", "Z1-002"]


def test_the_numbers_of_a_full_day_grow_beyond_three_digits() -> None:
    played = Rehearsal.configured()
    played.state = replace(played.state, series=Series("2026-11-23", 999))
    played.touch(Begin(), TakeService("land"))
    played.wait(PATIENCE_S)
    assert kept(played.play(VoidAnswered(played.asked().id, begun=False))).number == "Z1-1000"


def test_a_kiosk_without_an_own_series_waits_for_the_reply_and_then_says_so() -> None:
    played = Rehearsal.configured(a_kiosk(offline=None))
    played.touch(Begin(), TakeService("land"))
    assert played.wait(PATIENCE_S) == ()
    assert played.wait(GIVE_UP_S) == (Forget(played.asked().id),)
    played.showing(Notice)


def test_a_kiosk_whose_printer_stands_elsewhere_shows_the_own_number_and_prints_nothing() -> None:
    played = Rehearsal.configured(own_printer=False)
    played.touch(Begin(), TakeService("land"))
    played.wait(PATIENCE_S)
    effects = played.play(VoidAnswered(played.asked().id, begun=False))
    assert not any(isinstance(effect, PrintOffline) for effect in effects)
    assert played.showing(Shown).slip is Slip.NONE


def test_the_own_slip_that_does_not_print_is_told(kiosk: Rehearsal) -> None:
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(kiosk.asked().id, begun=False))
    assert kiosk.showing(Shown).slip is Slip.PRINTING
    kiosk.play(SlipEnded(kiosk.showing(Shown).ticket.id, None))
    assert kiosk.showing(Shown).slip is Slip.UNKNOWN


def test_an_own_number_that_was_handed_in_shows_its_place_and_keeps_its_token(kiosk: Rehearsal) -> None:
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(kiosk.asked().id, begun=False))
    token = kiosk.showing(Shown).ticket.token
    kiosk.play(OfflineSubmitted("Z1-001", a_ticket(number="Z1-001", position=5)))
    assert (kiosk.showing(Shown).ticket.position, kiosk.showing(Shown).ticket.token) == (5, token)
    before = kiosk.state
    kiosk.play(OfflineSubmitted("Z1-009", a_ticket(number="Z1-009", position=1)))
    assert kiosk.state == before


def test_each_try_has_a_request_id_of_its_own() -> None:
    played = Rehearsal.configured()
    ids = []
    for _ in range(3):
        played.touch(Begin(), TakeService("land"))
        ids.append(played.asked().id)
        played.reply({"ticket": ticket_data()})
        played.wait(60)
    assert len(set(ids)) == 3
    assert all(isinstance(effect, Ask) for effect in played.effects if getattr(effect, "op", "") == "issue")


def test_a_number_that_the_disk_did_not_take_is_marked_until_it_does() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(kiosk.asked().id, begun=False))
    assert kiosk.showing(Shown).stored
    kiosk.play(DiskChanged(takes=False))
    assert not kiosk.showing(Shown).stored
    kiosk.play(DiskChanged(takes=True, stored=("Z1-009",)))
    assert not kiosk.showing(Shown).stored
    kiosk.play(DiskChanged(takes=True, stored=("Z1-001",)))
    assert kiosk.showing(Shown).stored


def test_a_kiosk_that_begins_on_a_disk_that_takes_nothing_gives_no_number_of_its_own() -> None:
    kiosk = Rehearsal.configured()
    kiosk.state = replace(kiosk.state, may_give=False)
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.wait(10)
    assert kiosk.showing(Issuing).stage is Stage.ASKING
    kiosk.wait(20)
    assert kiosk.showing(Notice).code == "try_again"
    kiosk.play(DiskChanged(takes=True))
    kiosk.touch(GoHome(), Begin(), TakeService("land"))
    kiosk.wait(3)
    assert kiosk.showing(Issuing).stage is Stage.VOIDING


def test_a_series_that_is_told_is_written_when_it_tells_something_new() -> None:
    state = replace(Rehearsal.configured().state, series=Series("2026-11-23", 4))
    told = Series("2026-11-23", 7)
    known, effects = series_told(state, told)
    assert (known.series, effects) == (told, (KeepSeries(told),))
    assert series_told(known, Series("2026-11-23", 5)) == (known, ())


@pytest.mark.parametrize(
    "result",
    [None, {}, {"series": 3}, {"series": {"day": 1, "last": 2}}, {"series": {"day": "2026-11-23", "last": -1}}],
)
def test_a_series_that_cannot_be_read_is_none(result: dict[str, object] | None) -> None:
    assert series_of(result) is None
