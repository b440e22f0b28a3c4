"""A controller that is started with a clock ten years ahead: held, accepted, set right, and taken back."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.system.centre import OPENING
from tests.system.client import eventually, now

if TYPE_CHECKING:
    from tests.system.centre import Centre

pytestmark = pytest.mark.system

YEAR_2036 = "2036-03-06T08:00:00+07:00"


def facts(centre: Centre) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{centre.data / 'luot.db'}?mode=ro", uri=True)) as store:
        return store.execute("SELECT seq, at, day, type FROM journal ORDER BY seq").fetchall()


def restarted(centre: Centre, opening: str) -> str:
    """Start a centre again at another time; returns what it says on its error output from then on."""
    centre.stop()
    log = centre.folder / "serve.log"
    before = log.stat().st_size if log.exists() else 0
    centre.opening = opening
    centre.start()
    return log.read_text()[before:]


def numbered(centre: Centre) -> str:
    kiosk = centre.peer("kiosk-2").hear_own("reply")
    return str(kiosk.request("issue", service="land")["result"]["ticket"]["number"])


def ready(centre: Centre) -> httpx.Response:
    return httpx.get(f"{centre.http}/api/v1/ready")


def test_a_start_in_2036_is_held_over_restarts_until_the_true_time(own_centre: Centre) -> None:
    assert numbered(own_centre) == "A001"
    own_centre.stop()
    before = facts(own_centre)
    own_number = {"number": "Z2-001", "token": "a" * 22, "at": now(), "replaces": None}

    for _ in range(2):
        said = restarted(own_centre, YEAR_2036)
        kiosk = own_centre.peer("kiosk-2").hear_own("reply")
        kiosk.hear("controller/state")
        replies = [kiosk.request("issue", service="land"), kiosk.request("issue", service="land", offline=own_number)]
        state = kiosk.wait("controller/state")

        assert "luot clock accept" in said
        assert [reply["error"]["code"] for reply in replies] == ["try_again"] * 2
        assert (state["online"], state.get("at")) == (False, None)
        assert (ready(own_centre).status_code, httpx.get(f"{own_centre.http}/api/v1/health").status_code) == (503, 200)
        assert "2036-03-06 08:0" in ready(own_centre).json()["detail"]
        assert "luot_clock_held 1.0" in httpx.get(f"{own_centre.http}/metrics").text
    own_centre.stop()
    assert facts(own_centre) == before

    restarted(own_centre, OPENING.replace("T08", "T09"))
    kiosk = own_centre.peer("kiosk-2").hear_own("reply")
    handed_in = kiosk.request("issue", service="land", offline=own_number)["result"]["ticket"]

    assert handed_in["number"] == "Z2-001"
    assert numbered(own_centre) == "A002"
    assert ready(own_centre).status_code == 200
    assert {day for _, _, day, _ in facts(own_centre)} == {"2026-11-23"}


def test_what_was_accepted_by_mistake_is_taken_back_and_no_number_comes_twice(own_centre: Centre) -> None:
    assert numbered(own_centre) == "A001"
    restarted(own_centre, YEAR_2036)

    accepted = own_centre.luot("clock", "accept", "--data", str(own_centre.data))
    eventually(lambda: ready(own_centre).status_code == 200, "readiness after the time was accepted")
    mistaken = [numbered(own_centre) for _ in range(3)]
    restarted(own_centre, OPENING.replace("T08", "T10"))
    mistaken.append(numbered(own_centre))
    ahead = own_centre.luot("clock", "show", "--data", str(own_centre.data))
    while_running = own_centre.luot("clock", "back", "--data", str(own_centre.data))
    own_centre.stop()
    asked = own_centre.luot("clock", "back", "--data", str(own_centre.data))
    back = own_centre.luot("clock", "back", "--yes", "--data", str(own_centre.data))
    own_centre.start()
    shown = own_centre.luot("clock", "show", "--data", str(own_centre.data))
    number = numbered(own_centre)

    assert accepted.returncode == 0, accepted.stderr
    assert mistaken == ["A001", "A002", "A003", "A004"]
    assert (while_running.returncode, asked.returncode, back.returncode) == (1, 2, 0), back.stderr
    assert "give --yes" in asked.stderr
    assert "luot restore" in back.stdout
    assert "2036-03-06" in back.stdout
    assert "luot clock back" in ahead.stdout
    assert "luot clock back" not in shown.stdout
    assert "is believed" in shown.stdout
    assert number == "A100"
    assert {day for _, _, day, _ in facts(own_centre)} == {"2026-11-23"}
    assert own_centre.luot("verify", "--data", str(own_centre.data)).returncode == 0
