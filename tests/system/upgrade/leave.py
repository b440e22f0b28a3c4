"""The first half: a tree lives through two days, and every folder that it leaves is kept with what it promised."""

from __future__ import annotations

import hashlib
import json
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.driver.citizen import take_a_number, touch
from tests.behaviour.mqtt import Device, Json
from tests.system.upgrade.hall import PAPERS, WITHOUT_WINDOW, Hall, finger, hall, until

if TYPE_CHECKING:
    from deploy.driver.hand import Hand
    from deploy.driver.watcher import Watcher
    from tests.behaviour.tree import Tree

CENTRE = Path(__file__).parent / "centre.toml"
FRIDAYS_REPORT = "/reports/throughput?from=2026-11-20&to=2026-11-20&by=service"
GROUP, SERVICE = "Đất đai", "Nộp hồ sơ đất đai"
FRIDAY, MONDAY = "2026-11-20T08:00:00+07:00", "2026-11-23T08:00:00+07:00"
DEVICES = ("kiosk-1", "kiosk-2", "printer-1", "printer-2", "keypad-1", "sign-1", "board-1")
LAST_STATES = (("sign-1", "counter.json"), ("board-1", "board.json"))
REQUEST = "00000000-0000-4000-8000-000000000001"
KEPT = ("data", "devices")
CACHES = ("spoken", "voice", "control.sock", "lock", "controller.lock")
"""What is made anew at will, or belongs to a process."""
EXPECTED = "expected.json"


async def leave(tree: Tree, folder: Path) -> None:
    """Live two days in the tree's working folder, and leave the data folders and what was promised in another."""
    promised: Json = {}
    async with hall(tree, FRIDAY) as made:
        await _friday(made)
        made.tree.clock = MONDAY
        await _monday(made, promised)
        promised["ports"] = {name: made.papers[name].port for name in PAPERS}
        promised["passwords"] = made.passwords
    for name in KEPT:
        shutil.copytree(tree.folder / name, folder / name, ignore=shutil.ignore_patterns(*CACHES))
    (folder / EXPECTED).write_text(json.dumps(promised, ensure_ascii=False, indent=1))


async def _friday(made: Hall) -> None:
    """A first day that is closed by the next: visits, ratings, people who stayed."""
    await made.connect()
    file = made.folder / "centre.toml"
    text = CENTRE.read_text()
    for name in PAPERS:
        text = text.replace(f"{{{name}}}", made.papers[name].address)
    file.write_text(text)
    made.data.mkdir()
    await made.serve("--centre", str(file))
    await made.luot("user", "add", "anna", "--role", "administrator", "--password-stdin", stdin="given-anna\n")
    made.sign_in("anna", "given-anna")
    tokens = [
        made.call("POST", "/tickets", {"service": service}).json["token"] for service in ("land", "result", "land")
    ]
    for action in ("open", "next", "start", "finish", "next", "park", "next"):
        assert made.call("POST", f"/counters/c1/{action}", {}).status == 200, action
    assert made.call("POST", f"/tickets/{tokens[0]}/rating", {"score": 2, "version": 1}).status == 200
    made.end_controller()


async def _monday(made: Hall, promised: Json) -> None:
    """The day that is broken off: everything at work, then the hall without power."""
    await made.serve()
    for name in DEVICES:
        added = await made.luot("device", "add", name.partition("-")[0], name, "--json")
        made.passwords[name] = json.loads(added)["password"]
    await made.run("printer-2")
    await made.run("sign-1", *WITHOUT_WINDOW["sign"])
    await made.run("board-1", *WITHOUT_WINDOW["board"])
    await made.run("keypad-1")
    await made.there("printer-2", "sign-1", "board-1", "keypad-1")
    await _identified(made, promised)
    _answers(made, promised)
    await _printed(made, promised)
    await _asked(made, promised)
    seen = await made.run_kiosk()
    async with finger(made) as hand:
        await seen.stands("welcome")
        await take_a_number(seen, hand, GROUP, SERVICE)
        await _called(made, promised)
        promised["last"] = made.call("POST", "/tickets", {"service": "land"}).json["number"]
        promised["head"] = made.call("GET", "/closings/2026-11-20").json["head"]
        promised["report"] = made.call("GET", FRIDAYS_REPORT).json
        await made.settled()
        promised["journal"] = digest(made.journal())
        made.cut()
        await _alone(made, seen, hand, promised)
    for name in ("kiosk-1", "printer-2", "sign-1", "board-1", "keypad-1"):
        await made.kill(name)


