"""How the controller's process is set up, and that every setting is described."""

from __future__ import annotations

import re
from ipaddress import ip_network
from pathlib import Path

import pytest

from broker.runtime import catalogue, unit_settings
from controller.settings import Settings, SettingsError, read_settings

DOCUMENT = Path(__file__).parents[2] / "docs" / "settings.md"
DRIVEN = "2026-11-23T07:00:00+07:00*60"


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"LUOT_{name.upper()}", raising=False)


def test_the_command_line_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LUOT_DATA", "/elsewhere")
    monkeypatch.setenv("LUOT_HTTP", "127.0.0.1:1")
    monkeypatch.setenv("LUOT_MONITORING", "10.0.0.0/8, ::1/128")

    settings = read_settings({"data": tmp_path, "http": None, "mqtt": None})

    assert (settings.data, settings.http) == (tmp_path, "127.0.0.1:1")
    assert settings.monitoring == (ip_network("10.0.0.0/8"), ip_network("::1/128"))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"data": None}, "--data"),
        ({"http": "8000"}, "--http"),
        ({"http": "127.0.0.1:99999"}, "--http"),
        ({"mqtt": "http://127.0.0.1"}, "--mqtt"),
        ({"mqtt_listen": "127.0.0.1"}, "--mqtt-listen"),
        ({"monitoring": "everybody"}, "LUOT_MONITORING"),
        ({"log": "loud"}, "LUOT_LOG"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, given: dict[str, object], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        read_settings({"data": tmp_path} | given)


@pytest.mark.parametrize(
    "given",
    [
        {"http": "0.0.0.0:8000"},
        {"mqtt_listen": "192.0.2.7:1883"},
        {"mqtt": "mqtt://broker.example:1883"},
    ],
)
def test_a_driven_clock_is_refused_off_this_machine(tmp_path: Path, given: dict[str, object]) -> None:
    with pytest.raises(SettingsError, match="LUOT_CLOCK"):
        read_settings({"data": tmp_path, "clock": DRIVEN} | given)


def test_a_driven_clock_is_taken_on_this_machine(tmp_path: Path) -> None:
    assert read_settings({"data": tmp_path, "clock": DRIVEN, "http": "[::1]:0"}).clock == DRIVEN


def test_every_setting_is_described_and_every_description_is_a_setting() -> None:
    described = set(re.findall(r"`(LUOT_[A-Z_]+)` \|", DOCUMENT.read_text(encoding="utf-8")))

    # Where words and passwords come from is every program's affair and read where they are.
    elsewhere = {catalogue.FOLDER, unit_settings.VARIABLE}
    assert described == {f"LUOT_{name.upper()}" for name in Settings.model_fields} | elsewhere


@pytest.mark.parametrize(
    ("given", "reachable"),
    [
        ({}, False),
        ({"http": "0.0.0.0:8000"}, True),
        ({"mqtt_listen": "192.0.2.7:1883"}, True),
        ({"mqtt": "mqtts://broker.example"}, True),
        ({"mqtt": "mqtt://127.0.0.1", "mqtt_listen": "192.0.2.7:1883"}, False),
    ],
)
def test_a_controller_is_reachable_when_people_or_devices_come_from_other_machines(
    tmp_path: Path,
    given: dict[str, object],
    reachable: bool,  # noqa: FBT001 - a table
) -> None:
    assert read_settings({"data": tmp_path} | given).reachable is reachable
