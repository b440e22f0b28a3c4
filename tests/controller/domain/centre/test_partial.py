"""A fault in one field of an entry hides no fault in another, and invents none."""

from __future__ import annotations

import copy
import itertools
from typing import TYPE_CHECKING, Any

import pytest

from controller.domain.centre.centre import CentreFaults, parse_centre

if TYPE_CHECKING:
    from tests.controller.domain.conftest import Stage

GONE = object()
BREAKS: list[tuple[str, str, Any]] = [
    ("service", "group", "nowhere"), ("service", "name", GONE), ("service", "series", "not a series"),
    ("service", "mean_service_min", -1), ("service", "surprise", 1),
    ("counter", "services", ["nothing"]), ("counter", "label", GONE), ("counter", "zone", "Not A Slug"),
    ("device", "counter", "nobody"), ("device", "kind", "toaster"), ("device", "surprise", 1),
    ("priority", "id", "normal"), ("priority", "grant", "everybody"),
]  # fmt: skip


def broken(data: dict[str, Any], *breaks: tuple[str, str, Any]) -> set[str]:
    """Break fields of the first entry of their tables; give the places of the faults that are told."""
    document = copy.deepcopy(data)
    for table, name, value in breaks:
        if value is GONE:
            document[table][0].pop(name, None)
        else:
            document[table][0][name] = value
    with pytest.raises(CentreFaults) as caught:
        parse_centre(document)
    return {fault.place for fault in caught.value.faults}


def test_two_faults_are_told_together_exactly_as_each_alone(make_stage: type[Stage]) -> None:
    data = make_stage.document()

    for one, other in itertools.combinations(BREAKS, 2):
        if "kind" in (one[1], other[1]) and one[0] == other[0]:
            continue  # what a device may refer to depends on its kind
        assert broken(data, one, other) == broken(data, one) | broken(data, other), (one, other)


def test_an_entry_that_lacks_nearly_everything_still_has_its_reference_checked(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["service"].append({"id": "extra", "group": "nowhere"})

    last = len(data["service"]) - 1

    assert broken(data, ("priority", "grant", "everybody")) == {
        "priority[0].grant", f"service[{last}].group", f"service[{last}].name", f"service[{last}].series"
    }  # fmt: skip


def test_an_entry_that_is_no_table_is_one_fault(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["group"].append("land")

    assert f"group[{len(data['group']) - 1}]" in broken(data, ("priority", "grant", "everybody"))


def test_a_scale_with_an_unreadable_window_still_has_its_levels_checked(make_stage: type[Stage]) -> None:
    data = make_stage.document()
    data["rating"] = {**data.get("rating", {}), "window_s": 0, "levels": data["rating"]["levels"][:1]}

    with pytest.raises(CentreFaults) as caught:
        parse_centre(data)

    assert {"rating.window_s", "rating.levels"} <= {fault.place for fault in caught.value.faults}
