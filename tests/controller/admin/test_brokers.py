"""Which broker a data directory uses, and how its users come into the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from broker.contract.payloads import Kind
from broker.server.dynamic_security import DeviceUser, hashed
from broker.server.mosquitto import SECURITY_FILE, write_security
from controller.admin.brokers import adopt_file, given_broker, remember_broker, report_differences
from controller.services.devices.credentials import Credentials
from controller.services.devices.granting import CredentialDifferences
from controller.store.credentials import SqliteCredentials

if TYPE_CHECKING:
    from pathlib import Path

    from tests.controller.conftest import Rig

KINDS = {"sign-1": Kind.SIGN, "kiosk-1": Kind.KIOSK}


@pytest.fixture
async def credentials(rig: Rig) -> Credentials:
    made = Credentials(rig.engine, SqliteCredentials(rig.store._database), rig.clock)
    await made.start()
    return made


def file_with(folder: Path, device: str, password: str) -> None:
    write_security(folder, "hall-a", "x", [DeviceUser(device, Kind.SIGN, hashed(password))])


async def test_a_file_is_adopted_once_in_an_epoch_and_not_read_after_that(
    rig: Rig, credentials: Credentials, tmp_path: Path
) -> None:
    file_with(tmp_path, "sign-1", "one")
    await adopt_file(rig.store, credentials, KINDS, tmp_path)
    first = credentials.users(KINDS)
    file_with(tmp_path, "kiosk-1", "two")
    await adopt_file(rig.store, credentials, KINDS, tmp_path)

    assert [user.device for user in first] == ["sign-1"]
    assert credentials.users(KINDS) == first


async def test_a_broken_file_names_who_lost_a_password_and_stops_nothing(
    rig: Rig, credentials: Credentials, tmp_path: Path
) -> None:
    file_with(tmp_path, "sign-1", "one")
    os.truncate(tmp_path / SECURITY_FILE, 40)

    with capture_logs() as logs:
        await adopt_file(rig.store, credentials, KINDS, tmp_path)

    assert [(line["event"], line["lost"]) for line in logs] == [("credentials_unreadable", ["kiosk-1", "sign-1"])]


async def test_the_given_broker_is_remembered_and_the_environment_goes_first(rig: Rig) -> None:
    assert await given_broker(rig.store, {}) is None
    await remember_broker(rig.engine, rig.store, "mqtts://broker:8883")
    assert await given_broker(rig.store, {}) == "mqtts://broker:8883"
    assert await given_broker(rig.store, {"LUOT_MQTT": "mqtt://other"}) == "mqtt://other"
    await remember_broker(rig.engine, rig.store, None)
    assert await given_broker(rig.store, {}) is None


def test_what_only_one_side_has_is_named_with_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with capture_logs() as logs:
        report_differences(CredentialDifferences(frozenset({"sign-1"}), frozenset({"kiosk-1"})))
        report_differences(CredentialDifferences())

    assert [(line["event"], line["devices"]) for line in logs] == [
        ("broker_lacks_devices", ["sign-1"]), ("credentials_only_at_broker", ["kiosk-1"]),
    ]  # fmt: skip
    assert "does not know sign-1" in capsys.readouterr().err
