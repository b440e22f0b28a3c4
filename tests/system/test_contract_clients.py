"""A kiosk, a printer, a keypad, a rating pad and a sign written from the contract alone, against `luot serve`."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.system.client import Json, assert_is_ticket, controllers_time

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.system.centre import Centre
    from tests.system.client import Peer

pytestmark = pytest.mark.system

TODAY = "2026-11-23"
REFUSED = 0x87


@dataclass
class Turn:
    """The devices of one counter and one kiosk, and the ticket that goes through their hands."""

    kiosk: Peer
    printer: Peer
    keypad: Peer
    sign: Peer
    rater: Peer
    ticket: Json


def devices_of(centre: Centre) -> Turn:
    turn = Turn(
        kiosk=centre.peer("kiosk-1").hear_own("config", "command", "reply").hear("service/+/state"),
        printer=centre.peer("printer-1").hear_own("config", "command"),
        keypad=centre.peer("keypad-1", old=True).hear_own("reply").hear("counter/c1/state"),
        sign=centre.peer("sign-1").hear_own("config").hear("counter/+/state", "calls", "zone/hall/board"),
        rater=centre.peer("rater-1").hear_own("config", "reply").hear("counter/c1/state"),
        ticket={},
    )
    for kind in ("kiosk", "printer", "keypad", "sign", "rater"):
        getattr(turn, kind).birth(kind)
    config = turn.kiosk.wait("device/kiosk-1/config")
    assert config["kind"] == "kiosk"
    assert [service["id"] for service in config["services"]] == ["land", "result"]
    assert config["offline"] == "Z1"
    return turn


def touch_and_print(turn: Turn) -> None:
    asked = str(uuid.uuid4())
    reply = turn.kiosk.request("issue", id=asked, service="land")
    assert reply["ok"], reply
    turn.ticket = ticket = reply["result"]["ticket"]
    assert_is_ticket(ticket)
    assert (ticket["number"], ticket["status"], ticket["position"]) == ("A001", "waiting", 1)
    assert ticket["counters"] == ["c1", "c2"]

    order = turn.printer.wait("device/printer-1/command", lambda said: said["op"] == "print")
    assert (order["request"], order["ticket"]["id"]) == (asked, ticket["id"])
    assert order["slip"]["qr"].endswith(f"/t/{ticket['token']}")
    turn.printer.say("device/printer-1/result", {"id": order["id"], "ok": True})
    told = turn.kiosk.wait("device/kiosk-1/command", lambda said: said["op"] == "printed")
    assert (told["ticket"], told["ok"]) == (ticket["id"], True)
    turn.kiosk.say("device/kiosk-1/result", {"id": told["id"], "ok": True})


def call_and_recall(turn: Turn) -> None:
    assert turn.keypad.press("open", at=None)["ok"]
    called = turn.keypad.press("next", at=controllers_time(turn.keypad), **{"for": None})
    assert called["ok"], called
    assert (called["result"]["status"], called["result"]["number"]) == ("calling", "A001")
    state = turn.sign.wait("counter/c1/state", lambda said: said["status"] == "calling")
    assert state["number"] == "A001"
    call = turn.sign.wait("calls")
    assert (call["number"], call["counter"], call["zone"], call["recall"]) == ("A001", "c1", "hall", 0)
    board = turn.sign.wait("zone/hall/board", lambda said: bool(said["calls"]))
    assert board["calls"][0]["id"] == call["id"]
    assert turn.keypad.press("recall", at=None)["ok"]
    assert turn.sign.wait("calls", lambda said: said["recall"] == 1)["id"] == call["id"]


def serve_and_rate(turn: Turn) -> None:
    assert turn.keypad.press("start", at=None)["result"]["status"] == "serving"
    assert turn.keypad.press("finish", at=None)["result"]["status"] == "open"
    ended = turn.rater.wait("counter/c1/state", lambda said: said["ended"] is not None)["ended"]
    rated = turn.rater.request("rate", visit=ended["visit"], score=3, version=1)
    assert rated["ok"], rated
    uuid.UUID(rated["result"]["rating"])
    twice = turn.kiosk.request("rate", token=turn.ticket["token"], score=1, version=1, reasons=["slow"])
    assert twice["error"]["code"] == "already_rated"
    assert turn.kiosk.request("lookup", token=turn.ticket["token"])["result"]["ticket"]["status"] == "done"
    assert "token" not in turn.kiosk.request("lookup", number="A001")["result"]["ticket"]


def read_the_reports(centre: Centre) -> None:
    boss = centre.user("giam-sat", "supervisor")
    throughput = boss.get("/reports/throughput", params={"from": TODAY, "to": TODAY, "by": "service"}).json()
    assert (throughput["total"]["issued"], throughput["total"]["called"], throughput["total"]["served"]) == (1, 1, 1)
    assert [row["key"] for row in throughput["rows"]] == ["land"]
    satisfaction = boss.get("/reports/satisfaction", params={"from": TODAY, "to": TODAY, "by": "day"}).json()
    total = satisfaction["total"]
    assert (total["completed"], total["ratings"], total["levels"]["3"]) == (1, 1, 1)
    assert (total["rate"], total["response_rate"]) == (1.0, 1.0)


def test_one_turn_from_the_touch_to_the_report(centre: Centre) -> None:
    turn = devices_of(centre)

    touch_and_print(turn)
    call_and_recall(turn)
    serve_and_rate(turn)
    read_the_reports(centre)


def test_numbers_are_the_same_after_the_controller_is_killed_between_issue_and_call(centre: Centre) -> None:
    kiosk = centre.peer("kiosk-2").hear_own("reply")
    first = str(uuid.uuid4())
    before = [kiosk.request("issue", id=first, service="land"), kiosk.request("issue", service="result")]
    tickets = [reply["result"]["ticket"] for reply in before]
    kiosk.close()

    centre.kill()
    centre.start()

    kiosk = centre.peer("kiosk-2").hear_own("reply")
    again = kiosk.request("issue", id=first, service="land")
    assert again["result"]["ticket"]["number"] == "A001"
    assert again["result"]["ticket"]["token"] == tickets[0]["token"]
    for ticket in tickets:
        found = kiosk.request("lookup", token=ticket["token"])["result"]["ticket"]
        assert (found["id"], found["number"], found["status"]) == (ticket["id"], ticket["number"], "waiting")
    assert kiosk.request("issue", service="land")["result"]["ticket"]["number"] == "A002"
    keypad = centre.peer("keypad-1", old=True).hear_own("reply")
    assert keypad.press("open", at=None)["ok"]
    assert keypad.press("next", at=None)["result"]["number"] == "A001"
    assert centre.luot("verify", "--data", str(centre.data)).returncode == 0


def test_a_plain_next_calls_and_a_bouncing_contact_does_not_call_twice(centre: Centre) -> None:
    kiosk = centre.peer("kiosk-2").hear_own("reply")
    for _ in range(3):
        assert kiosk.request("issue", service="land")["ok"]
    keypad = centre.peer("keypad-1", old=True).hear_own("reply").hear("counter/c1/state")
    assert keypad.press("open", at=None)["ok"]

    keypad.say("device/keypad-1/press", "next", qos=0)
    keypad.say("device/keypad-1/press", "next", qos=0)

    keypad.wait("counter/c1/state", lambda said: said["number"] == "A001")
    assert keypad.press("finish", at=None, **{"for": "A001"})["ok"]
    state = keypad.wait("counter/c1/state", lambda said: said["status"] == "open" and said["ended"] is not None)
    assert state["ended"]["number"] == "A001"
    assert state["waiting"] == 2


def test_what_the_table_forbids_is_refused_by_the_broker(centre: Centre) -> None:
    sign, kiosk = centre.peer("sign-1"), centre.peer("kiosk-1")
    watcher = centre.peer("board-1").hear("counter/+/state", "calls")

    sign.hear("device/kiosk-1/reply", "device/+/request", "#", "device/sign-1/reply", "device/kiosk-1/config")
    assert [code >= 0x80 for code in sign.granted.values()] == [True] * 5
    for topic in ("device/sign-1/request", "device/sign-1/press", "device/kiosk-1/request", "calls", "controller/state",
                  "counter/c1/state", "device/kiosk-1/state"):  # fmt: skip
        assert sign.say(topic, {"id": str(uuid.uuid4()), "op": "issue", "service": "land"}) == REFUSED, topic
    assert kiosk.say("device/kiosk-1/press", "next") == REFUSED
    kiosk.hear("device/kiosk-2/reply")
    assert kiosk.granted["luot/v1/thu-nghiem/device/kiosk-2/reply"] >= 0x80
    assert watcher.find("calls") == []
    officer = centre.user("can-bo", "officer")
    assert officer.get("/waiting").json() == {"items": []}


def test_a_wrong_password_and_a_strange_name_are_refused(
    centre: Centre, stranger: Callable[[str, str], str | None]
) -> None:
    centre.password("kiosk-1", "kiosk")

    assert stranger("kiosk-1", "wrong")
    assert stranger("nobody", "wrong")


def test_repeats_get_the_first_answer_and_other_content_is_a_bad_request(centre: Centre) -> None:
    kiosk = centre.peer("kiosk-2").hear_own("reply")
    key = str(uuid.uuid4())

    first = kiosk.request("issue", id=key, service="land")
    second = kiosk.request("issue", id=key, service="land")
    other = kiosk.request("issue", id=key, service="result")

    assert first == second
    assert other["error"]["code"] == "bad_request"
    assert re.fullmatch(r"[A-Za-z0-9_-]{22,64}", first["result"]["ticket"]["token"])


@pytest.mark.parametrize(
    ("op", "fields", "code"),
    [
        ("issue", {"service": "none"}, "unknown_service"),
        ("issue", {}, "bad_request"),
        ("issue", {"service": "land", "priority": "none"}, "bad_request"),
        ("lookup", {"token": "A" * 22}, "not_found"),
        ("lookup", {"number": "A999"}, "not_found"),
        ("lookup", {}, "bad_request"),
        ("cancel", {"token": "A" * 22}, "not_found"),
        ("rate", {"token": "A" * 22, "score": 3, "version": 1}, "not_found"),
        ("rate", {"visit": str(uuid.uuid4()), "score": 3, "version": 1}, "not_allowed"),
        ("dance", {}, "bad_request"),
    ],
)
def test_bad_requests_are_answered_by_name(own_centre: Centre, op: str, fields: Json, code: str) -> None:
    kiosk = own_centre.peer("kiosk-2").hear_own("reply")

    reply = kiosk.request(op, **fields)

    assert (reply["ok"], reply["error"]["code"]) == (False, code)
    assert set(reply["error"]["message"]) >= {"vi", "en"}


def test_bad_input_stops_nothing(own_centre: Centre) -> None:
    kiosk = own_centre.peer("kiosk-2").hear_own("reply")
    keypad = own_centre.peer("keypad-2").hear_own("reply")
    for garbage in ("{", "[]", "null", '"next"', "{}", b"\xff\xfe", '{"id": 7, "op": "issue"}', '{"op": "issue"}'):
        kiosk.say("device/kiosk-2/request", garbage)
        keypad.say("device/keypad-2/press", garbage)
    kiosk.say("device/kiosk-2/request", '{{"id": "{}", "op": "issue", "x": "{}"}}'.format(uuid.uuid4(), "x" * 70_000))

    assert kiosk.request("issue", service="land")["result"]["ticket"]["number"] == "A001"
    assert keypad.press("open", at=None)["ok"]
