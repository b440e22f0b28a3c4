"""A configuration is read with every fault at once, each with its place, and written back as it was."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.centre.centre import CentreFaults, parse_centre

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage

ROOT = Path(__file__).resolve().parents[4]


def places(data: dict[str, Any]) -> list[str]:
    with pytest.raises(CentreFaults) as caught:
        parse_centre(data)
    return [fault.place for fault in caught.value.faults]


def test_what_was_read_is_written_back_with_the_same_keys(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    centre = parse_centre(data)

    assert centre.to_document() == json.loads(json.dumps(data))
    assert parse_centre(centre.to_document()) == centre


@pytest.mark.parametrize("path", sorted((ROOT / "deploy/centres").glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_centre_is_good(path: Path) -> None:
    centre = parse_centre(tomllib.loads(path.read_text()))
    assert parse_centre(json.loads(json.dumps(centre.to_document()))) == centre


def test_the_example_of_the_contract_is_good(make_stage: type[Stage]) -> None:
    data = make_stage.document() | {
        "day": [{"date": "2026-11-28", "open": ["07:30-11:00"], "services": ["result"]}],
        "calling": {"most_priority_in_a_row": 2},
    }
    data["device"][2] |= {"address": "tcp://127.0.0.1:9100", "width_mm": 80}
    data["hours"][0]["open"] = ["00:00-24:00"]
    assert parse_centre(data).services["land"].width == 3


def test_every_fault_is_told_at_once_with_its_place(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["colour"] = "red"
    del data["centre"]["name"]
    data["centre"]["timezone"] = "Mars/Base"
    data["hours"][0]["open"] = ["11:00-07:00"]
    data["service"][0]["widht"] = 3
    data["service"][1]["group"] = "sea"
    data["service"][2]["mean_service_min"] = -1
    data["counter"][1]["services"] = ["fishing"]
    data["priority"][0]["grant"] = "robot"
    data["device"][0]["printer"] = "printer-9"
    data["device"][3]["counter"] = "c9"

    assert places(data) == [
        "centre.name", "centre.timezone", "colour", "counter[1].services", "device[0].printer", "device[3].counter",
        "hours[0].open", "priority[0].grant", "service[0].widht", "service[1].group", "service[2].mean_service_min",
    ]  # fmt: skip


FAULTS: list[tuple[str, int | None, dict[str, Any], str]] = [
    ("service", 1, {"id": "land"}, "service[1].id"),
    ("service", 1, {"id": "Đất"}, "service[1].id"),
    ("service", 1, {"series": "a"}, "service[1].series"),
    ("service", 1, {"series": "A0"}, "service[1].series"),
    ("service", 1, {"name": {"en": "Survey"}}, "service[1].name"),
    ("service", 1, {"name": {"vi": " "}}, "service[1].name"),
    ("service", 1, {"target_wait_min": 0}, "service[1].target_wait_min"),
    ("service", 1, {"weight": 0}, "service[1].weight"),
    ("service", 1, {"daily_quota": 0}, "service[1].daily_quota"),
    ("counter", 1, {"id": "c1"}, "counter[1].id"),
    ("counter", 1, {"services": []}, "counter[1].services"),
    ("counter", 1, {"services": ["land", "land"]}, "counter[1].services"),
    ("counter", 1, {"prefer": "best"}, "counter[1].prefer"),
    ("priority", 1, {"id": "normal"}, "priority[1].id"),
    ("priority", 1, {"id": "elderly"}, "priority[1].id"),
    ("hours", 0, {"days": ["mon", "mon"]}, "hours[0].days"),
    ("hours", 0, {"days": ["today"]}, "hours[0].days[0]"),
    ("hours", 0, {"open": ["07:00-12:00", "11:00-13:00"]}, "hours[0].open"),
    ("hours", 0, {"open": ["07:00-24:30"]}, "hours[0].open"),
    ("device", 3, {"id": "controller"}, "device[3].id"),
    ("device", 3, {"id": "kiosk-1"}, "device[3].id"),
    ("device", 3, {"kind": "robot"}, "device[3].kind"),
    ("device", 3, {"counter": None}, "device[3].counter"),
    ("device", 0, {"printer": "kiosk-2"}, "device[0].printer"),
    ("device", 0, {"offline": "A1"}, "device[0].offline"),
    ("device", 1, {"offline": "Z1"}, "device[1].offline"),
    ("device", 3, {"offline": "Z3"}, "device[3].offline"),
    ("device", 0, {"services": ["sea"]}, "device[0].services"),
    ("device", 0, {"priorities": ["vip"]}, "device[0].priorities"),
    ("device", 2, {"attached": "kiosk-9"}, "device[2].attached"),
    ("device", 2, {"attached": "rater-1"}, "device[2].attached"),
    ("device", 2, {"address": "10.0.0.1"}, "device[2].address"),
    ("device", 2, {"width_mm": 70}, "device[2].width_mm"),
    ("rating", None, {"levels": []}, "rating.levels"),
    ("rating", None, {"reasons": []}, "rating.reasons"),
    ("calling", None, {"most_priority_in_a_row": 0}, "calling.most_priority_in_a_row"),
    ("dossier", None, {"pattern": "("}, "dossier.pattern"),
    ("dossier", None, {"pattern": r"(H)\1"}, "dossier.pattern"),
    ("dossier", None, {"pattern": "H", "receipt_services": ["sea"]}, "dossier.receipt_services"),
    ("identity", None, {"card": "maybe"}, "identity.card"),
    ("identity", None, {"card": True, "services": ["sea"]}, "identity.services"),
    ("identity", None, {"card": True, "names": True}, "identity.names"),
    ("centre", None, {"public_url": "ftp://x"}, "centre.public_url"),
    ("centre", None, {"languages": []}, "centre.languages"),
]


@pytest.mark.parametrize(("table", "index", "change", "place"), FAULTS, ids=lambda value: str(value)[:40])
def test_each_fault_has_its_place(
    make_stage: type[Stage], table: str, index: int | None, change: dict[str, Any], place: str
) -> None:
    data = make_stage.document()
    entry = data.setdefault(table, {}) if index is None else data[table][index]
    entry |= change
    assert place in places(data)


@pytest.mark.parametrize(
    ("table", "entries", "place"),
    [
        ("series", [{"id": "Q"}], "series[0].id"),
        ("series", [{"id": "A", "first": 9, "last": 9}], "series[0].last"),
        ("series", [{"id": "A"}, {"id": "A"}], "series[1].id"),
        ("zone", [{"id": "cellar"}], "zone[0].id"),
        ("officer", [{"user": "u1", "services": ["sea"]}], "officer[0].services"),
        ("day", [{"date": "2026-13-01"}], "day[0].date"),
        ("day", [{"date": "2026-11-28", "like": "mon", "open": ["08:00-09:00"]}], "day[0].like"),
        ("day", [{"date": "2026-11-28", "services": ["sea"]}], "day[0].services"),
        ("pause", [{"code": "lunch", "name": {"vi": "a"}}] * 2, "pause[1].code"),
        ("outcome", [{"code": "A b", "name": {"vi": "a"}}], "outcome[0].code"),
        ("hours", [], "hours"),
        ("service", [], "service"),
        ("counter", "c1", "counter"),
    ],
)  # fmt: skip
def test_each_fault_of_a_table_has_its_place(make_stage: type[Stage], table: str, entries: Any, place: str) -> None:
    assert place in places(make_stage.document() | {table: entries})


@pytest.mark.parametrize(
    ("scores", "good"), [((3, 2, 1), True), ((1, 2, 3, 4, 5), True), ((1, 1), False), ((1, 3, 2), False)]
)
def test_the_scores_of_a_scale_rise_or_fall(make_stage: type[Stage], scores: tuple[int, ...], *, good: bool) -> None:
    data = make_stage.document()
    data["rating"]["levels"] = [{"score": score, "name": {"vi": "x"}, "satisfied": True} for score in scores]
    if good:
        assert set(parse_centre(data).rating.by_score) == set(scores)
    else:
        assert places(data)


def test_a_fault_in_an_entry_does_not_make_its_id_unknown(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["service"][0]["width"] = "three"
    assert places(data) == ["service[0].width"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [("Một hai " * 63, "504 characters, at most 500"), ("W" * 81, "81 characters, at most 80"), ("W" * 80, None)],
)
def test_a_text_that_no_screen_has_room_for_is_a_fault(make_stage: type[Stage], words: str, reason: str | None) -> None:
    data = make_stage.document()
    data["service"][0]["name"] = {"vi": words}
    if reason is None:
        assert parse_centre(data).service[0].name == {"vi": words}
        return
    with pytest.raises(CentreFaults) as caught:
        parse_centre(data)
    assert [(fault.place, reason in fault.message) for fault in caught.value.faults] == [("service[0].name", True)]


def test_a_text_that_was_accepted_before_keeps_no_controller_from_working(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["service"][0]["name"] = {"vi": "W" * 501}
    assert parse_centre(data, stored=True).service[0].name == {"vi": "W" * 501}
    data["service"][0]["name"] = {"vi": " "}
    with pytest.raises(CentreFaults, match="is empty"):
        parse_centre(data, stored=True)


def test_normal_is_built_in_with_weight_one_and_no_target(make_stage: type[Stage]) -> None:
    normal = parse_centre(make_stage.document()).priorities["normal"]
    assert (normal.weight, normal.target_wait_min, normal.grant) == (1.0, None, "kiosk")
