"""The whole script, stage by stage: two days, a crash, a restored copy, a clock that is not believed, an own broker."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from tests.behaviour.mqtt import Connection
from tests.behaviour.rig import ASKER, Recording
from tests.behaviour.script import commands, desk, doors, hall
from tests.behaviour.tree import Broker, Tree, listens, until

if TYPE_CHECKING:
    from pathlib import Path

OWN = (ASKER, "kiosk-1", "printer-1", "keypad-1", "sign-1")


def play(luot: Path, folder: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Play everything; gives the recording by file, before anything is replaced, and the names of known places."""
    r = Recording(Tree.of(luot, folder))
    named = places(r.tree)
    broker = _listened(r)
    try:
        for stage in (_before, _early, _morning, _later, _noon, _evening, _next_day, _restored, _held, _back):
            stage(r)
        _close(r)
        _own_broker(r)
    finally:
        if r.server is not None or r.lines:
            (r.tree.folder / "last-steps.txt").write_text("\n".join(r.lines))
        if r.server is not None:
            r.server.process.kill()
        _close(r)
        broker.stop()
    return r.texts, named


def places(recording: Tree) -> dict[str, str]:
    """Give what is the machine's own in every text, and its name."""
    return {
        str(recording.folder): "<folder>",
        str(recording.root): "<tree>",
        f"127.0.0.1:{recording.http_port}": "127.0.0.1:<http>",
        f"127.0.0.1:{recording.mqtt_port}": "127.0.0.1:<mqtt>",
        f"listener {recording.mqtt_port} ": "listener <mqtt> ",
    }


def _listened(r: Recording) -> Broker:
    """Start the broker, and hear everything on it."""
    r.broker = Broker(r.tree, r.tree.folder / "broker")
    for name, text in r.broker.made.items():
        r.texts[f"broker/{name}"] = text
    ear = Connection(r.broker.open_port, Broker.LISTENER, "")
    ear.subscribe("luot/#")
    r.ears = [ear]
    return r.broker


def _close(r: Recording) -> None:
    for one in [*r.devices.values(), *r.ears]:
        one.close()
    r.devices.clear()
    r.ears.clear()
    r.told.clear()


def _before(r: Recording) -> None:
    r.begin("01-commands", "2026-11-23T06:40:00+07:00")
    commands.help_pages(r)
    commands.without_a_controller(r)
    commands.users(r)
    r.end()


def _early(r: Recording) -> None:
    """Before the doors open."""
    r.begin("02-early", "2026-11-23T06:50:00+07:00")
    r.serve("--centre", str(r.centre))
    hall.pair(r)
    r.connect(*hall.ALL, old=("kiosk-2",))
    commands.procedures(r)
    doors.open_to_all(r)
    doors.signing_in(r)
    doors.cookies(r)
    doors.roles(r)
    r.ask("kiosk-1", "issue", service="land")
    _end(r)


def _morning(r: Recording) -> None:
    """Numbers of every kind."""
    r.begin("03-morning", "2026-11-23T08:00:00+07:00")
    _again(r)
    desk.numbers(r)
    hall.issuing(r)
    hall.printers(r)
    hall.holders(r)
    desk.looking(r)
    desk.wrong_order(r)
    desk.turns(r)
    hall.orders(r)
    doors.pages(r)
    _end(r, signal.SIGKILL)


def _later(r: Recording) -> None:
    """After a crash: what was kept, hand-ins, keypads."""
    r.begin("04-later", "2026-11-23T08:21:30+07:00")
    _again(r)
    desk.issue(r, "land", key="issue-1")
    hall.hand_ins(r)
    hall.presses(r)
    hall.ratings(r)
    hall.reading(r)
    desk.looking(r)
    desk.more_turns(r)
    desk.ratings(r)
    hall.malformed(r)
    _end(r)


def _noon(r: Recording) -> None:
    """The doors are closed: administration."""
    r.begin("05-noon", "2026-11-23T11:45:00+07:00")
    _again(r)
    desk.issue(r, "result")
    r.ask("kiosk-1", "issue", service="result")
    doors.configuration(r)
    r.devices.pop("keypad-2").close()
    doors.inventory(r)
    doors.pages(r)
    doors.reports(r, "2026-11-23", "2026-11-23")
    r.on_data("backup", str(r.tree.folder / "noon.db"))
    _end(r)


def _evening(r: Recording) -> None:
    """The last minutes of the day, with people who stay."""
    r.begin("06-evening", "2026-11-23T16:50:00+07:00")
    _again(r)
    for service in ("land", "change", "result"):
        r.ask("kiosk-1", "issue", service=service)
        desk.issue(r, service)
    desk.act(r, "c1", "open")
    desk.act(r, "c1", "next")
    desk.act(r, "c2", "open", by="sam")
    desk.act(r, "c2", "next", by="sam")
    desk.act(r, "c2", "start", by="sam")
    _end(r)


