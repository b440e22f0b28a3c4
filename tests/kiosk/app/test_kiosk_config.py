"""A kiosk at work whose configuration cannot be read."""

from __future__ import annotations

from typing import Any

import pytest

from broker.contract.payloads import Kind
from broker.runtime.catalogue import catalogue
from kiosk.app.kiosk import KioskApp
from kiosk.storage.outbox import Outbox
from tests.gallery.kiosk.specimens import kiosk_data


@pytest.mark.parametrize(
    "fault",
    [
        {"services": [{"id": "?"}]},
        {"hours": [{"days": ["mon"], "open": ["always"]}]},
        {"days": [{"date": "2026-11-23", "open": ["07:00"]}]},
    ],
)
async def test_a_configuration_that_cannot_be_read_leaves_the_one_that_stands(
    hall: Any, open_kiosk: Any, fault: dict[str, Any]
) -> None:
    kiosk = await open_kiosk()
    await hall.configure("kiosk-1", {**kiosk_data(), "revision": 8, **fault})
    await hall.configure("kiosk-1", {**kiosk_data(), "revision": 9})
    await hall.until(lambda: kiosk.state.config and kiosk.state.config.revision == 9)
    assert len(kiosk.state.config.services) > 10


async def test_a_kiosk_that_was_told_nonsense_starts_with_the_last_good_configuration_and_no_controller(
    hall: Any, open_kiosk: Any
) -> None:
    await open_kiosk(revision=7)
    await hall.configure("kiosk-1", {**kiosk_data(), "revision": 8, "hours": [{"days": ["mon"], "open": ["always"]}]})
    await hall.until(lambda: any(b"config_refused" in told for told in hall.broker.retained.values()))
    await hall.switch_off()
    hall.broker.retained.clear()
    device = await hall.device("kiosk-1", Kind.KIOSK)
    data = hall.folder / "kiosk-1"
    again = KioskApp(device, catalogue("kiosk"), Outbox(data / "outbox"), data)
    await hall.run(device.run(), again.run())
    await hall.until(lambda: again.state.config)
    assert again.state.config is not None
    assert again.state.config.revision == 7
