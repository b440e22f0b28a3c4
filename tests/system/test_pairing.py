"""The pairing code that `luot device add` shows is all that a device needs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.ports import lasting_port
from tests.system.centre import listens
from tests.system.client import eventually

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.system.centre import Centre

pytestmark = pytest.mark.system


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder with an authority and the broker's certificate that it signed."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=tmp_path, check=True, capture_output=True)

    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Centre")
    openssl(
        "req", "-x509", *key, "-keyout", "broker.key", "-out", "broker.pem", "-subj", "/CN=broker",
        "-CA", "ca.pem", "-CAkey", "ca.key", "-addext", "subjectAltName=IP:127.0.0.1",
        "-addext", "basicConstraints=critical,CA:FALSE",
    )  # fmt: skip
    return tmp_path


@pytest.fixture
def centre_with_tls(own_centre_unstarted: Centre, papers: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Centre]:
    """A controller at a given broker that speaks TLS only."""
    centre, port = own_centre_unstarted, lasting_port()
    tls = [f"--{name}={papers / file}" for name, file in
           (("certfile", "broker.pem"), ("keyfile", "broker.key"), ("cafile", "ca.pem"))]  # fmt: skip
    words = ("broker-files", str(papers / "service"), "--centre", "thu-nghiem", "--listen", f"127.0.0.1:{port}", *tls)
    done = centre.luot(*words, "--json")
    assert done.returncode == 0, done.stderr
    centre.given = (f"mqtts://127.0.0.1:{port}", json.loads(done.stdout)["password"])
    monkeypatch.setenv("LUOT_CA", str(papers / "ca.pem"))
    mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with subprocess.Popen([mosquitto, "-c", str(papers / "service" / "mosquitto.conf")]) as broker:
        eventually(lambda: listens(port), "given broker")
        centre.start()
        yield centre
        centre.stop()
        broker.terminate()


def test_a_device_signs_in_with_nothing_but_its_pairing_code(centre_with_tls: Centre, tmp_path: Path) -> None:
    centre = centre_with_tls
    made = json.loads(centre.luot("device", "add", "sign", "sign-1", "--data", str(centre.data), "--json").stdout)
    said = centre.luot("device", "add", "keypad", "keypad-1", "--data", str(centre.data)).stdout

    code = next(word for word in said.split() if word.startswith("mqtts://"))
    command = [sys.executable, "-m", "luot", "keypad", "--data", str(tmp_path / "keypad")]
    environment = {**centre.environment(), "LUOT_PAIR": code}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as keypad:
        try:
            eventually(lambda: _is_online(centre, "keypad-1"), "keypad that is online", 30)
        finally:
            keypad.terminate()

    assert set(made) == {"id", "password", "pair"}
    assert made["pair"].startswith(f"mqtts://sign-1:{made['password']}@127.0.0.1:")
    log = (centre.folder / "serve.log").read_text()
    assert made["password"] not in log
    assert code not in log


def _is_online(centre: Centre, device: str) -> bool:
    listed = centre.luot("device", "list", "--data", str(centre.data), "--json").stdout.splitlines()
    return any(one["id"] == device and one["online"] for one in map(json.loads, listed))
