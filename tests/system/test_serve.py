"""The life of `luot serve`: how it begins, ends, is killed, and what keeps it from beginning."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.system.centre import CENTRE
from tests.system.client import eventually

if TYPE_CHECKING:
    from tests.system.centre import Centre

pytestmark = pytest.mark.system

CLOCK = "2026-11-23T08:00:00+07:00*1"


def serve(data: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `luot serve` that is expected to end by itself."""
    command = [sys.executable, "-m", "luot", "serve", "--data", str(data), *words]
    told = {**os.environ, "LUOT_CLOCK": CLOCK, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=told, timeout=60, check=False)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def issued(centre: Centre, count: int) -> list[str]:
    kiosk = centre.peer("kiosk-2").hear_own("reply")
    return [kiosk.request("issue", service="land")["result"]["ticket"]["number"] for _ in range(count)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(CENTRE)
    return path


def test_it_ends_in_order_when_it_is_told_to(own_centre: Centre) -> None:
    numbers = issued(own_centre, 3)
    process, port = own_centre.process, own_centre.mqtt_port
    assert process is not None

    process.send_signal(signal.SIGTERM)
    status = process.wait(15)

    assert (status, numbers) == (0, ["A001", "A002", "A003"])
    eventually(lambda: not is_listening(port), "end of the broker")
    assert own_centre.luot("verify", "--data", str(own_centre.data)).returncode == 0
    assert not (own_centre.data / "control.sock").exists()


def test_killed_it_takes_its_broker_along_and_comes_back_with_the_same_numbers(own_centre: Centre) -> None:
    numbers, port = issued(own_centre, 5), own_centre.mqtt_port
    own_centre.kill()
    eventually(lambda: not is_listening(port), "end of the broker")

    own_centre.start()

    assert numbers == ["A001", "A002", "A003", "A004", "A005"]
    assert issued(own_centre, 1) == ["A006"]
    verified = own_centre.luot("verify", "--data", str(own_centre.data))
    assert verified.returncode == 0, verified.stdout


def test_credentials_are_valid_when_the_command_returns_and_gone_when_it_takes_them(own_centre: Centre) -> None:
    added = own_centre.luot("device", "add", "kiosk", "kiosk-9", "--data", str(own_centre.data), "--json")
    own_centre.passwords["kiosk-9"] = json.loads(added.stdout)["password"]
    kiosk = own_centre.peer("kiosk-9").hear_own("reply")

    reply = kiosk.request("issue", service="land")
    own_centre.luot("device", "remove", "kiosk-9", "--data", str(own_centre.data))
    listed = own_centre.luot("device", "list", "--data", str(own_centre.data), "--json")

    assert reply["ok"]
    assert "kiosk-9" not in listed.stdout


def test_a_file_that_is_not_in_force_is_named_at_the_start(own_centre: Centre) -> None:
    log, file = own_centre.folder / "serve.log", own_centre.folder / "centre.toml"
    first = log.read_text()
    own_centre.stop()
    file.write_text(file.read_text().replace("Counter 2", "Counter two"))

    own_centre.start()

    assert "centre_file_not_in_force" not in first
    assert "credentials_wait" not in "".join(line for line in first.splitlines() if "level=warning" in line)
    assert f"luot: version 1 of the configuration is in force, as stored; {file} differs in counter[c2].label.en" in (
        log.read_text()
    )


def test_figures_and_readiness_are_told_over_http(own_centre: Centre) -> None:
    issued(own_centre, 2)

    metrics = httpx.get(f"{own_centre.http}/metrics").text
    ready = httpx.get(f"{own_centre.http}/api/v1/ready")

    assert 'luot_tickets_issued_total{service="land"} 2.0' in metrics
    assert ready.status_code == 200


def test_a_second_one_on_the_same_directory_says_so(own_centre: Centre) -> None:
    second = serve(own_centre.data, "--http", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")

    assert second.returncode == 1
    assert "in use by another controller" in second.stderr
    assert issued(own_centre, 1) == ["A001"]


def test_a_backup_taken_beside_it_goes_back_as_a_new_epoch(own_centre: Centre) -> None:
    issued(own_centre, 2)
    copy, data = own_centre.folder / "copy.db", str(own_centre.data)
    copied = own_centre.luot("backup", str(copy), "--data", data)
    while_running = own_centre.luot("restore", str(copy), "--data", data)
    own_centre.stop()
    restored = own_centre.luot("restore", str(copy), "--data", data)
    own_centre.start()

    assert (copied.returncode, while_running.returncode, restored.returncode) == (0, 1, 0)
    assert issued(own_centre, 1) == ["A100"]


@pytest.mark.parametrize("option", ["--http", "--mqtt-listen"])
def test_a_busy_port_is_one_sentence(file: Path, tmp_path: Path, option: str) -> None:
    other = {"--http": "--mqtt-listen", "--mqtt-listen": "--http"}[option]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve(
            tmp_path / "data", "--centre", str(file), option, f"127.0.0.1:{taken.getsockname()[1]}", other,
            "127.0.0.1:0",
        )  # fmt: skip

    assert done.returncode == 1
    assert done.stdout == ""
    assert "cannot listen on" in done.stderr
    assert "of the account" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_faulty_configuration_is_told_whole_and_nothing_starts(tmp_path: Path) -> None:
    (tmp_path / "faulty.toml").write_text(
        CENTRE.replace('series = "A"', 'series = "a"').replace('kind = "board"', 'kind = "wall"')
    )

    done = serve(tmp_path / "data", "--centre", str(tmp_path / "faulty.toml"))

    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) >= 2
    assert "service[0].series" in done.stderr
    assert "device[7].kind" in done.stderr
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        (("--http", "0.0.0.0:0"), {}, "LUOT_CLOCK"),
        (("--http", "nonsense"), {}, "--http"),
        (("--mqtt", "mqtt://127.0.0.1:1"), {}, "LUOT_MQTT_PASSWORD"),
        ((), {"LUOT_CLOCK": "soon"}, "LUOT_CLOCK"),
    ],
)
def test_wrong_use_is_one_sentence(
    file: Path, tmp_path: Path, words: tuple[str, ...], environment: dict[str, str], said: str
) -> None:
    listen = () if "--mqtt" in words else ("--mqtt-listen", "127.0.0.1:0")
    http = () if "--http" in words else ("--http", "127.0.0.1:0")

    done = serve(tmp_path / "data", "--centre", str(file), *listen, *http, *words, **environment)

    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_directory_without_a_configuration_says_what_to_give(tmp_path: Path) -> None:
    done = serve(tmp_path / "data", "--http", "127.0.0.1:0", "--mqtt-listen", "127.0.0.1:0")

    assert done.returncode == 1
    assert "--centre FILE" in done.stderr


