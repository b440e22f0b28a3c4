"""A slip goes to the second printer once, through a SIGKILL of the controller at each step of the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.system.centre import CENTRE
from tests.system.client import Peer, eventually

if TYPE_CHECKING:
    from pathlib import Path

    from tests.system.centre import Centre

SECOND = """
[[device]]
id = "printer-2"
kind = "printer"
label = { vi = "Máy in cạnh cửa", en = "Printer at the door" }
address = "tcp://127.0.0.1:9101"
width_mm = 80
"""

pytestmark = pytest.mark.system


@pytest.fixture
def hall(own_centre_unstarted: Centre, tmp_path: Path) -> Centre:
    text = CENTRE.replace('printer = "printer-1"', 'printer = "printer-1"\nfallback_printer = "printer-2"', 1)
    (tmp_path / "centre.toml").write_text(text + SECOND)
    own_centre_unstarted.start()
    return own_centre_unstarted


def sign_in(hall: Centre) -> tuple[Peer, Peer, Peer]:
    """Sign the three in; the prints that they hear begin anew."""
    kiosk = hall.peer("kiosk-1").hear_own("reply", "command")
    first, second = (hall.peer(name).hear_own("command") for name in ("printer-1", "printer-2"))
    for peer, kind in ((kiosk, "kiosk"), (first, "printer"), (second, "printer")):
        peer.birth(kind)
    return kiosk, first, second


def prints(peer: Peer) -> list[dict[str, Any]]:
    return peer.find(f"device/{peer.device}/command", lambda command: command.get("op") == "print")


def result(peer: Peer, command: str, **told: Any) -> None:
    peer.say(f"device/{peer.device}/result", {"id": command, **told})


def restarted(hall: Centre, *peers: Peer) -> tuple[Peer, Peer, Peer]:
    hall.kill()
    for peer in peers:
        peer.close()
        hall.peers.remove(peer)
    hall.start()
    return sign_in(hall)


def test_one_slip_comes_out_of_the_second_printer_and_the_kiosk_is_told_where(hall: Centre) -> None:
    kiosk, first, second = sign_in(hall)
    ticket = kiosk.request("issue", service="land")["result"]["ticket"]
    asked = eventually(lambda: prints(first), "print at the first printer")[0]
    kiosk, first, second = restarted(hall, kiosk, first, second)
    again = eventually(lambda: prints(first), "print again at the first printer", 20)[0]
    assert again["id"] == asked["id"]
    assert prints(second) == []

    result(first, again["id"], ok=False, error="paper_out")
    there = eventually(lambda: prints(second), "print at the second printer")[0]
    assert there["ticket"]["number"] == ticket["number"]
    told = kiosk.wait("device/kiosk-1/command", lambda command: command.get("op") == "printed")
    label = {"vi": "Máy in cạnh cửa", "en": "Printer at the door"}
    assert (told["ok"], told["error"]) == (None, "paper_out")
    assert told["elsewhere"] == {"printer": "printer-2", "label": label}
    kiosk, first, second = restarted(hall, kiosk, first, second)
    once = eventually(lambda: prints(second), "print again at the second printer", 20)
    assert {command["id"] for command in once} == {there["id"]}

    result(second, there["id"], ok=True)
    kiosk.wait("device/kiosk-1/command", lambda command: command.get("op") == "printed" and command["ok"] is True)
    assert prints(first) == []
    kiosk, first, second = restarted(hall, kiosk, first, second)
    state = kiosk.request("lookup", token=ticket["token"])
    assert state["result"]["ticket"]["number"] == ticket["number"]
    assert prints(first) == prints(second) == []
