"""Giving numbers: series, ranges, hours, quotas, priorities, slips (contract 4 and 14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code
from broker.contract.payloads import Origin
from broker.contract.times import parse_instant
from controller.domain.commands import Issue, Reprint, SlipOutcome
from controller.domain.decision.decision import NotifyKiosk, PrintSlip
from controller.domain.queue.ticket import NotifiedWait, SlipState

if TYPE_CHECKING:
    from controller.domain.queue.hall import Hall
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Stage


class Fixed:
    """Says always the same."""

    def __init__(self, told: NotifiedWait | None) -> None:
        self.told = told

    def estimate(self, _hall: Hall, _service: str, _now: int, _ticket: Ticket | None = None) -> NotifiedWait | None:
        return self.told


def services_with(make_stage: type[Stage], **fields: Any) -> dict[str, Any]:
    services = make_stage.document()["service"]
    services[0] |= fields
    return {"service": services}


def test_services_of_a_series_share_its_numbers(stage: Stage) -> None:
    numbers = [stage.issue(service).number for service in ("land", "survey", "result", "land")]
    assert numbers == ["A001", "A002", "T001", "A003"]


def test_the_width_is_the_least_number_of_digits(make_stage: type[Stage]) -> None:
    stage = make_stage(services_with(make_stage, width=1))
    assert [stage.issue().number for _ in range(10)][-2:] == ["A9", "A10"]
    stage.check_replay()


def test_after_the_last_number_of_a_series_comes_its_first_if_that_visit_has_ended(make_stage: type[Stage]) -> None:
    stage = make_stage({"series": [{"id": "A", "first": 5, "last": 7}]})
    stage.press("open")
    assert [stage.issue().number for _ in range(3)] == ["A005", "A006", "A007"]
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue()
    stage.press("next")
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue()
    stage.press("finish")
    ended = stage.hall.by_number("A005")
    assert stage.issue().number == "A005"
    assert stage.hall.by_number("A005") is not ended
    with stage.refused(Code.BAD_STATE):
        stage.press("undo")
    stage.check_replay()


def test_a_number_that_could_come_back_is_not_given_again(make_stage: type[Stage]) -> None:
    stage = make_stage({"series": [{"id": "A", "first": 1, "last": 2}]})
    stage.press("open")
    stage.issue()
    stage.issue()
    stage.press("next")
    stage.press("no_show")
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue()


def test_after_a_restore_each_series_continues_above_its_floor(make_stage: type[Stage]) -> None:
    stage = make_stage()
    stage.issue()
    stage.hall.floors = {"A": 99}
    assert stage.issue().number == "A100"
    assert stage.issue().number == "A101"
    assert stage.issue("result").number == "T001"


@pytest.mark.parametrize(
    ("when", "service", "code"),
    [
        ("2026-11-23T06:59:00+07:00", "land", Code.CENTRE_CLOSED),
        ("2026-11-23T12:00:00+07:00", "land", Code.CENTRE_CLOSED),
        ("2026-11-23T16:50:00+07:00", "land", Code.SERVICE_CLOSED),
        ("2026-11-28T08:00:00+07:00", "land", Code.SERVICE_CLOSED),
        ("2026-11-29T08:00:00+07:00", "land", Code.CENTRE_CLOSED),
        ("2026-11-23T08:00:00+07:00", "nothing", Code.UNKNOWN_SERVICE),
    ],
)
def test_outside_its_hours_a_service_gives_no_numbers(
    make_stage: type[Stage], when: str, service: str, code: Code
) -> None:
    changes = services_with(make_stage, stop_before_close_min=15)
    stage = make_stage(changes | {"day": [{"date": "2026-11-28", "open": ["07:30-11:00"], "services": ["result"]}]})
    stage.now = parse_instant(when)
    with stage.refused(code):
        stage.issue(service)


def test_a_daily_quota_is_kept(make_stage: type[Stage]) -> None:
    stage = make_stage(services_with(make_stage, daily_quota=2))
    stage.issue()
    stage.issue()
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue()
    assert stage.issue("survey").number == "A003"
    stage.wait(minutes=24 * 60)
    assert stage.issue().number == "A001"


def test_a_counter_s_quota_ends_its_calls_and_the_numbers_that_only_it_could_call(make_stage: type[Stage]) -> None:
    counters = make_stage.document()["counter"]
    counters[0]["daily_quota"] = 2
    stage = make_stage({"counter": counters})
    stage.issue("survey")
    stage.issue("survey")
    with stage.refused(Code.QUOTA_REACHED):
        stage.issue("survey")
    stage.issue("land")
    stage.press("open")
    stage.press("next")
    stage.press("next")
    assert stage.press("next").status == "open"
    with stage.refused(Code.QUOTA_REACHED):
        stage.press("next")


def test_only_staff_grant_a_staff_priority_and_none_is_invented(stage: Stage) -> None:
    with stage.refused(Code.NOT_ALLOWED):
        stage.issue(priority="child", staff=False)
    with stage.refused(Code.BAD_REQUEST):
        stage.issue(priority="vip")
    assert stage.issue(priority="child", staff=True, origin=Origin.RECEPTION).channel == "reception"


def test_an_unknown_language_is_the_centre_s_first(stage: Stage) -> None:
    assert (stage.issue(lang="fr").lang, stage.issue(lang="en").lang) == ("vi", "en")


def test_each_ticket_stores_what_wait_it_was_told(make_stage: type[Stage]) -> None:
    stage = make_stage(estimator=Fixed(NotifiedWait(600, 300, 900)))
    ticket = stage.issue()
    data = stage.events[-1].data
    assert ticket.told == NotifiedWait(600, 300, 900)
    assert (data["wait"], data["told"]) == (
        {"low_s": 300, "high_s": 900}, {"expected_s": 600, "low_s": 300, "high_s": 900},
    )  # fmt: skip
    stage.check_replay()


@pytest.mark.parametrize(("rule", "staff"), [("refuse", False), ("refuse", True), ("warn", False), ("ignore", False)])
def test_a_wait_past_closing_is_refused_or_warned_of_by_rule(make_stage: type[Stage], rule: str, staff: bool) -> None:  # noqa: FBT001 - a parameter of the test
    stage = make_stage({"closing": {"estimate_passes": rule}}, Fixed(NotifiedWait(3600, 1800, 5400)))
    stage.now = parse_instant("2026-11-23T16:30:00+07:00")
    if rule == "refuse" and not staff:
        with stage.refused(Code.SERVICE_CLOSED):
            stage.issue(staff=staff)
        return
    stage.issue(staff=staff)
    stage.now = parse_instant("2026-11-23T16:31:00+07:00")
    answer = stage.do(Issue(service="land", origin=Origin.KIOSK, staff=staff)).answer
    assert answer.get("warning") == ("estimate_passes_closing" if rule == "warn" else None)


def test_a_dossier_code_that_is_made_to_be_slow_is_judged_like_any_other(make_stage: type[Stage]) -> None:
    stage = make_stage({"dossier": {"pattern": r"([A-Z0-9]+[.-]?)+"}})
    for code in ("A" * 28 + "!", "A" * 63 + "!", "A" * 64):
        stage.issue(dossier=code)
    assert [event.data["dossier"] for event in stage.events] == [False, False, True]


def test_a_dossier_code_is_checked_kept_apart_and_never_blocks(make_stage: type[Stage]) -> None:
    stage = make_stage({"dossier": {"pattern": r"H\d{2}-\d{6}-\d{4}"}})
    stage.issue(dossier="H48-261123-0099")
    stage.issue(dossier="hỏi thử")
    assert [event.data["dossier"] for event in stage.events] == [True, False]
    assert "0099" not in str(stage.events)
    assert sorted(value for (what, _), value in stage.secrets.items() if what == "dossier") == [
        "H48-261123-0099", "hỏi thử",
    ]  # fmt: skip


def test_the_slip_is_printed_with_the_ticket_and_its_outcome_is_told_to_the_kiosk(stage: Stage) -> None:
    done = stage.do(Issue(service="land", origin=Origin.KIOSK, device="kiosk-1", printer="printer-1", request="r-1"))
    (printing,) = done.effects
    assert isinstance(printing, PrintSlip)
    ticket = stage.hall.tickets[printing.ticket.id]
    assert (printing.printer, printing.request, printing.slip.copy_) == ("printer-1", "r-1", False)
    assert printing.slip.qr == f"http://127.0.0.1:8000/t/{ticket.token}"

    done = stage.do(SlipOutcome(ticket=ticket.id, ok=True))
    assert done.effects == (NotifyKiosk("kiosk-1", ticket.id, True, None),)
    assert ticket.slip is SlipState.PRINTED
    assert stage.events[-1].type == "printed"


def test_a_token_never_stands_in_a_fact(stage: Stage) -> None:
    ticket = stage.issue()
    assert stage.token(ticket) not in str(stage.events)


def printed(stage: Stage) -> Ticket:
    """Give a ticket whose slip is on its way."""
    return stage.issue(device="kiosk-1", printer="printer-1", request="r-1")


def test_the_slip_names_the_priority_and_the_counters_that_serve_it(stage: Stage) -> None:
    done = stage.do(
        Issue(service="result", priority="elderly", origin=Origin.KIOSK, device="kiosk-1", printer="printer-1")
    )
    (printing,) = (effect for effect in done.effects if isinstance(effect, PrintSlip))
    assert [line["vi"] for line in printing.slip.lines] == ["Cao tuổi", "Quầy 1 · Quầy 3"]


def test_a_normal_slip_names_only_its_counters(stage: Stage) -> None:
    done = stage.do(Issue(service="survey", origin=Origin.KIOSK, device="kiosk-1", printer="printer-1"))
    (printing,) = (effect for effect in done.effects if isinstance(effect, PrintSlip))
    assert printing.slip.lines == [{"vi": "Quầy 1", "en": "Quầy 1"}]


def test_a_slip_is_printed_again_once_and_not_while_the_first_is_undecided(stage: Stage) -> None:
    ticket = printed(stage)
    command = Reprint(token=stage.token(ticket), printer="printer-1", request="r-2", device="kiosk-2")
    with stage.refused(Code.BAD_STATE):
        stage.do(command)
    stage.do(SlipOutcome(ticket=ticket.id, ok=None, final=False))
    with stage.refused(Code.BAD_STATE):
        stage.do(command)
    stage.do(SlipOutcome(ticket=ticket.id, ok=False, error="paper_out"))

    (printing,) = stage.do(command).effects
    assert (printing.slip.copy_, printing.request) == (True, "r-2")
    assert stage.do(SlipOutcome(ticket=ticket.id, ok=True, copy=True)).effects == (
        NotifyKiosk("kiosk-2", ticket.id, True, None),
    )
    with stage.refused(Code.NOT_ALLOWED):
        stage.do(command)


def test_a_printer_s_last_word_that_it_does_not_know_frees_the_reprint(stage: Stage) -> None:
    ticket = printed(stage)
    stage.do(SlipOutcome(ticket=ticket.id, ok=None, final=True))
    assert ticket.slip is SlipState.UNKNOWN
    stage.do(Reprint(token=stage.token(ticket), printer="printer-1"))


def test_a_decided_slip_stays_decided(stage: Stage) -> None:
    ticket = printed(stage)
    stage.do(SlipOutcome(ticket=ticket.id, ok=False, error="expired"))
    assert stage.do(SlipOutcome(ticket=ticket.id, ok=True)).events == ()
    assert ticket.slip is SlipState.FAILED


def test_a_reprint_without_a_printer_is_a_bad_request(stage: Stage) -> None:
    ticket = stage.issue()
    with stage.refused(Code.BAD_REQUEST):
        stage.do(Reprint(token=stage.token(ticket), printer=None))
