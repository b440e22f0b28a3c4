"""How a device takes its configuration, keeps it, and refuses one that it cannot work by."""

from __future__ import annotations

import json

import pytest

from broker.contract.channels import CONFIG
from broker.contract.payloads import DeviceConfig
from tests.support.device_centre import CARD, Centre


async def test_a_configuration_is_taken_told_kept_on_disk_and_shown_again_at_the_next_start(centre: Centre) -> None:
    device, taken = centre.device(), list[DeviceConfig | None]()

    async def take(config: DeviceConfig | None) -> None:
        taken.append(config)

    device.on_config(take)
    running = await centre.run(device)
    await centre.link.publish(CONFIG, centre.config(3), device="printer-1")
    assert (await centre.state()).detail == {"revision": 3}

    again = await centre.begin_again(running, take)
    assert (await centre.state()).detail == {"revision": 3}
    await centre.link.publish(CONFIG, None, device="printer-1")
    assert (await centre.state()).detail == {}

    assert taken == [centre.config(3), centre.config(3), None]
    assert again.config is None
    assert not (centre.data / "config.json").exists()


async def test_a_configuration_that_is_refused_is_told_and_leaves_the_good_one_in_use_and_on_disk(
    centre: Centre,
) -> None:
    taken = list[int | str]()

    async def take(config: DeviceConfig | None) -> None:
        if config is not None and config.revision == 4:
            raise ValueError("no device can work by this")
        taken.append(config.revision if config else 0)

    device = centre.device()
    device.on_config(take)
    running = await centre.run(device)
    for revision in (3, 4):
        await centre.link.publish(CONFIG, centre.config(revision), device="printer-1")
    assert (await centre.state()).detail == {"revision": 3}
    assert (await centre.state()).detail == {"revision": 3, "config_refused": 4}
    assert device.config == centre.config(3)

    await centre.begin_again(running, take)
    assert (await centre.state()).detail == {"revision": 3}
    await centre.link.publish(CONFIG, centre.config(5), device="printer-1")
    assert (await centre.state()).detail == {"revision": 5}
    assert taken == [3, 3, 5]


async def test_a_torn_configuration_on_disk_is_passed_over(centre: Centre) -> None:
    (centre.data / "config.json").write_text('{"revision": 3, "ki')
    device = centre.device()
    await centre.run(device)

    assert device.config is None


async def test_a_configuration_of_no_time_zone_is_not_taken(centre: Centre) -> None:
    device = centre.device()
    await centre.run(device)
    for zone in ("Asia/Nowhere", "../etc", "/etc/passwd", "", "\0"):
        raw = json.dumps({"revision": 4, "kind": "printer", "centre": {**CARD, "timezone": zone}})
        with pytest.raises(ValueError, match="time zone"):
            CONFIG.decode(raw.encode())