def _next_day(r: Recording) -> None:
    """The day before is closed; everything is told about it."""
    r.begin("07-next-day", "2026-11-24T07:30:00+07:00")
    _again(r)
    r.ask("kiosk-1", "issue", service="land")
    r.ask("kiosk-1", "lookup", token=r.tokens["A001"])
    desk.issue(r, "land", key="issue-1")
    desk.looking(r)
    desk.ratings(r)
    doors.pages(r)
    doors.reports(r, "2026-11-23", "2026-11-24")
    commands.reports(r)
    commands.copies(r)
    r.on_data("restore", str(r.tree.folder / "noon.db"))
    _end(r)


def _restored(r: Recording) -> None:
    """The copy of noon is put back: a new epoch, numbers above all that were known."""
    r.begin("08-restored", "2026-11-24T09:00:00+07:00")
    r.on_data("restore", str(r.tree.folder / "nothing.db"))
    r.on_data("restore", str(r.tree.folder / "noon.db"))
    _again(r)
    for user in ("anna", "sam", "lan", "otto"):
        r.sign_in(user, f"given-{user}")
    desk.issue(r, "land")
    r.ask("kiosk-1", "issue", service="land")
    r.ask("kiosk-1", "issue", service="result")
    r.api("GET", "/events?limit=1000", by="sam")
    _end(r)
    r.on_data("verify")


def _held(r: Recording) -> None:
    """The clock is years ahead, until somebody says that it is right."""
    r.begin("09-held", "2031-02-03T10:00:00+07:00")
    _again(r)
    r.api("GET", "/ready")
    r.api("GET", "/queues")
    desk.issue(r, "land")
    r.ask("kiosk-1", "issue", service="land")
    r.http("GET", "/desk", by="lan")
    r.http("GET", "/clock", by="anna")
    r.api("GET", "/clock", by="anna")
    r.on_data("clock", "show")
    r.api("POST", "/clock/accept", {"shown": "2026-11-24T09:00:00+07:00"}, by="anna")
    r.on_data("clock", "accept")
    r.on_data("clock", "show", "--json")
    desk.issue(r, "land")
    r.api("GET", "/clock", by="anna")
    _end(r)


def _back(r: Recording) -> None:
    """The clock was wrong after all: its days are left out."""
    r.begin("10-back", "2026-11-24T09:30:00+07:00")
    r.on_data("clock", "back")
    r.on_data("clock", "back", "--yes")
    _again(r)
    r.sign_in("lan", "given-lan")
    desk.issue(r, "land")
    desk.looking(r)
    _end(r)
    r.on_data("verify", "--json")
    r.luot("broker-files", str(r.tree.folder / "again"), "--from", str(r.data), "--listen", "127.0.0.1:1883", "--user", "root")  # fmt: skip  # noqa: E501 - one command


def _own_broker(r: Recording) -> None:
    """A controller with a broker of its own, on a new data directory, heard by its devices."""
    broker, r.broker = r.broker, None
    if broker is not None:
        broker.stop()
    until(lambda: not listens(r.tree.mqtt_port), "end of the given broker")
    r.tree.folder = r.tree.folder / "own"
    r.tree.folder.mkdir()
    r.begin("11-own-broker", "2026-11-25T08:00:00+07:00")
    r.serve("--centre", str(r.centre))
    for name in OWN:
        r.passwords[name] = hall.password(r, name)
    r.connect(*OWN)
    r.ears = list(r.devices.values())
    r.on_data("user", "add", "anna", "--role", "administrator", "--password-stdin", stdin="given-anna\n")
    r.sign_in("anna", "given-anna")
    r.ask("kiosk-1", "issue", service="land")
    desk.issue(r, "land", by="anna", key="own-1")
    desk.act(r, "c1", "open", by="anna")
    r.press("keypad-1", "next")
    _end(r, signal.SIGKILL)
    files = ("mosquitto.conf", "dynamic-security.json")
    r.texts |= {f"11-own-broker/broker/{name}": (r.data / "broker" / name).read_text() for name in files}


def _again(r: Recording) -> None:
    """Start the controller at a new instant, and have every device say that it is there."""
    r.serve()
    for name in r.devices:
        r.birth(name)
    r.settle()


def _end(r: Recording, with_signal: signal.Signals = signal.SIGTERM) -> None:
    r.figures()
    r.stop(with_signal)
    r.end()
