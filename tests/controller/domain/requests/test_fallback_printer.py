"""A slip that the kiosk's own printer did not print comes out of another one: once, and never while it is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.payloads import Elsewhere
from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.domain.commands import SlipOutcome
from controller.domain.decision.decision import NotifyKiosk, PrintSlip
from controller.domain.queue.ticket import SlipState

if TYPE_CHECKING:
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Stage

LABEL = {"vi": "Kiosk 2"}
THERE = Elsewhere(printer="printer-2", label=LABEL)


def devices(make_stage: type[Stage], **kiosk: Any) -> dict[str, Any]:
    rows = make_stage.document()["device"]
    rows[0] |= {"fallback_printer": "printer-2"} | kiosk
    rows[1] |= {"label": LABEL}
    return {"device": [*rows, {"id": "printer-2", "kind": "printer", "attached": "kiosk-2"}]}


@pytest.fixture
def stage(make_stage: type[Stage]) -> Stage:
    return make_stage(devices(make_stage))


def printed(stage: Stage) -> Ticket:
    return stage.issue(device="kiosk-1", printer="printer-1", request="r-1")


def slip(stage: Stage, ticket: Ticket) -> SlipState:
    return stage.hall.tickets[ticket.id].slip


def outcome(stage: Stage, ticket: Ticket, printer: str = "printer-1", **told: Any) -> tuple[Any, ...]:
    effects: tuple[Any, ...] = stage.do(SlipOutcome(ticket=ticket.id, printer=printer, **told)).effects
    return effects


def test_after_a_final_no_the_slip_goes_to_the_other_printer_and_the_kiosk_says_where(stage: Stage) -> None:
    ticket = printed(stage)
    printing, telling = outcome(stage, ticket, ok=False, error="paper_out")
    assert isinstance(printing, PrintSlip)
    assert (printing.printer, printing.ticket.number, printing.slip.copy_) == ("printer-2", ticket.number, False)
    assert telling == NotifyKiosk("kiosk-1", ticket.id, None, "paper_out", THERE)
    assert ticket.slip is SlipState.PENDING
    assert outcome(stage, ticket, "printer-2", ok=True) == (NotifyKiosk("kiosk-1", ticket.id, True, None, THERE),)
    assert slip(stage, ticket) is SlipState.PRINTED
    stage.check_replay()


def test_while_it_is_open_no_other_printer_gets_it(stage: Stage) -> None:
    ticket = printed(stage)
    for final in (False, True):
        (telling,) = outcome(stage, ticket, ok=None, final=final)
        assert telling == NotifyKiosk("kiosk-1", ticket.id, None, None)
    assert ticket.slip is SlipState.UNKNOWN
    assert outcome(stage, ticket, ok=False, error="offline") == ()


def test_a_no_after_an_interim_word_is_final(stage: Stage) -> None:
    ticket = printed(stage)
    outcome(stage, ticket, ok=None, final=False)
    printing, _ = outcome(stage, ticket, ok=False, error="offline")
    assert isinstance(printing, PrintSlip)


def test_the_other_printer_is_the_last_one(stage: Stage) -> None:
    ticket = printed(stage)
    outcome(stage, ticket, ok=False, error="cover_open")
    (telling,) = outcome(stage, ticket, "printer-2", ok=False, error="offline")
    assert telling == NotifyKiosk("kiosk-1", ticket.id, False, "offline", THERE)
    assert ticket.slip is SlipState.FAILED
    assert outcome(stage, ticket, "printer-2", ok=True) == ()


def test_the_first_printer_s_word_counts_no_more_once_the_other_has_the_slip(stage: Stage) -> None:
    ticket = printed(stage)
    outcome(stage, ticket, ok=False, error="paper_out")
    assert outcome(stage, ticket, "printer-1", ok=False, error="paper_out") == ()
    assert ticket.slip is SlipState.PENDING


def test_a_slip_that_the_kiosk_voided_is_printed_nowhere(stage: Stage) -> None:
    ticket = printed(stage)
    (telling,) = outcome(stage, ticket, ok=False, error="expired")
    assert telling == NotifyKiosk("kiosk-1", ticket.id, False, "expired")


def test_a_ticket_that_took_the_kiosks_own_number_meanwhile_is_printed_nowhere_else(stage: Stage) -> None:
    ticket = printed(stage)
    stage.hand_in("Z1-001", replaces="r-1", device="kiosk-1", request="r-2")
    (telling,) = outcome(stage, ticket, ok=False, error="paper_out")
    assert telling.ok is False


def test_without_a_second_printer_it_stays_with_the_first(make_stage: type[Stage]) -> None:
    stage = make_stage()
    ticket = printed(stage)
    assert outcome(stage, ticket, ok=False, error="paper_out") == (
        NotifyKiosk("kiosk-1", ticket.id, False, "paper_out"),
    )


@pytest.mark.parametrize(
    "kiosk",
    [{"fallback_printer": "printer-1"}, {"printer": None}, {"fallback_printer": "kiosk-2"}, {"fallback_printer": "p"}],
)
def test_a_second_printer_that_is_none_is_a_fault(make_stage: type[Stage], kiosk: dict[str, Any]) -> None:
    with pytest.raises(CentreFaults) as faults:
        parse_centre(make_stage.document() | devices(make_stage, **kiosk))
    assert [fault.place for fault in faults.value.faults] == ["device[0].fallback_printer"]


def test_only_a_kiosk_has_a_second_printer(make_stage: type[Stage]) -> None:
    rows = devices(make_stage)
    rows["device"][4] |= {"fallback_printer": "printer-2"}
    with pytest.raises(CentreFaults) as faults:
        parse_centre(make_stage.document() | rows)
    assert [fault.place for fault in faults.value.faults] == ["device[4].fallback_printer"]
