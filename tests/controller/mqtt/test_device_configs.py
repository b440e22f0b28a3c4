"""What a kiosk is told about its staff."""

from __future__ import annotations

from typing import Any

import pytest

from broker.runtime.pin import hash_pin
from controller.domain.centre.centre import CentreFaults, parse_centre
from controller.mqtt.device_configs import device_config
from tests.controller.domain.conftest import document


def told(device: str, data: dict[str, Any]) -> dict[str, Any]:
    centre = parse_centre(data)
    return device_config(centre, centre.devices[device], 1, {}).model_dump()


def test_a_kiosk_with_a_pin_is_told_its_hash_and_what_else_its_staff_take_numbers_for() -> None:
    data = document()
    kiosk = next(device for device in data["device"] if device["kind"] == "kiosk")
    kiosk |= {"services": ["land"], "pin": hash_pin("481572")}
    found = told(kiosk["id"], data)
    assert found["pin"] == kiosk["pin"]
    assert [service["id"] for service in found["services"]] == ["land"]
    others = [service["id"] for service in data["service"] if service["id"] != "land"]
    assert [service["id"] for service in found["further"]] == others


def test_a_kiosk_without_a_pin_is_told_nothing_of_a_staff_menu() -> None:
    data = document()
    kiosk = next(device for device in data["device"] if device["kind"] == "kiosk")
    kiosk |= {"services": ["land"]}
    found = told(kiosk["id"], data)
    assert (found["pin"], found["further"]) == (None, [])


@pytest.mark.parametrize(("kind", "pin"), [("kiosk", "481572"), ("printer", "$argon2id$x")])
def test_a_pin_in_plain_words_or_of_another_kind_is_a_fault(kind: str, pin: str) -> None:
    data = document()
    place, device = next((place, one) for place, one in enumerate(data["device"]) if one["kind"] == kind)
    device["pin"] = pin
    with pytest.raises(CentreFaults) as faults:
        parse_centre(data)
    assert [fault.place for fault in faults.value.faults] == [f"device[{place}].pin"]
    assert "481572" not in str(faults.value)
