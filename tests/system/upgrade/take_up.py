"""The second half: folders that another version left are taken up, and what it promised is held against them."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import tarfile
import time
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deploy.demo.escpos_reader import read_qr
from deploy.driver.citizen import take_a_number, touch
from tests.behaviour.mqtt import ROOT, Device, Json
from tests.system.upgrade.hall import PAPERS, WITH_WINDOW, Hall, finger, hall, until
from tests.system.upgrade.leave import EXPECTED, FRIDAYS_REPORT, GROUP, KEPT, SERVICE, digest

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from deploy.demo.printer_sink import PrinterSink
    from tests.behaviour.tree import Tree

LATER = "2026-11-23T08:20:00+07:00"
"""Some minutes after the folders were left, on the same local day."""
BOOT = Path("/proc/sys/kernel/random/boot_id")
STANDS_ON_S = 60.0
"""So much longer than usual what stood on the screen is shown, however slow the start is."""
IDENTIFIED = "event=identify"
"""What a keypad logs when it shows its name, and not when it only answers so again."""
PUBLIC_URL = "http://127.0.0.1:8000"


@asynccontextmanager
async def taken_up(tree: Tree, left: Path) -> AsyncIterator[tuple[Hall, Json]]:
    """Copy folders that were left, fit them to this machine, and give a hall in which nothing runs yet."""
    promised: Json = json.loads((left / EXPECTED).read_text())
    for name in KEPT:
        shutil.copytree(left / name, tree.folder / name)
    async with hall(tree, LATER) as made:
        made.passwords = promised["passwords"]
        for name in PAPERS:
            _move_paper(made, promised["ports"][name], made.papers[name].port)
        yield made, promised


def _move_paper(made: Hall, old: int, new: int) -> None:
    """Write the printers' present address into what devices remember of their configuration."""
    for file in (made.folder / "devices").rglob("config.json"):
        file.write_text(file.read_text().replace(f"127.0.0.1:{old}", f"127.0.0.1:{new}"))


def as_of_this_boot(made: Hall) -> None:
    """Date what stood on the kiosk's screen as if it had been noted just now, since the start of this machine."""
    (file,) = [one for one in made.place("kiosk-1").glob("*.jsonl") if '"boot"' in one.read_text()]
    last: Json = json.loads(file.read_text().splitlines()[-1])
    now = time.monotonic()
    last |= {"boot": BOOT.read_text().strip(), "real": now}
    _date(last["state"], now + STANDS_ON_S)
    file.write_text(json.dumps(last) + "\n")


def _date(part: Any, instant: float) -> None:
    if isinstance(part, dict):
        part |= {name: instant for name in ("since", "touched") if name in part}
        for inner in part.values():
            _date(inner, instant)


async def open_again(made: Hall) -> None:
    """Start broker and controller on the store that was left; devices have the passwords that they had."""
    await made.connect("--from", str(made.data))
    await made.serve()
    made.sign_in("anna", "given-anna")


async def say_where_paper_is(made: Hall, promised: Json) -> None:
    """Write the printers' present address into the configuration: exported, changed and imported by command."""
    file = made.folder / "centre.toml"
    text = await made.luot("centre", "export")
    for name in PAPERS:
        text = text.replace(f"127.0.0.1:{promised['ports'][name]}", f"127.0.0.1:{made.papers[name].port}")
    file.write_text(text)
    await made.luot("centre", "import", str(file))


def codes(paper: PrinterSink) -> list[str | None]:
    """Read the token on each slip."""
    return [
        code.removeprefix(f"{PUBLIC_URL}/t/") if code else None
        for code in read_qr([one.image for one in paper.receipts])
    ]


def following(number: str) -> str:
    """Give the number after a number."""
    return re.sub(r"\d+$", lambda digits: f"{int(digits[0]) + 1:0{len(digits[0])}d}", number)


def reads(picture: Path, number: str) -> bool:
    """Tell whether a number stands on a picture of a screen; a nought may be read as a letter."""
    command = ["tesseract", str(picture), "-", "--psm", "11"]
    # A picture that is still being written cannot be read yet.
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return number.replace("0", "O") in done.stdout.replace("0", "O")


# ---- what is held ----


