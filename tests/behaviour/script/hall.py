"""The devices over MQTT: requests of every kind, hand-ins, presses, results, and what is malformed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.behaviour.rig import Recording

PERSON = "given-person-".ljust(43, "x")
ALL = (
    "kiosk-1",
    "kiosk-2",
    "kiosk-9",
    "printer-1",
    "printer-2",
    "keypad-1",
    "keypad-2",
    "rater-1",
    "sign-1",
    "board-1",
)
TOKEN = "given-token-0000000000000"


def pair(r: Recording) -> None:
    """Give every device its password, with the controller running."""
    for name in ALL:
        r.passwords[name] = password(r, name)
    r.on_data("device", "add", "sign", "sign-9")
    r.on_data("device", "add", "teapot", "x")
    r.on_data("device", "add", "kiosk", "controller")
    r.on_data("device", "remove", "nothing")
    r.on_data("device", "add", "sign", "sign-8", "--counter", "c1")
    r.on_data("device", "add", "sign", "sign-8")
    r.on_data("device", "remove", "sign-8")
    r.on_data("device", "pin", "kiosk-1", "--stdin", stdin="123\n")
    r.on_data("device", "pin", "kiosk-1", "--stdin", stdin="246813\n")
    r.on_data("device", "list")


def password(r: Recording, name: str) -> str:
    """Give a device a password by command."""
    found: str = json.loads(r.on_data("device", "add", name.split("-", maxsplit=1)[0], name, "--json"))["password"]
    return found


def orders(r: Recording) -> None:
    """Have devices told something by command."""
    for op in ("identify", "restart"):
        r.on_data("device", op, "sign-1")
    r.on_data("device", "identify", "nothing")
    r.on_data("device", "list", "--json")


def issuing(r: Recording) -> None:
    """Take numbers at kiosks, rightly and wrongly."""
    r.ask("kiosk-1", "issue", r.new_id(), service="land")
    again = r.new_id()
    r.ask("kiosk-1", "issue", again, service="result", priority="elderly", lang="en", dossier="H01.001")
    r.ask("kiosk-1", "issue", again, service="result", priority="elderly", lang="en", dossier="H01.001")
    r.ask("kiosk-1", "issue", again, service="land")
    for fields in (
        {"service": "nowhere"}, {"service": "land", "priority": "urgent"}, {"service": "land", "priority": "king"},
        {}, {"service": 5}, {"service": "land", "person": "short"},
    ):  # fmt: skip
        r.ask("kiosk-1", "issue", **fields)
    r.ask("kiosk-2", "issue", service="result")
    for _ in range(2):
        r.ask("kiosk-1", "issue", service="change", person=PERSON)
    r.ask("kiosk-1", "time")
    r.ask("rater-1", "time")
    for _ in range(9):
        r.ask("kiosk-2", "issue", service="land")


def printers(r: Recording) -> None:
    """Have slips end in every way."""
    for told in ((False, "paper_out"), (None, None), (False, "nonsense")):
        r.devices["printer-1"].answers.by_op["print"] = told
        r.ask("kiosk-1", "issue", service="land")
    r.devices["printer-1"].answers.by_op.clear()
    r.say("printer-1", "result", {"id": "given-unknown", "ok": True})


def holders(r: Recording) -> None:
    """Find, reprint, cancel: by token and by number."""
    for number in ("A001", "T0001"):
        token = r.tokens.get(number, "missing")
        r.ask("kiosk-1", "lookup", token=token)
        r.ask("kiosk-1", "lookup", number=number)
        for _ in range(2):
            r.ask("kiosk-1", "reprint", token=token)
    r.ask("kiosk-1", "lookup", number="A999")
    r.ask("kiosk-1", "lookup")
    token = r.tokens[max(one for one in r.tokens if one.startswith("A"))]
    for _ in range(2):
        r.ask("kiosk-1", "cancel", token=token)
    r.ask("kiosk-1", "cancel", token="no-such-token")
    r.ask("kiosk-1", "dance")
    for device, op in (("rater-1", "issue"), ("rater-1", "lookup")):
        r.ask(device, op, service="land")


def hand_ins(r: Recording) -> None:
    """Hand in numbers that a kiosk gave while nobody answered."""
    lost = r.new_id()
    r.ask("kiosk-1", "issue", lost, service="land")
    at = r.tree.clock
    for number, replaces in (("Z1-001", lost), ("Z1-002", None), ("Z1-003", r.new_id())):
        told = {"number": number, "token": f"{TOKEN}{number}", "at": at, "replaces": replaces}
        id_ = r.new_id()
        for _ in range(2):
            r.ask("kiosk-1", "issue", id_, service="land", offline=told)
        if replaces and replaces != lost:
            r.ask("kiosk-1", "issue", replaces, service="land")
    for number, service in (("Z2-001", "land"), ("A001", "land"), ("Z1-004", "nowhere")):
        told = {"number": number, "token": f"{TOKEN}x{number}", "at": at}
        r.ask("kiosk-1", "issue", service=service, offline=told)
    earlier = {"number": "Z1-090", "token": f"{TOKEN}90", "at": "2026-11-20T09:00:00+07:00"}
    r.ask("kiosk-1", "issue", service="result", offline=earlier)
    r.ask("kiosk-1", "lookup", number="Z1-001")


def presses(r: Recording) -> None:
    """Press every button of a keypad."""
    for button in ("next", "open", "next", "recall", "start", "finish", "next", "no_show", "next", "park", "undo"):
        r.press("keypad-2", button)
    again = r.new_id()
    for _ in range(2):
        r.press("keypad-2", "next", again)
    for button, seen in (("recall", "A999"), ("pause", None)):
        fields: dict[str, Any] = {"for": seen}
        r.press("keypad-2", button, **fields)
    for button in ("finish", "pause", "next", "resume", "transfer", "dance"):
        r.press("keypad-2", button)
    old = {"id": r.new_id(), "button": "next", "at": "2026-11-23T01:00:00+07:00"}
    r.say("keypad-2", "press", old)
    for qos in (0, 1):
        r.say("keypad-2", "press", b"next", qos=qos)
        r.settle()
    r.press("keypad-2", "finish")
    r.press("keypad-2", "close")


def ratings(r: Recording) -> None:
    """Rate at the pad, by the visit that ended last at its counter, and at a kiosk by token."""
    ended = r.last("counter/c1/state")["ended"]
    visit = ended["visit"] if ended else "given-none"
    for fields in (
        {"visit": visit, "score": 1, "version": 2}, {"visit": visit, "score": 9, "version": 2},
        {"visit": visit, "score": 1, "version": 2, "reasons": ["slow"], "comment": "given comment"},
        {"visit": visit, "score": 3, "version": 2}, {"visit": "given-none", "score": 3, "version": 2}, {"score": 3},
    ):  # fmt: skip
        r.ask("rater-1", "rate", **fields)
    for number in ("A001", "A002", "Z1-001"):
        r.ask("kiosk-1", "rate", token=r.tokens.get(number, "missing"), score=2, version=2, answers={"speed": 1})
    r.ask("kiosk-1", "rate", visit=visit, score=3, version=2)


def reading(r: Recording) -> None:
    """Read the procedures by pages."""
    found = r.ask("kiosk-1", "procedures")
    revision = (found.get("result") or {}).get("revision", "")
    r.ask("kiosk-1", "procedures", revision=revision, after=1)
    r.ask("kiosk-1", "procedures", revision="given-other")
    r.ask("rater-1", "procedures")


def malformed(r: Recording) -> None:
    """Send what is no message, what is too long, what is somebody else's, and heartbeats."""
    id_ = r.new_id()
    for raw in (
        b"", b"{", b"[]", b"\xff\xfe", b'{"id": "x", "op": "time"}', f'{{"id": "{id_}"}}'.encode(),
        f'{{"id": "{id_}", "op": 5}}'.encode(), f'{{"id": "{id_}", "op": "time", "at": "x"}}'.encode(),
        f'{{"id": "{id_}", "op": "issue", "service": "{"y" * 66_000}"}}'.encode(),
    ):  # fmt: skip
        r.say("kiosk-1", "request", raw)
        r.settle()
    r.say("kiosk-1", "request", {"id": r.new_id(), "op": "time", "at": r.tree.clock}, retain=True)
    r.say("kiosk-1", "request", b"", retain=True)
    for raw in (b"", b"dance", b'{"button": 1}', b'{"id": "p", "button": "next", "at": 5}'):
        r.say("keypad-1", "press", raw)
    for raw in (b"{}", b'{"online": true}', b"never"):
        r.say("sign-1", "state", raw, retain=True)
    for word in ("request", "config", "reply", "nothing"):
        r.say("sign-1", word, {"id": r.new_id(), "op": "time"})
    for name in r.devices:
        r.birth(name)
    r.birth("kiosk-1", printer="paper_low", highest={"day": "2026-11-23", "numbers": ["A900"]}, storage="failing")
    r.birth("kiosk-2", refused=[{"number": "Z2-007", "service": "land", "name": {"vi": "Đất"}, "code": "not_found"}])
    r.settle()
    r.say("printer-1", "state", {"online": False, "session": "00000000-printer-1"}, retain=True)
    r.settle()
    r.http("GET", "/desk/c1", by="lan")
    r.stream("/desk/c1/stream", "lan")
    r.birth("printer-1", printer="ok")
    r.settle()
