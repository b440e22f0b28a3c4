"""Devices keep their passwords: through broken files, killed brokers, upgrades, and on another machine."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from tests.support.ports import lasting_port
from tests.system.centre import Centre, listens
from tests.system.client import Peer, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import httpx

pytestmark = pytest.mark.system


def file_of(centre: Centre) -> Path:
    return centre.data / "broker" / "dynamic-security.json"


def refusal(centre: Centre, device: str) -> str | None:
    """Sign a device in with the password it was given; the broker's refusal, or None."""
    peer = Peer(centre.mqtt_port, device, centre.passwords[device], version=MQTTProtocolVersion.MQTTv5)
    peer.close()
    return peer.refused


def signs_in(centre: Centre, device: str) -> bool:
    """Return whether a device is let in; a broker that is being restarted lets nobody in yet."""
    try:
        return refusal(centre, device) is None
    except OSError:
        return False


def broker_of(centre: Centre) -> int | None:
    """Return the process id of the controller's own broker."""
    assert centre.process is not None
    children = Path(f"/proc/{centre.process.pid}/task/{centre.process.pid}/children").read_text().split()
    brokers = [pid for pid in children if Path(f"/proc/{pid}/comm").read_text().strip() == "mosquitto"]
    return int(brokers[0]) if brokers else None


def empty(path: Path) -> None:
    """As a killed Mosquitto leaves the file that it was rewriting."""
    path.write_bytes(b"")


def torn(path: Path) -> None:
    """As a full disk leaves it."""
    os.truncate(path, 4096)


@pytest.mark.parametrize("damage", [torn, empty, Path.unlink])
def test_a_broken_file_of_the_own_broker_is_written_again_from_the_store(
    own_centre: Centre, damage: Callable[[Path], None]
) -> None:
    own_centre.password("keypad-1", "keypad")
    own_centre.password("kiosk-2", "kiosk")
    own_centre.stop()
    assert file_of(own_centre).stat().st_size > 4096
    damage(file_of(own_centre))

    own_centre.start()

    assert [refusal(own_centre, device) for device in ("keypad-1", "kiosk-2")] == [None, None]


def test_a_broker_killed_while_it_rewrites_its_file_comes_back_with_every_device(own_centre: Centre) -> None:
    own_centre.password("kiosk-2", "kiosk")
    killed = broker_of(own_centre)
    assert killed is not None
    empty(file_of(own_centre))
    os.kill(killed, signal.SIGKILL)
    eventually(lambda: broker_of(own_centre) not in (None, killed), "another broker")
    eventually(lambda: listens(own_centre.mqtt_port), "broker that listens")

    assert refusal(own_centre, "kiosk-2") is None


def test_the_same_devices_sign_in_after_a_restore_on_another_machine(own_centre: Centre, tmp_path: Path) -> None:
    own_centre.password("kiosk-2", "kiosk")
    own_centre.password("sign-1", "sign")
    copy = tmp_path / "copy.db"
    copied = own_centre.luot("backup", str(copy), "--data", str(own_centre.data))
    own_centre.stop()
    mode = copy.stat().st_mode & 0o777
    (tmp_path / "another machine").mkdir()
    other = Centre(tmp_path / "another machine", "own broker", passwords=own_centre.passwords)
    restored = other.luot("restore", str(copy), "--data", str(other.data))
    try:
        other.start()
        refused = [refusal(other, device) for device in ("kiosk-2", "sign-1")]
        reply = other.peer("kiosk-2").hear_own("reply").request("issue", service="land")
    finally:
        other.stop()

    assert (copied.returncode, restored.returncode, mode) == (0, 0, 0o600)
    assert refused == [None, None]
    assert reply["ok"]


def test_an_installation_from_before_the_store_held_passwords_locks_nobody_out(own_centre: Centre) -> None:
    own_centre.password("kiosk-2", "kiosk")
    own_centre.stop()
    with contextlib.closing(sqlite3.connect(own_centre.data / "luot.db")) as store, store:
        store.execute("DROP TABLE credentials")
        store.execute("DELETE FROM _sqlite_migrations WHERE name = 'credentials_of_devices'")
        store.execute("DELETE FROM marks WHERE name = 'credentials_adopted'")
    own_centre.start()
    after_upgrade = refusal(own_centre, "kiosk-2")
    own_centre.stop()
    file_of(own_centre).unlink()
    own_centre.start()

    assert (after_upgrade, refusal(own_centre, "kiosk-2")) == (None, None)