async def store(made: Hall, promised: Json) -> None:
    """The journal is as it was, every proof holds, reports say the same, and the next number follows."""
    await _verified(made, promised)
    await open_again(made)
    assert digest(made.journal()[: promised["journal"]["events"]]) == promised["journal"]
    report = made.call("GET", FRIDAYS_REPORT).json
    assert {**report, "generated_at": ""} == {**promised["report"], "generated_at": ""}
    numbers = made.numbers()
    answer = made.call("POST", "/tickets", {"service": "land"})
    assert answer.json["number"] == following(promised["last"])
    assert made.numbers() == [*numbers, answer.json["number"]]
    await _verified(made, promised)


async def _verified(made: Hall, promised: Json) -> None:
    told = json.loads(await made.luot("verify", "--anchor", promised["head"]["head"], "--json"))
    assert told["differences"] == []


async def repeats(made: Hall, promised: Json) -> None:
    """What was asked under a key, or with an id, gets its first answer; nothing is done for it."""
    await open_again(made)
    before = made.journal()
    for call in promised["calls"]:
        answer = made.call("POST", call["path"], call["body"], call["key"])
        assert (answer.status, answer.body.decode()) == (call["status"], call["answer"])
        other = made.call("POST", call["path"], {**call["body"], "lang": "en"}, call["key"])
        assert other.json["code"] == "bad_request"
    ticket = json.loads(promised["calls"][0]["answer"])
    assert made.call("GET", f"/tickets/{ticket['token']}").json["number"] == ticket["number"]
    device = Device(made.tree.mqtt_port, "kiosk-2", made.passwords["kiosk-2"])
    device.listen()
    asked = promised["request"]
    device.publish(f"{device.base}/request", json.dumps({**asked["body"], "at": LATER}).encode())
    await until(lambda: device.reply(asked["body"]["id"], 0), "reply to a repeated request")
    reply = device.reply(asked["body"]["id"], 0)
    device.close()
    assert reply is not None
    assert reply.payload == asked["reply"]
    assert made.journal() == before


async def printer(made: Hall, promised: Json) -> None:
    """A repeated print command is answered from the record, with nothing on the paper; the next slip is printed."""
    await say_where_paper_is(made, promised)
    await open_again(made)
    await made.run("printer-2")
    await made.there("printer-2")
    await _repeat(made, "printer-2", promised["print"])
    paper = made.papers["paper-2"]
    ticket = made.call("POST", "/tickets", {"service": "birth", "printer": "printer-2"}).json
    await paper.wait_for(1, 60)
    assert codes(paper) == [ticket["token"]]


async def keypad(made: Hall, promised: Json) -> None:
    """A repeated command of a keypad is answered from its record, and its buttons work."""
    await open_again(made)
    await made.run("keypad-1")
    await made.there("keypad-1")
    await _repeat(made, "keypad-1", promised["identify"])
    await until(lambda: _says(made, promised["called"]), "number on the keypad")
    assert not _says(made, IDENTIFIED)
    await made.luot("device", "identify", "keypad-1")
    await until(lambda: _says(made, IDENTIFIED), "a new command done")
    await made.press("keypad-1", "start")
    await until(lambda: made.rows("keypad-1", "pressed"), "press of the keypad")
    assert made.rows("keypad-1", "pressed")[0]["ok"]
    assert made.call("GET", "/counters/c1").json["status"] == "serving"


def _says(made: Hall, words: str) -> bool:
    return words in (made.folder / "logs" / "keypad-1.log").read_text()


async def _repeat(made: Hall, device: str, command: str) -> None:
    """Send a command that was done before, twice, and wait for both answers."""
    id_ = json.loads(command)["id"]
    assert made.ear is not None
    for count in (1, 2):
        made.ear.publish(f"{ROOT}/device/{device}/command", command.encode())
        await until(partial(_answered, made, device, id_, count), f"answer {count} of {device}")
    assert _results(made, device, id_) == [{"id": id_, "ok": True}] * 2


def _answered(made: Hall, device: str, id_: str, count: int) -> bool:
    return len(_results(made, device, id_)) >= count


def _results(made: Hall, device: str, id_: str) -> list[Json]:
    return [one.payload for one in made.said(f"device/{device}/result") if one.payload["id"] == id_]


