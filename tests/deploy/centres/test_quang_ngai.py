from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import Kind
from controller.commands.centre_file import read_centre
from controller.domain.centre.procedures import check_procedures
from controller.domain.centre.procedures_file import read_text

if TYPE_CHECKING:
    from controller.domain.centre.centre import Centre


CENTRES = Path(__file__).parents[3] / "deploy" / "centres"


@pytest.fixture(scope="module")
def centre() -> Centre:
    return read_centre(CENTRES / "quang-ngai.toml")


def test_the_shipped_centre_has_no_faults_and_the_groups_of_the_real_one(centre: Centre) -> None:
    series = {service.group: service.series for service in centre.service}

    assert list(series.values()) == ["A", "B", "C", "D", "E", "F", "G", "H", "K", "T", "X"]
    assert set(series) == {group.id for group in centre.group}


def test_everything_has_a_name_in_vietnamese_and_in_english(centre: Centre) -> None:
    texts = [part.name for table in (centre.group, centre.service, centre.priority) for part in table]
    texts += [counter.label for counter in centre.counter] + [level.name for level in centre.rating.levels]
    texts += [reason.name for reason in centre.rating.reasons] + [centre.card.name]

    assert all(set(text) == {"vi", "en"} for text in texts)
    assert all(len(set(text.values())) == 2 for text in texts)


def test_every_service_has_a_counter_and_land_has_several(centre: Centre) -> None:
    assert all(centre.counters_of[service.id] for service in centre.service)
    assert len(centre.counters_of["land"]) == 3
    assert centre.zones == ("hall",)
    assert len(centre.counter) == 12


def test_the_hall_is_equipped(centre: Centre) -> None:
    kinds = Counter(device.kind for device in centre.device)

    assert kinds == {
        Kind.KIOSK: 2, Kind.PRINTER: 2, Kind.BOARD: 2, Kind.KEYPAD: 12, Kind.SIGN: 12, Kind.RATER: 12,
    }  # fmt: skip
    for kind in (Kind.KEYPAD, Kind.SIGN, Kind.RATER):
        assert {one.counter for one in centre.device if one.kind is kind} == set(centre.counters)
    for kiosk in (one for one in centre.device if one.kind is Kind.KIOSK):
        assert centre.devices[kiosk.printer or ""].attached == kiosk.id
        assert kiosk.offline in {"Z1", "Z2"}


def test_four_priorities_are_granted_by_the_kiosk_and_one_by_staff(centre: Centre) -> None:
    assert [(one.id, one.grant) for one in centre.priority] == [
        ("elderly", "kiosk"),
        ("disabled", "kiosk"),
        ("pregnant", "kiosk"),
        ("merit", "kiosk"),
        ("unwell", "staff"),
    ]
    assert all((one.weight, one.target_wait_min) == (3.0, 10) for one in centre.priority)


def test_a_receipt_leads_to_the_services_that_hand_results_back_and_no_card_is_asked_for(centre: Centre) -> None:
    assert centre.dossier is not None
    for code in ("000.00.53.H48-220921-0099", "H48.11-220921-0099", "H48-220921-000123"):
        assert re.fullmatch(centre.dossier.pattern, code)
    assert [centre.services[one].group for one in centre.dossier.receipt_services] == ["results", "results"]
    assert centre.card_services == ()


def test_not_satisfied_asks_for_a_reason(centre: Centre) -> None:
    assert {level.score: level.reason for level in centre.rating.levels} == {3: "none", 2: "none", 1: "required"}
    assert len(centre.rating.reasons) == 5


def test_on_the_saturday_only_land_results_are_handed_back(centre: Centre) -> None:
    saturday = date(2026, 11, 28)
    open_for = {service.id for service in centre.service if centre.calendar.on(saturday, service.id).open}

    assert open_for == {"land-result"}


def test_the_illustrated_procedures_have_no_faults_belong_to_every_field_and_say_what_they_are(centre: Centre) -> None:
    text = (CENTRES / "quang-ngai-procedures-illustration.csv").read_text(encoding="utf-8-sig")
    procedures = check_procedures(read_text(text), centre)
    groups = {one.group or centre.services[one.service or ""].group for one in procedures}

    assert "không phải văn bản pháp luật" in text.splitlines()[0]
    assert len(procedures) >= 40
    assert groups == set(centre.groups) - {"results"}
    assert all(set(one.name) == {"vi", "en"} for one in procedures)
    assert all(one.code.startswith("9.") for one in procedures), "a code that could be a real one"
