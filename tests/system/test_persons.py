"""One number a person and day with the real command: over a kill, over midnight, and in no copy."""

from __future__ import annotations

import base64
import sqlite3
import stat
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.patterns import compiled
from broker.contract.payloads import DeviceConfig
from kiosk.flow.config import kiosk_config
from kiosk.flow.person_marks import PersonMarks
from kiosk.flow.scanned_text import Receipt, read_scan
from tests.gallery.kiosk.every_screen import DOSSIER_PATTERN
from tests.system.centre import CENTRE
from tests.system.client import eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.centre import Centre
    from tests.system.client import Peer

pytestmark = pytest.mark.system

RECEIPTS = f"[dossier]\npattern = '{DOSSIER_PATTERN}'\nreceipt_services = ['result']\n"
CARDS = '[identity]\ncard = true\nservices = ["land"]\n'
ONE = "a" * 43
NIGHT_SPEED = 5760
"""So fast that midnight comes 10 s after eight in the morning."""


def kept(data: Path, query: str) -> list[Any]:
    with closing(sqlite3.connect(f"file:{data / 'luot.db'}?mode=ro", uri=True)) as connection:
        return connection.execute(query).fetchall()


def kiosk_of(centre: Centre) -> Peer:
    return centre.peer("kiosk-2").hear_own("reply")


def code(reply: dict[str, Any]) -> str | None:
    return None if reply["ok"] else str(reply["error"]["code"])


def test_a_kiosk_reads_what_the_controller_tells_it(own_centre_unstarted: Centre) -> None:
    centre = own_centre_unstarted
    (centre.folder / "centre.toml").write_text(CENTRE + CARDS + RECEIPTS)
    centre.start()
    peer = centre.peer("kiosk-2").hear_own("reply", "config")
    config = kiosk_config(DeviceConfig.model_validate(peer.wait("device/kiosk-2/config")))
    assert config.card_services == ("land",)
    assert config.receipt is not None
    assert read_scan(["000.00.53.H48-220921-0099"], compiled(config.receipt.pattern)) == Receipt(
        "000.00.53.H48-220921-0099"
    )
    assert config.receipt.services == ("result",)

    identity = PersonMarks().taken(peer.request("time")["result"], "2026-11-23")
    mark = identity.mark("0" * 12, "land")
    assert peer.request("issue", service="land", person=mark)["ok"]
    assert code(peer.request("issue", service="land", person=mark)) == "too_many_tickets"
    assert peer.request("issue", service="land", person=identity.mark("1" * 12, "land"))["ok"]


def test_a_mark_holds_for_the_day_and_goes_with_its_key_at_midnight(own_centre_unstarted: Centre) -> None:
    centre = own_centre_unstarted
    (centre.folder / "centre.toml").write_text(CENTRE + CARDS)
    centre.start()
    kiosk, data = kiosk_of(centre), centre.data
    told = kiosk.request("time")["result"]["identity"]
    assert kiosk.request("issue", service="land", person=ONE)["result"]["ticket"]["number"] == "A001"
    assert code(kiosk.request("issue", service="land", person=ONE)) == "too_many_tickets"
    assert stat.S_IMODE((data / "day.key").stat().st_mode) == 0o600

    copy = centre.folder / "copy.db"
    assert centre.luot("backup", str(copy), "--data", str(data)).returncode == 0
    secret = base64.urlsafe_b64decode(told["key"] + "=")
    for trace in (ONE.encode(), secret, secret.hex().encode(), told["key"].encode()):
        assert trace not in copy.read_bytes()

    centre.kill()
    centre.speed = NIGHT_SPEED
    centre.start()
    kiosk = kiosk_of(centre)
    assert code(kiosk.request("issue", service="land", person=ONE)) == "too_many_tickets"
    assert kiosk.request("time")["result"]["identity"] == told
    eventually(lambda: not (data / "day.key").exists(), "end of the key", 60)
    eventually(lambda: not kept(data, "SELECT * FROM secrets WHERE what = 'person'"), "end of the marks", 60)

    assert kiosk.request("time")["result"]["identity"]["key"] != told["key"]
    said = str(kept(data, "SELECT * FROM journal") + kept(data, "SELECT * FROM requests"))
    said += (centre.folder / "serve.log").read_text()
    assert "A001" in said
    assert ONE not in said
    assert told["key"] not in said
    assert centre.luot("verify", "--data", str(data)).returncode == 0