def digest(events: list[Json]) -> dict[str, Any]:
    """Tell a journal by its length and a hash of its words."""
    return {"events": len(events), "sha256": hashlib.sha256(json.dumps(events).encode()).hexdigest()}


async def _identified(made: Hall, promised: Json) -> None:
    """A command that a keypad has done and keeps a record of."""
    await made.luot("device", "identify", "keypad-1")
    await until(lambda: made.said("device/keypad-1/result"), "result of the keypad")
    promised["identify"] = made.said("device/keypad-1/command")[-1].raw.decode()


def _answers(made: Hall, promised: Json) -> None:
    """Calls under keys, with their first answers."""
    calls = []
    for key, path, body in (
        ("issue-1", "/tickets", {"service": "land", "priority": "elderly"}),
        ("refused-1", "/tickets", {"service": "nowhere"}),
        ("open-1", "/counters/c1/open", {}),
    ):
        answer = made.call("POST", path, body, key)
        calls.append({"key": key, "path": path, "body": body, "status": answer.status, "answer": answer.body.decode()})
    promised["calls"] = calls


async def _printed(made: Hall, promised: Json) -> None:
    """A slip of the reception, printed by a printer that no kiosk drives."""
    made.call("POST", "/tickets", {"service": "birth", "printer": "printer-2"})
    await made.papers["paper-2"].wait_for(1, 60)
    await until(lambda: made.said("device/printer-2/result"), "result of the slip")
    promised["print"] = made.said("device/printer-2/command")[-1].raw.decode()


async def _asked(made: Hall, promised: Json) -> None:
    """A request of a kiosk, with its first reply."""
    device = Device(made.tree.mqtt_port, "kiosk-2", made.passwords["kiosk-2"])
    device.listen()
    body = {"id": REQUEST, "op": "issue", "service": "result", "at": made.tree.clock}
    device.publish(f"{device.base}/request", json.dumps(body).encode())
    await until(lambda: device.reply(REQUEST, 0), "reply to a kiosk")
    reply = device.reply(REQUEST, 0)
    promised["request"] = {"body": body, "reply": reply.payload if reply else {}}
    device.close()


async def _called(made: Hall, promised: Json) -> None:
    """A number called to the counter, on sign and board and on their disks."""
    await made.press("keypad-1", "next")
    await until(lambda: made.rows("keypad-1", "pressed"), "press of the keypad")
    number = promised["called"] = made.call("GET", "/counters/c1").json["number"]
    await until(lambda: made.rows("sign-1", "shown") and made.rows("board-1", "shown"), "call on sign and board")
    promised["call"] = made.said("calls")[-1].raw.decode()
    for file in LAST_STATES:
        await until(partial(_holds, made.place("").joinpath(*file), number), f"number in {file}")
    await until(lambda: _holds(made.place("sign-1") / "highest.json", number), "highest number of the sign")
    promised["highest"] = json.loads((made.place("sign-1") / "highest.json").read_text())


def _holds(file: Path, words: str) -> bool:
    return file.exists() and words in file.read_text()


async def _alone(made: Hall, seen: Watcher, hand: Hand, promised: Json) -> None:
    """Two numbers of the kiosk's own series, each with its slip; the second stands on the screen when it is killed."""
    await seen.until(lambda now: now.standing and now.standing.face.startswith("welcome-away"), "the kiosk alone", 60)
    first = await take_a_number(seen, hand, GROUP, SERVICE)
    before = len(seen.look().issued)
    await touch(seen, hand, "welcome", "Lấy số")
    await touch(seen, hand, "groups", GROUP)
    await touch(seen, hand, "services", SERVICE)
    await seen.until(lambda now: len(now.issued) > before, "a second number")
    await made.papers["paper-1"].wait_for(3, 60)
    await seen.until(lambda now: now.standing and now.standing.face.startswith("ticket-check"), "its slip")
    promised["own"] = {"numbers": [first, seen.issued[-1]], "tokens": seen.tokens[-2:], "face": seen.standing.face if seen.standing else ""}  # fmt: skip  # noqa: E501 - one record