@pytest.mark.parametrize("centre", ["given broker"], indirect=True)
def test_a_second_controller_of_the_centre_gives_way(centre: Centre, file: Path, tmp_path: Path) -> None:
    assert centre.given is not None
    words = ("--centre", str(file), "--http", "127.0.0.1:0", "--mqtt", centre.given[0])

    second = serve(tmp_path / "second", *words, LUOT_MQTT_PASSWORD=centre.given[1])

    assert second.returncode == 1
    assert "another" in second.stderr


def test_a_broker_that_hangs_is_replaced_and_devices_and_readiness_come_back(own_centre: Centre) -> None:
    kiosk = own_centre.peer("kiosk-2").hear_own("reply")
    assert kiosk.request("issue", service="land")["result"]["ticket"]["number"] == "A001"
    assert own_centre.process is not None
    serving = own_centre.process.pid
    broker = int(Path(f"/proc/{serving}/task/{serving}/children").read_text().split()[0])
    assert Path(f"/proc/{broker}/comm").read_text().strip() == "mosquitto"
    os.kill(broker, signal.SIGSTOP)

    eventually(lambda: not Path(f"/proc/{broker}").exists(), "end of the hung broker", 25)
    eventually(lambda: is_ready(own_centre), "readiness", 15)
    eventually(lambda: kiosk.is_connected, "reconnect of the kiosk", 20)

    assert 'luot_broker_restarts{reason="hung"} 1.0' in httpx.get(f"{own_centre.http}/metrics").text
    kiosk.hear_own("reply")
    assert kiosk.request("issue", service="land")["result"]["ticket"]["number"] == "A002"


def is_ready(centre: Centre) -> bool:
    return httpx.get(f"{centre.http}/api/v1/ready", timeout=5).status_code == 200
