"""What a configuration lacks that another has, and where two differ."""

from __future__ import annotations

from typing import Any

import pytest

from controller.domain.centre.differences import Removed, differences, removed

KIOSK: dict[str, Any] = {"id": "kiosk-1", "kind": "kiosk", "pin": "$argon2id$x"}
SIGN: dict[str, Any] = {"id": "sign-1", "kind": "sign", "counter": "c1"}


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ([KIOSK, SIGN], Removed((), ())),
        ([SIGN, KIOSK | {"pin": "$argon2id$y"}, {"id": "new"}], Removed((), ())),
        ([SIGN, {"id": "kiosk-1", "kind": "kiosk"}], Removed((), ("kiosk-1",))),
        ([KIOSK], Removed(("sign-1",), ())),
        ([], Removed(("kiosk-1", "sign-1"), ("kiosk-1",))),
        (None, Removed(("kiosk-1", "sign-1"), ("kiosk-1",))),
    ],
)
def test_devices_and_pins_that_are_lacking_are_found(after: list[Any] | None, expected: Removed) -> None:
    assert removed({"device": [KIOSK, SIGN]}, {} if after is None else {"device": after}) == expected


def test_a_configuration_without_devices_loses_none() -> None:
    assert removed({}, {"device": [KIOSK]}) == Removed((), ())


@pytest.mark.parametrize(
    ("one", "other", "places"),
    [
        ({"centre": {"id": "a"}}, {"centre": {"id": "a"}}, []),
        ({"centre": {"id": "a"}}, {"centre": {"id": "b"}}, ["centre.id"]),
        ({"centre": {"id": "a"}}, {"centre": {"id": "a"}, "slip": {"lines": []}}, ["slip"]),
        ({"device": [KIOSK, SIGN]}, {"device": [KIOSK]}, ["device[sign-1]"]),
        ({"device": [KIOSK]}, {"device": [SIGN, KIOSK | {"pin": "y"}]}, ["device[kiosk-1].pin", "device[sign-1]"]),
        ({"device": [KIOSK, SIGN]}, {"device": [SIGN, KIOSK]}, ["device (their order)"]),
        ({"hours": [{"open": ["07:00-17:00"]}]}, {"hours": [{"open": ["08:00-17:00"]}]}, ["hours[0].open[0]"]),
        ({"counter": [{"id": "c1", "services": ["a"]}]}, {"counter": [{"id": "c1", "services": ["a", "b"]}]},
         ["counter[c1].services[1]"]),
    ],
)  # fmt: skip
def test_every_place_that_differs_is_named(one: dict[str, Any], other: dict[str, Any], places: list[str]) -> None:
    assert list(differences(one, other)) == places
