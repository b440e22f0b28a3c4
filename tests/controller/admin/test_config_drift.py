"""A file beside a store that says something else than what is in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from controller.admin.config_drift import NAMED, warn_of_drift
from controller.domain.centre.centre import parse_centre
from controller.services.configuration import Configuration
from controller.settings import Settings

if TYPE_CHECKING:
    from tests.controller.conftest import Rig

SETTINGS = Settings(data=Path("/data"), centre=Path("/etc/luot/centre.toml"))


@pytest.fixture
async def configuration(rig: Rig) -> Configuration:
    made = Configuration(rig.engine, rig.clock)
    await made.start(await rig.store.version(1))
    return made


async def test_the_same_configuration_and_no_file_at_all_are_silent(
    configuration: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    same = parse_centre(configuration.current().data)
    with capture_logs() as logs:
        warn_of_drift(SETTINGS, same, configuration)
        warn_of_drift(SETTINGS, None, configuration)

    assert (logs, capsys.readouterr().err) == ([], "")


async def test_another_one_is_named_with_version_places_and_what_to_do(
    configuration: Configuration, capsys: pytest.CaptureFixture[str]
) -> None:
    data = configuration.current().data
    other = parse_centre(data | {"centre": data["centre"] | {"public_url": "https://lay-so.example"}})
    with capture_logs() as logs:
        warn_of_drift(SETTINGS, other, configuration)

    said = capsys.readouterr().err
    assert [(line["event"], line["log_level"], line["version"], line["places"]) for line in logs] == [
        ("centre_file_not_in_force", "warning", 1, ["centre.public_url"])
    ]
    assert "version 1 of the configuration is in force" in said
    assert "/etc/luot/centre.toml differs in centre.public_url" in said
    assert "`luot centre import /etc/luot/centre.toml --data /data`" in said


async def test_only_the_first_places_are_named(configuration: Configuration) -> None:
    data = configuration.current().data
    signs = [{"id": f"sign-{number}", "kind": "sign", "counter": "c2"} for number in range(2, NAMED + 4)]
    other = parse_centre(data | {"device": [*data["device"], *signs]})
    with capture_logs() as logs:
        warn_of_drift(SETTINGS, other, configuration)

    assert logs[0]["places"] == [f"device[sign-{number}]" for number in range(2, NAMED + 2)] + ["…"]
