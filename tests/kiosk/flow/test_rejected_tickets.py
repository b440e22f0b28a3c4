"""A number that the controller refused for good: its holder is told what happened, and the staff which it is."""

from __future__ import annotations

from broker.runtime.catalogue import catalogue
from kiosk.flow.actions import Begin, GoHome, LookUp, OpenFind, TakeService, TypeKey
from kiosk.flow.events import OfflineRejected, Scanned, VoidAnswered
from kiosk.flow.issue import PATIENCE_S
from kiosk.flow.rejected_tickets import MOST_TOLD, NOT_TAKEN, RefusedNumber, told
from kiosk.flow.state import Looking, Notice, Shown
from kiosk.views.build import build
from kiosk.views.messages import MessageBody
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import MONDAY_MORNING

DAY_MS = 24 * 3600 * 1000
ZONE = "Asia/Ho_Chi_Minh"
TODAY = "2026-11-23"
TOKEN = "q" * 22


def refused(number: str = "Z1-007", token: str = TOKEN, at: int = MONDAY_MORNING) -> RefusedNumber:
    return RefusedNumber(number, token, "land", {"vi": "Đất đai"}, "unknown_service", at)


def type_number(kiosk: Rehearsal, number: str) -> None:
    kiosk.touch(GoHome(), OpenFind(), *(TypeKey(key) for key in number), LookUp())


def test_the_holder_of_a_refused_number_is_told_by_its_code_and_by_its_number_and_nobody_else() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(OfflineRejected(refused()))
    kiosk.play(Scanned(TOKEN))
    assert kiosk.showing(Notice).code == NOT_TAKEN
    body = build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body
    assert isinstance(body, MessageBody)
    assert body.title == "Số này chưa vào hàng chờ"
    assert "cán bộ" in body.note
    type_number(kiosk, "Z1-007")
    assert kiosk.showing(Notice).code == NOT_TAKEN
    type_number(kiosk, "Z1-008")
    assert isinstance(kiosk.view(), Looking)


def test_a_number_of_another_day_is_looked_up_but_its_slip_is_known_for_what_it_is() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(OfflineRejected(refused(at=MONDAY_MORNING - DAY_MS)))
    type_number(kiosk, "Z1-007")
    assert isinstance(kiosk.view(), Looking)
    kiosk.touch(GoHome())
    kiosk.reply(code="not_found")
    kiosk.play(Scanned(TOKEN))
    assert kiosk.showing(Notice).code == NOT_TAKEN


def test_who_still_stands_before_the_refused_number_is_told_at_once() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    request = kiosk.asked().id
    kiosk.wait(PATIENCE_S)
    kiosk.play(VoidAnswered(request, begun=False))
    shown = kiosk.showing(Shown).ticket
    kiosk.play(OfflineRejected(refused("Z1-002")))
    assert kiosk.showing(Shown).ticket == shown
    kiosk.play(OfflineRejected(refused(shown.number, shown.token or "")))
    assert kiosk.showing(Notice).code == NOT_TAKEN


def test_the_state_tells_those_of_the_day_and_not_more_than_a_message_holds() -> None:
    assert told([], TODAY, ZONE) is None
    assert told([refused(at=MONDAY_MORNING - DAY_MS)], TODAY, ZONE) is None
    assert told([refused()], TODAY, ZONE) == [
        {"number": "Z1-007", "service": "land", "name": {"vi": "Đất đai"}, "code": "unknown_service"}
    ]
    many = told([refused(f"Z1-{number:03d}") for number in range(1, 31)], TODAY, ZONE)
    assert many is not None
    assert [one["number"] for one in many] == [f"Z1-{number:03d}" for number in range(31 - MOST_TOLD, 31)]
