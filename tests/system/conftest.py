"""Controllers for system tests, with the broker that they start themselves and with a given one."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from paho.mqtt.enums import MQTTProtocolVersion
from playwright.sync_api import expect, sync_playwright

from tests.support.ports import lasting_port
from tests.system.centre import Centre, listens
from tests.system.client import Peer, eventually

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import BrowserContext, Page


ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
DEADLINE_MS = 10_000


@pytest.fixture(params=["own broker", "given broker"])
def centre(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Centre]:
    """A controller, once with the broker that it starts itself and once with a given one."""
    made = Centre(tmp_path, request.param)
    broker: subprocess.Popen[bytes] | None = None
    if request.param == "given broker":
        port = lasting_port()
        done = made.luot(
            "broker-files",
            str(tmp_path / "broker"),
            "--centre",
            "thu-nghiem",
            "--listen",
            f"127.0.0.1:{port}",
            "--json",
        )
        assert done.returncode == 0, done.stderr
        made.given = (f"mqtt://127.0.0.1:{port}", json.loads(done.stdout)["password"])
        mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
        broker = subprocess.Popen([mosquitto, "-c", str(tmp_path / "broker" / "mosquitto.conf")])
        eventually(lambda: listens(port), "given broker")
    try:
        made.start()
        yield made
    finally:
        made.stop()
        if broker is not None:
            broker.terminate()
            broker.wait(10)


@pytest.fixture
def own_centre_unstarted(tmp_path: Path) -> Iterator[Centre]:
    """A controller that the test starts, after it has written its own `centre.toml`."""
    made = Centre(tmp_path, "own broker")
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def own_centre(own_centre_unstarted: Centre) -> Centre:
    """A controller with the broker that it starts itself."""
    own_centre_unstarted.start()
    return own_centre_unstarted


@pytest.fixture
def stranger(centre: Centre) -> Callable[[str, str], str | None]:
    """Try to sign in; give the broker's refusal, or None when it let the stranger in."""

    def sign_in(device: str, password: str) -> str | None:
        peer = Peer(centre.mqtt_port, device, password, version=MQTTProtocolVersion.MQTTv5)
        peer.close()
        return peer.refused

    return sign_in


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[BrowserContext]:
    """Debian's Chromium with a fresh profile, speaking Vietnamese."""
    chromium = shutil.which("chromium")
    assert chromium, "install the Debian package chromium"
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            tmp_path / "profile", executable_path=chromium, args=ARGUMENTS, locale="vi-VN",
            viewport={"width": 1366, "height": 768},
        )  # fmt: skip
        context.set_default_timeout(DEADLINE_MS)
        yield context
        context.close()


@pytest.fixture
def officer(own_centre: Centre, browser: BrowserContext) -> Page:
    """A page that is signed in by its form and stands at counter 1."""
    made = own_centre.luot("user", "add", "an", "--role", "officer", "--data", str(own_centre.data), "--json")
    password = json.loads(made.stdout)["password"]
    page = browser.new_page()
    page.goto(f"{own_centre.http}/desk/c1")
    page.fill("#user", "an")
    page.fill("#password", "not the password")
    page.click("button[type=submit]")
    expect(page.locator(".fault")).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng.")
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url("**/desk/c1")
    expect(page.locator("[data-action=open]")).to_be_enabled()
    return page
