"""The rights of every kind, as literals of the contract's section 3."""

from __future__ import annotations

import pytest

from broker.contract.access_list import controller_access, covers, device_access
from broker.contract.payloads import Kind

HALL = {
    "luot/v1/quang-ngai/counter/+/state",
    "luot/v1/quang-ngai/service/+/state",
    "luot/v1/quang-ngai/zone/+/board",
    "luot/v1/quang-ngai/calls",
    "luot/v1/quang-ngai/controller/state",
}
SENDS = {
    Kind.KIOSK: {"state", "result", "request"},
    Kind.RATER: {"state", "result", "request"},
    Kind.KEYPAD: {"state", "result", "press"},
    Kind.PRINTER: {"state", "result"},
    Kind.SIGN: {"state", "result"},
    Kind.BOARD: {"state", "result"},
}
HEARS = {
    Kind.KIOSK: {"config", "command", "reply"},
    Kind.RATER: {"config", "command", "reply"},
    Kind.KEYPAD: {"config", "command", "reply"},
    Kind.PRINTER: {"config", "command"},
    Kind.SIGN: {"config", "command"},
    Kind.BOARD: {"config", "command"},
}


@pytest.mark.parametrize("kind", Kind)
def test_a_device_may_do_what_its_kind_needs_and_nothing_else(kind: Kind) -> None:
    access = device_access("quang-ngai", "d-1", kind)

    assert set(access.publish) == {f"luot/v1/quang-ngai/device/d-1/{name}" for name in SENDS[kind]}
    assert set(access.hear) == HALL | {f"luot/v1/quang-ngai/device/d-1/{name}" for name in HEARS[kind]}


@pytest.mark.parametrize("kind", Kind)
def test_a_device_may_neither_speak_nor_hear_for_another(kind: Kind) -> None:
    access = device_access("quang-ngai", "d-1", kind)

    for leaf in ("state", "config", "request", "reply", "press", "command", "result"):
        assert not access.may_publish(f"luot/v1/quang-ngai/device/d-2/{leaf}")
        assert not access.may_hear(f"luot/v1/quang-ngai/device/d-2/{leaf}")
        assert not access.may_hear(f"luot/v1/quang-ngai/device/+/{leaf}")
    for wanted in ("#", "luot/v1/quang-ngai/#", "luot/v1/quang-ngai/event", "$SYS/#", "$CONTROL/dynamic-security/v1"):
        assert not access.may_hear(wanted)
        assert not access.may_publish(wanted)


def test_the_controller_rules_its_own_centre_and_the_credentials_only() -> None:
    access = controller_access("quang-ngai")

    assert access.may_publish("luot/v1/quang-ngai/device/d-1/config")
    assert access.may_hear("luot/v1/quang-ngai/#")
    assert access.may_publish("$CONTROL/dynamic-security/v1")
    assert not access.may_publish("luot/v1/other/calls")
    assert not access.may_hear("$SYS/#")
    assert not access.may_hear("#")


@pytest.mark.parametrize("name", ["controller", "", "A", "a/b", "+", "#", "-a", "a" * 33, "a\n"])
def test_a_name_that_no_device_may_have_gets_no_rights(name: str) -> None:
    with pytest.raises(ValueError, match="no device may be called"):
        device_access("quang-ngai", name, Kind.SIGN)


@pytest.mark.parametrize(
    ("pattern", "wanted", "held"),
    [
        ("a/+/c", "a/b/c", True),
        ("a/+/c", "a/+/c", True),
        ("a/b/c", "a/+/c", False),
        ("a/+/c", "a/b/#", False),
        ("a/+", "a", False),
        ("a/#", "a", True),
        ("a/#", "a/+/b", True),
        ("a", "a/b", False),
        ("#", "$SYS/uptime", False),
        ("+/b", "$a/b", False),
        ("$a/#", "$a/b", True),
        ("a/+", "a/#", False),
    ],
)
def test_a_filter_covers_exactly_what_it_would_deliver(pattern: str, wanted: str, held: bool) -> None:  # noqa: FBT001
    assert covers(pattern, wanted) is held