async def display(made: Hall, promised: Json, name: str) -> None:
    """Sign or board shows the last call though nobody is there, and acts once on each call that comes."""
    pictures = made.folder / "pictures"
    await made.run(name, *WITH_WINDOW[name.partition("-")[0]], "--screenshots", str(pictures))
    number = promised["called"]
    await until(lambda: any(reads(one, number) for one in pictures.glob("*.png")), "the number that was known")
    await open_again(made)
    await made.there(name)
    beats = len(made.said("controller/state"))
    await until(lambda: len(made.said("controller/state")) > beats, "time of the controller, by which calls are old")
    for recall in (1, 2):
        made.call("POST", "/counters/c1/recall", {})
        await until(partial(_recalled, made, name, recall), f"recall {recall} on {name}")
        call = next(one.raw for one in made.said("calls") if one.payload["recall"] == recall)
        assert made.ear is not None
        for again in (call, call, promised["call"].encode()):
            made.ear.publish(f"{ROOT}/calls", again)
    made.call("POST", "/counters/c1/recall", {})
    await until(lambda: made.rows(name, "shown")[-1]["recall"] == 3, "last recall")
    assert [row["recall"] for row in made.rows(name, "shown")] == [1, 2, 3]
    assert {row["number"] for row in made.rows(name, "shown")} == {promised["called"]}


def _recalled(made: Hall, name: str, recall: int) -> bool:
    """Tell whether a recall went over the broker, and the device acted on it."""
    said = any(one.payload["recall"] == recall for one in made.said("calls"))
    return said and len(made.rows(name, "shown")) >= recall


async def sign(made: Hall, promised: Json) -> None:
    """A sign also knows the highest numbers that it has shown."""
    await display(made, promised, "sign-1")
    births = [one.payload for one in made.said("device/sign-1/state") if one.payload.get("online")]
    assert births[0]["detail"]["highest"] == promised["highest"]


async def board(made: Hall, promised: Json) -> None:
    """A board shows what it knew."""
    await display(made, promised, "board-1")


async def kiosk(made: Hall, promised: Json) -> None:
    """A kiosk goes on: the same screen, the next own number, each number handed in once, and no slip twice."""
    own = promised["own"]
    as_of_this_boot(made)
    seen, paper = await made.run_kiosk(), made.papers["paper-1"]
    await seen.until(lambda now: now.standing and now.standing.face == own["face"], "the ticket that stood there", 60)
    async with finger(made) as hand:
        await touch(seen, hand, "ticket", "Xong")
        third = await take_a_number(seen, hand, GROUP, SERVICE)
        assert third == following(own["numbers"][-1])
        assert codes(paper) == seen.tokens
        numbers = [*own["numbers"], third]
        tokens = [*own["tokens"], *seen.tokens]
        await say_where_paper_is(made, promised)
        await open_again(made)
        await until(lambda: set(numbers) <= set(made.numbers()), "own numbers in the journal")
        await seen.until(lambda now: now.standing and "-away" not in now.standing.face, "the centre again")
        number = await take_a_number(seen, hand, GROUP, SERVICE)
    assert number == following(promised["last"])
    assert [one for one in made.numbers() if one.startswith("Z1-")] == numbers
    for known, token in zip(numbers, tokens, strict=True):
        assert made.call("GET", f"/tickets/{token}").json["number"] == known
    await until(lambda: not list(made.place("kiosk-1").rglob("Z1-*.json")), "empty outbox")
    assert codes(paper) == seen.tokens
    await _verified(made, promised)


CLAIMS: dict[str, Callable[[Hall, Json], Awaitable[None]]] = {
    claim.__name__: claim for claim in (store, repeats, printer, keypad, sign, board, kiosk)
}
"""What an upgrade must keep, by name."""


async def hold(tree: Tree, archive: Path, claim: str) -> None:
    """Unpack folders that were left into the tree's working folder, and hold one claim against them."""
    left = tree.folder / "left"
    await asyncio.to_thread(unpack, archive, left)
    async with taken_up(tree, left) as (made, promised):
        await CLAIMS[claim](made, promised)


def unpack(archive: Path, folder: Path) -> None:
    """Unpack an archive into a new folder."""
    folder.mkdir()
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
