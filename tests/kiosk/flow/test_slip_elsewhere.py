"""A slip that another kiosk's printer has: the screen says where, and for how long it is waited for."""

from __future__ import annotations

import pytest

from broker.contract.payloads import PrintedCommand
from broker.runtime.catalogue import catalogue
from kiosk.app.kiosk import place_of
from kiosk.flow.actions import Begin, TakeService
from kiosk.flow.events import SlipEnded
from kiosk.flow.issue import ELSEWHERE_S, SLIP_S
from kiosk.flow.state import Shown, Slip
from kiosk.views.build import build
from kiosk.views.ticket import TicketBody
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import ticket_data

TICKET = ticket_data()["id"]
DOOR = {"vi": "Kiosk 2", "en": "Kiosk 2"}


def issued() -> Rehearsal:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    return kiosk


def body(kiosk: Rehearsal) -> TicketBody:
    shown = build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body
    assert isinstance(shown, TicketBody)
    return shown


def test_the_screen_says_where_the_slip_is_being_printed_and_then_where_it_lies() -> None:
    kiosk = issued()
    kiosk.play(SlipEnded(TICKET, None, "paper_out", DOOR))
    assert kiosk.showing(Shown).slip is Slip.PRINTING
    assert "Kiosk 2" in body(kiosk).slip_note
    kiosk.play(SlipEnded(TICKET, True, None, DOOR))
    assert kiosk.showing(Shown).slip is Slip.PRINTED
    assert "Kiosk 2" in body(kiosk).slip_note


def test_the_second_printer_is_waited_for_longer() -> None:
    kiosk = issued()
    kiosk.play(SlipEnded(TICKET, None, "paper_out", DOOR))
    kiosk.wait(SLIP_S)
    assert kiosk.showing(Shown).slip is Slip.PRINTING
    kiosk.wait(ELSEWHERE_S - SLIP_S)
    assert kiosk.showing(Shown).slip is Slip.UNKNOWN


def test_a_second_printer_that_fails_too_sends_nobody_there() -> None:
    kiosk = issued()
    kiosk.play(SlipEnded(TICKET, None, "paper_out", DOOR), SlipEnded(TICKET, False, "offline", DOOR))
    assert kiosk.showing(Shown).slip is Slip.FAILED
    assert "Kiosk 2" not in body(kiosk).slip_note
    assert body(kiosk).qr


@pytest.mark.parametrize("ok", [True, False])
def test_an_interim_word_that_comes_late_changes_nothing(ok: bool) -> None:  # noqa: FBT001 - a case
    kiosk = issued()
    kiosk.play(SlipEnded(TICKET, ok, None, DOOR))
    before = kiosk.showing(Shown)
    kiosk.play(SlipEnded(TICKET, None, "paper_out", DOOR))
    assert kiosk.showing(Shown) == before


def test_a_printer_without_a_label_goes_by_its_id() -> None:
    told = {"ticket": TICKET, "ok": True, "elsewhere": {"printer": "printer-2"}}
    assert place_of(PrintedCommand.model_validate(told)) == {"vi": "printer-2"}
    assert place_of(PrintedCommand.model_validate({**told, "elsewhere": None})) is None
