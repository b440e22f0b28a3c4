"""What a kiosk's request becomes, above all the time of a number that was given offline."""

from __future__ import annotations

from typing import Any

from broker.contract.payloads import IssueRequest
from controller.domain.centre.centre import parse_centre
from controller.services.requests.issue import KioskOutages, issue_from_kiosk

NOW = 1_800_000_000_000
MINUTE = 60_000


def handed_in(small_centre: Any, outages: KioskOutages, *, at: int, sent_at: int | None, arrived_at: int = NOW) -> Any:
    kiosk = parse_centre(small_centre).devices["kiosk-1"]
    offline = {"number": "Z1-001", "token": "offline-token-00000001", "at": at, "replaces": None}
    asked = IssueRequest.model_validate({"service": "land", "offline": offline})
    return issue_from_kiosk(asked, kiosk, "r1", sent_at=sent_at, arrived_at=arrived_at, outages=outages).offline


def test_the_kiosks_own_printer_and_name_are_the_configurations(small_centre: Any) -> None:
    kiosk = parse_centre(small_centre).devices["kiosk-1"]

    command = issue_from_kiosk(
        IssueRequest(service="land"), kiosk, "r1", sent_at=None, arrived_at=NOW, outages=KioskOutages()
    )

    assert (command.device, command.printer, command.request, command.offline) == ("kiosk-1", "printer-1", "r1", None)


def test_a_kiosk_whose_clock_is_wrong_is_put_right_by_when_it_sent(small_centre: Any) -> None:
    an_hour_behind = NOW - 60 * MINUTE

    offline = handed_in(small_centre, KioskOutages(), at=an_hour_behind - 5 * MINUTE, sent_at=an_hour_behind)

    assert offline.at == NOW - 5 * MINUTE


def test_a_number_cannot_be_older_than_the_last_answer(small_centre: Any) -> None:
    outages = KioskOutages({"kiosk-1": NOW - 10 * MINUTE})

    assert handed_in(small_centre, outages, at=NOW - 60 * MINUTE, sent_at=NOW).not_before == NOW - 10 * MINUTE


def test_the_hand_ins_of_one_outage_share_its_beginning(small_centre: Any) -> None:
    outages = KioskOutages({"kiosk-1": NOW - 10 * MINUTE})

    first = handed_in(small_centre, outages, at=NOW, sent_at=NOW)
    outages.answered("kiosk-1", NOW + 1)
    second = handed_in(small_centre, outages, at=NOW, sent_at=NOW, arrived_at=NOW + 2)
    of_another_outage = handed_in(small_centre, outages, at=NOW, sent_at=NOW, arrived_at=NOW + 30 * MINUTE)

    assert first.not_before == second.not_before == NOW - 10 * MINUTE
    assert of_another_outage.not_before == NOW + 1