@pytest.fixture
def administrator(own_centre: Centre) -> httpx.Client:
    return own_centre.user("admin", "administrator")


def test_a_broker_that_is_away_makes_device_calls_try_again_and_changes_nothing(
    own_centre: Centre, administrator: httpx.Client
) -> None:
    own_centre.password("sign-1", "sign")
    before = administrator.get("/centre")
    pid = broker_of(own_centre)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        new = administrator.post("/devices", json={"kind": "sign", "id": "sign-9", "counter": "c1"})
        known = administrator.post("/devices", json={"kind": "sign", "id": "sign-1"})
        removed = administrator.delete("/devices/sign-1")
        after = administrator.get("/centre")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)

    answers = [(answer.status_code, answer.json()["code"]) for answer in (new, known, removed)]
    assert answers == [(503, "try_again")] * 3
    assert (after.headers["ETag"], after.json()) == (before.headers["ETag"], before.json())
    eventually(lambda: signs_in(own_centre, "sign-1"), "sign-in with the password from before", 30)
    assert "Traceback" not in (own_centre.folder / "serve.log").read_text()


class Given:
    """A broker that is the centre's own service, to be stopped and started."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, lasting_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        self.process = subprocess.Popen([mosquitto, "-c", str(self.folder / "mosquitto.conf")])
        eventually(lambda: listens(self.port), "given broker")

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(10)


@pytest.fixture
def given(tmp_path: Path) -> Iterator[Given]:
    made = Given(tmp_path / "service")
    yield made
    made.stop()


def files(centre: Centre, given: Given, *words: str) -> str:
    """Write the given broker's files; the password of the controller."""
    done = centre.luot("broker-files", str(given.folder), *words, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["password"])


def test_a_given_broker_that_lost_its_file_gets_its_devices_from_the_store(
    own_centre_unstarted: Centre, given: Given
) -> None:
    centre = own_centre_unstarted
    listen = ("--centre", "thu-nghiem", "--listen", f"127.0.0.1:{given.port}")
    centre.given = (f"mqtt://127.0.0.1:{given.port}", files(centre, given, *listen))
    given.start()
    centre.start()
    centre.password("kiosk-2", "kiosk")
    centre.stop()
    given.stop()
    (given.folder / "dynamic-security.json").unlink()
    centre.given = (centre.given[0], files(centre, given, *listen))
    given.start()
    centre.start()
    said = eventually(lambda: "does not know kiosk-2" in (centre.folder / "serve.log").read_text(), "sentence")
    locked_out = refusal(centre, "kiosk-2")
    centre.stop()
    given.stop()
    centre.given = (centre.given[0], files(centre, given, "--from", str(centre.data)))
    given.start()
    centre.start()

    assert (said, refusal(centre, "kiosk-2")) == (True, None)
    assert locked_out is not None


def test_without_a_controller_a_given_brokers_devices_get_no_password(
    own_centre_unstarted: Centre, given: Given
) -> None:
    centre = own_centre_unstarted
    listen = ("--centre", "thu-nghiem", "--listen", f"127.0.0.1:{given.port}")
    centre.given = (f"mqtt://127.0.0.1:{given.port}", files(centre, given, *listen))
    given.start()
    centre.start()
    centre.password("kiosk-2", "kiosk")
    centre.stop()

    new = ("device", "add", "sign", "sign-9", "--counter", "c1")
    words = [new, ("device", "add", "kiosk", "kiosk-2"), ("device", "remove", "sign-1")]
    done = [centre.luot(*one, "--data", str(centre.data)) for one in words]
    centre.start()

    assert [(one.returncode, one.stdout) for one in done] == [(1, "")] * 3
    assert all("only a running controller reaches the broker" in one.stderr for one in done)
    assert refusal(centre, "kiosk-2") is None
    listed = centre.luot("device", "list", "--data", str(centre.data)).stdout
    assert "sign-1" in listed
    assert "sign-9" not in listed


def test_without_a_controller_devices_of_its_own_broker_get_one_that_works(own_centre: Centre) -> None:
    own_centre.stop()
    own_centre.password("kiosk-2", "kiosk")
    own_centre.start()

    assert refusal(own_centre, "kiosk-2") is None
