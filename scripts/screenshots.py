# ruff: noqa: INP001 - scripts are no package
"""Make the pictures of the README and the contact sheets: `make screenshots`.

Plays a short demonstration, looks at its pages in Chromium while the hall is open, and puts slip, kiosk, sign,
board, desk and report into `docs/images`. The contact sheets of every screen go to `build/contact-sheet`.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
BROWSER = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
HEIGHT = 720


def free_port() -> int:
    """Give a port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sign_in(page: Page, url: str, user: str, password: str, path: str) -> None:
    """Sign in by the form and stand at a page."""
    page.goto(f"{url}{path}")
    page.fill("#user", user)
    page.fill("#password", password)
    page.click("button[type=submit]")
    page.wait_for_url(f"**{path}*")


def pages(url: str, folder: Path) -> None:
    """Keep the report and an officer's desk as they stand."""
    logins = json.loads((folder / "logins.json").read_text())
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=BROWSER, locale="vi-VN",
            viewport={"width": 1280, "height": 800},
        )  # fmt: skip
        page = context.new_page()
        sign_in(page, url, "giam-sat", logins["giam-sat"], "/reports")
        page.screenshot(path=folder / "report.png")
        page.goto(f"{url}/desk/c2")
        page.wait_for_selector("[data-action=open]")
        page.screenshot(path=folder / "desk.png")
        context.close()


def wait_for(output: IO[str], words: str) -> None:
    """Pass on what the demonstration says until it says some words; its end before that is an error."""
    for line in output:
        sys.stdout.write(line)
        if words in line:
            return
    raise SystemExit(f"the demonstration ended before it said {words!r}")


def play(folder: Path) -> None:
    """Play the demonstration and look at its pages when most citizens have been served."""
    port = free_port()
    demo = subprocess.Popen(
        [sys.executable, "-m", "luot", "demo", "--headless", "--speed", "300", "--citizens", "150", "--http", str(port),
         "--data", str(folder)],
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    if demo.stdout is None:
        raise SystemExit("the demonstration has no output")
    wait_for(demo.stdout, "waiting for the last slips")
    pages(f"http://127.0.0.1:{port}", folder)
    for line in demo.stdout:
        sys.stdout.write(line)
    if demo.wait() != 0:
        raise SystemExit("the books of the demonstration did not balance; no picture was kept")


def keep(source: Path, name: str, height: int = HEIGHT) -> None:
    """Put a picture into the documentation, as small as a page needs it."""
    with Image.open(source) as picture:
        colours = picture.convert("RGB")
        size = (round(colours.width * height / colours.height), height)
        small = colours.resize(size, Image.Resampling.LANCZOS)
        small.quantize(128).save(IMAGES / f"{name}.png", optimize=True)


def main() -> None:
    """Make them all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    folder = ROOT / "build" / "screenshots"
    shutil.rmtree(folder, ignore_errors=True)
    play(folder)
    slips = {path.stem.split("-", 1)[1]: path for path in (folder / "slips").glob("*.png")}
    keep(slips["A001"], "slip")
    keep(folder / "screens" / "kiosk.png", "kiosk")
    keep(folder / "screens" / "board.png", "board", 540)
    keep(next((folder / "screens" / "sign-1").glob("sign-called*.png")), "sign", 270)
    keep(folder / "screens" / "rater-1" / "rate-vi.png", "rater", 400)
    keep(folder / "report.png", "report", 640)
    keep(folder / "desk.png", "desk", 640)
    for script in ("contact_sheet.py", "contact_sheet_displays.py"):
        subprocess.run(
            [sys.executable, str(ROOT / "scripts" / script), str(ROOT / "build" / "contact-sheet")], check=True
        )
    sys.stdout.write(f"{IMAGES}\n")


if __name__ == "__main__":
    main()
