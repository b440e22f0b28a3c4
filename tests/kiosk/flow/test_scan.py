"""What a scan does in each view, and that nothing of a card is left anywhere."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import pytest

from broker.contract.errors import Code
from broker.runtime.catalogue import catalogue
from kiosk.flow.actions import Begin, GoBack, GoHome, OpenFind, OpenGroup, TakeService, TakeTask, TypeKey
from kiosk.flow.effects import KeepOffline
from kiosk.flow.events import Configured, LiveChanged, Scanned, SlipEnded, VoidAnswered
from kiosk.flow.person_marks import ASK_AGAIN_S, PersonMarks
from kiosk.flow.scan import UNREAD_S
from kiosk.flow.state import (
    CardWanted,
    Find,
    Groups,
    Issuing,
    Looking,
    Notice,
    Rating,
    ReceiptRead,
    Shown,
    Slip,
    Staff,
    Task,
    Welcome,
)
from kiosk.flow.step import PASSING_S
from kiosk.views.build import build
from kiosk.views.messages import MessageBody
from kiosk.views.scan import CardBody, ReceiptBody
from tests.gallery.kiosk.every_screen import DOSSIER_PATTERN
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, ticket_data

TOKEN = "q" * 22
DOSSIER = "000.00.53.H48-220921-0099"
ID = "051180" + "000001"
FIELDS = ("HỌ TÊN MẪU", "01011980", "Nam", "Nơi cư trú mẫu", "01012021")
CARD = "|".join((ID, "123456789", *FIELDS))
OTHER_CARD = CARD.replace(ID, "051180" + "000002")
RECEIPT = {"pattern": DOSSIER_PATTERN, "services": ["results", "land-info"]}
KEY = b"k" * 32


def a_kiosk_that_reads(**changes: Any) -> Rehearsal:
    config = a_kiosk(**({"receipt": RECEIPT, "card_services": ["land", "results"]} | changes))
    return Rehearsal.configured(config)


def give_key(kiosk: Rehearsal, key: bytes = KEY) -> None:
    kiosk.wait(0.2)
    assert kiosk.asked().op == "time"
    told = base64.urlsafe_b64encode(key).decode().rstrip("=")
    kiosk.reply({"now": "2026-11-23T08:15:00+07:00", "identity": {"day": kiosk.day, "key": told}})


# ---- a slip, and what cannot be used ----


def test_the_code_of_a_slip_is_looked_up_from_any_view_that_takes_scans() -> None:
    kiosk = a_kiosk_that_reads()
    for actions in ((), (Begin(),), (OpenFind(), TypeKey("A"))):
        kiosk.touch(GoHome(), *actions)
        kiosk.play(Scanned("not known", TOKEN))
        assert kiosk.showing(Looking).token == TOKEN
        kiosk.reply(code="not_found")


@pytest.mark.parametrize("text", ["", "abcdef", "\x00" * 9, "|" * 300, "H4-1-1"])
def test_a_code_of_no_use_is_told_in_passing_and_everything_is_as_before(text: str) -> None:
    kiosk = a_kiosk_that_reads()
    kiosk.touch(OpenFind(), TypeKey("A"), TypeKey("0"))
    before = kiosk.state
    assert kiosk.play(Scanned(text)) == ()
    assert kiosk.showing(Notice).code == "bad_scan"
    shown = build(kiosk.state, kiosk.moment(), catalogue("kiosk"))
    assert isinstance(shown.body, MessageBody)
    assert shown.back
    kiosk.play(Scanned(text))
    kiosk.wait(PASSING_S - 0.5)
    assert isinstance(kiosk.view(), Notice)
    kiosk.wait(1)
    assert kiosk.view() == before.view == Find("A0")


def test_a_finger_takes_the_notice_of_a_scan_away() -> None:
    kiosk = a_kiosk_that_reads()
    kiosk.touch(Begin())
    kiosk.play(Scanned("?"))
    kiosk.touch(GoBack())
    assert kiosk.view() == Groups()
    kiosk.play(Scanned("?"))
    kiosk.touch(GoHome())
    assert kiosk.view() == Welcome()


def note_of(kiosk: Rehearsal) -> str:
    return build(kiosk.state, kiosk.moment(), catalogue("kiosk")).top.note


def test_a_scan_while_an_answer_is_waited_for_or_a_number_is_read_is_said_to_be_unread_and_changes_nothing() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    view = kiosk.view()
    assert kiosk.play(Scanned(TOKEN)) == ()
    assert kiosk.view() == view
    assert note_of(kiosk) == "Máy chưa nhận mã vừa quét. Xin Quý khách quét lại sau khi xong màn hình này."
    kiosk.reply({"ticket": ticket_data()})
    view, touched = kiosk.view(), kiosk.state.touched
    assert kiosk.play(Scanned(TOKEN)) == ()
    assert (kiosk.view(), kiosk.state.touched) == (view, touched)
    assert note_of(kiosk)
    kiosk.play(SlipEnded(kiosk.showing(Shown).ticket.id, ok=True))
    assert kiosk.showing(Shown).slip is Slip.PRINTED
    kiosk.wait(UNREAD_S)
    assert isinstance(kiosk.view(), Shown)
    assert note_of(kiosk) == ""


def test_a_scan_while_a_visit_is_rated_is_said_to_be_unread_until_the_screen_is_another() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(Scanned(TOKEN))
    kiosk.reply({"ticket": ticket_data(status="done")})
    rating = kiosk.showing(Rating)
    assert kiosk.play(Scanned("something else")) == ()
    assert kiosk.view() == rating
    assert note_of(kiosk)
    assert build(kiosk.state, kiosk.moment(), catalogue("kiosk")).top.note_icon == "qr"
    kiosk.touch(GoHome())
    assert note_of(kiosk) == ""


# ---- a receipt ----


def test_a_receipt_leads_to_the_services_that_hand_results_back_and_goes_with_the_number() -> None:
    kiosk = a_kiosk_that_reads(card_services=[])
    kiosk.play(Scanned(f"https://tracuu.example/?ma={DOSSIER}"))
    assert kiosk.view() == ReceiptRead(DOSSIER)
    shown = build(kiosk.state, kiosk.moment(), catalogue("kiosk"))
    assert isinstance(shown.body, ReceiptBody)
    assert [tile.id for tile in shown.body.tiles] == ["results", "land-info"]
    assert "0099" in shown.body.code
    assert DOSSIER[:-4] not in repr(shown)
    kiosk.touch(TakeService("results"))
    assert kiosk.asked().fields == {"service": "results", "priority": "normal", "lang": "vi", "dossier": DOSSIER}
    kiosk.reply({"ticket": ticket_data(service="results")})
    assert DOSSIER not in repr(kiosk.state)


def test_a_receipt_leads_to_no_other_service_and_is_forgotten_when_its_holder_leaves() -> None:
    kiosk = a_kiosk_that_reads()
    kiosk.play(Scanned(DOSSIER))
    assert kiosk.touch(TakeService("land")) == ()
    assert isinstance(kiosk.view(), ReceiptRead)
    kiosk.touch(GoBack())
    assert kiosk.view() == Welcome()
    kiosk.touch(Begin(), TakeService("land-info"))
    assert "dossier" not in kiosk.asked().fields


def test_where_no_service_takes_receipts_a_receipt_is_a_code_of_no_use() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(Scanned(DOSSIER))
    assert kiosk.showing(Notice).code == "bad_code"


def test_a_receipts_code_goes_with_an_offline_number_too() -> None:
    kiosk = a_kiosk_that_reads(card_services=[])
    kiosk.play(Scanned(DOSSIER))
    kiosk.touch(TakeService("results"))
    kiosk.wait(3)
    kiosk.play(VoidAnswered(kiosk.asked().id, begun=False))
    keep = next(effect for effect in kiosk.effects if isinstance(effect, KeepOffline))
    assert keep.fields["dossier"] == DOSSIER
    assert "person" not in keep.fields


# ---- a card ----


def test_a_kiosk_asks_for_the_days_key_only_where_a_service_needs_cards() -> None:
    plain = Rehearsal.configured()
    assert plain.wait(1) == ()
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    assert kiosk.state.identity.has_key(kiosk.day)
    assert kiosk.wait(100) == ()
    kiosk.play(Configured(a_kiosk()))
    kiosk.wait(0.2)
    assert kiosk.state.identity == PersonMarks()


def test_the_key_and_the_marks_of_a_day_are_gone_on_the_next_and_a_new_key_is_asked_for() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    first = kiosk.asked().id
    kiosk.day = "2026-11-24"
    kiosk.wait(0.2)
    assert not kiosk.state.identity.key
    assert kiosk.asked().op == "time"
    assert kiosk.asked().id != first
    kiosk.wait(ASK_AGAIN_S + 1)
    assert kiosk.asked().op == "time"


def test_a_service_that_needs_a_card_waits_for_it_and_the_number_goes_with_the_mark() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.touch(Begin(), TakeService("land"))
    assert kiosk.view() == CardWanted("land")
    assert isinstance(build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body, CardBody)
    kiosk.play(Scanned("no card"))
    kiosk.touch(GoBack())
    kiosk.play(Scanned(CARD))
    fields = kiosk.asked().fields
    assert fields["person"] == PersonMarks(kiosk.day, KEY).mark(ID, "land")
    assert set(fields) == {"service", "priority", "lang", "person"}
    kiosk.reply(code="too_many_tickets")
    assert kiosk.showing(Notice).code == Code.TOO_MANY_TICKETS


def test_nothing_of_a_card_stands_in_the_state_its_effects_or_the_screen() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.play(Scanned(CARD))
    kiosk.reply({"ticket": ticket_data()})
    said = repr((kiosk.state, kiosk.effects, [getattr(effect, "fields", None) for effect in kiosk.effects]))
    said += repr((Scanned(CARD), build(kiosk.state, kiosk.moment(), catalogue("kiosk"))))
    for part in (ID, "123456789", *FIELDS[:2], *FIELDS[3:]):
        assert part not in said


def test_a_service_that_needs_no_card_is_as_ever() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.touch(Begin(), TakeService("land-info"))
    assert isinstance(kiosk.view(), Issuing)


def test_a_receipt_and_a_card_can_both_be_needed() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.play(Scanned(DOSSIER))
    kiosk.touch(TakeService("results"))
    assert kiosk.view() == CardWanted("results", DOSSIER)
    kiosk.play(Scanned(CARD))
    assert kiosk.asked().fields["dossier"] == DOSSIER
    assert "person" in kiosk.asked().fields


def test_without_a_key_a_number_is_given_without_a_mark() -> None:
    kiosk = a_kiosk_that_reads()
    kiosk.play(LiveChanged(False))
    kiosk.touch(Begin(), TakeService("land"))
    assert kiosk.showing(Issuing).mark is None
    assert "person" not in kiosk.asked().fields


def test_the_staff_take_a_number_for_somebody_without_a_card() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.state = replace(kiosk.state, view=Staff())
    kiosk.touch(TakeTask(Task.ASSIST), TakeService("land"))
    assert "person" not in kiosk.asked().fields
    assert isinstance(kiosk.view(), Issuing)
    kiosk.reply({"ticket": ticket_data()})
    kiosk.touch(GoHome(), Begin(), TakeService("land"))
    assert kiosk.view() == CardWanted("land")


def test_a_card_that_nothing_waits_for_is_not_used_and_its_holder_is_told() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.touch(Begin(), OpenGroup("land"))
    assert kiosk.play(Scanned(CARD)) == ()
    assert kiosk.showing(Notice).code == "card_later"
    plain = Rehearsal.configured()
    assert plain.play(Scanned(CARD)) == ()
    assert plain.showing(Notice).code == "card_unused"


def offline_number(kiosk: Rehearsal, card: str) -> None:
    kiosk.touch(GoHome(), Begin(), TakeService("land"))
    kiosk.play(Scanned(card))
    kiosk.wait(3)
    kiosk.play(VoidAnswered(kiosk.asked().id, begun=False))


def test_alone_a_kiosk_goes_by_its_own_memory_of_the_day() -> None:
    kiosk = a_kiosk_that_reads()
    give_key(kiosk)
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.play(Scanned(CARD))
    kiosk.reply({"ticket": ticket_data()})
    kiosk.play(LiveChanged(False))
    offline_number(kiosk, CARD)
    assert kiosk.showing(Notice).code == Code.TOO_MANY_TICKETS
    assert not [effect for effect in kiosk.effects if isinstance(effect, KeepOffline)]
    offline_number(kiosk, OTHER_CARD)
    keep = next(effect for effect in kiosk.effects if isinstance(effect, KeepOffline))
    assert keep.fields["person"] == PersonMarks(kiosk.day, KEY).mark("051180" + "000002", "land")
    offline_number(kiosk, OTHER_CARD)
    assert kiosk.showing(Notice).code == Code.TOO_MANY_TICKETS
