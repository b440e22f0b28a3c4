"""What the contact sheets tell, drawn once in a run for all who ask."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import subprocess
import sys
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from broker.link.address import Address
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import Mosquitto
from deploy.driver.pseudo_language import PSEUDO
from tests.support.virtual_screen import virtual_screen
from tests.system.kiosk.by_finger import CENTRE, PAD, SMALL, Finger, Hall
from tests.system.kiosk.by_keys import Keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

LONG = os.environ.get("LUOT_LONG") == "1"
USUAL = ("vi", "en", PSEUDO)
HARDEST = (f"{PSEUDO}+large+low",)
COMBINED = tuple(
    "+".join([lang, *modes])
    for lang in USUAL
    for count in (1, 2, 3)
    for modes in combinations(("low", "large", "contrast"), count)
)
SHEETS: dict[tuple[str, str], tuple[str, ...]] = {
    ("kiosk", "1080x1920"): (*USUAL, *COMBINED) if LONG else ("vi", PSEUDO, *HARDEST),
    ("kiosk", "1920x1080"): (*USUAL, *COMBINED) if LONG else ("vi", *HARDEST),
    ("kiosk", "540x960"): ("vi", "en", "vi+contrast"),
    ("rater", "1280x800"): USUAL,
}
"""Kind and size of a window -> the manners in which every face is drawn there; all of them with LUOT_LONG=1."""
DRAWING_S = 3600 if LONG else 900

ROOT = Path(__file__).resolve().parents[3]


Told = tuple[dict[str, Any], ...]


def draw(display: str, kind: str, size: str, *manners: str) -> Told:
    """Draw every face of a kind at a size, in a process of its own; gives what it told."""
    command = [sys.executable, "-m", "tests.gallery.kiosk.contact_sheet", kind, size, "-", *manners]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "DISPLAY": display}, capture_output=True, text=True,
        timeout=DRAWING_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "too much iteration" not in done.stderr, "a layout never comes to rest"
    return tuple(json.loads(line) for line in done.stdout.splitlines())


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A virtual screen of its own; gives the name for DISPLAY."""
    with virtual_screen("1920x1920") as name:
        yield name


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[], Told]], Told]:
    """Make what has a name once in a run, also where several workers share the run."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def kept(name: str, make: Callable[[], Told]) -> Told:
        file = folder / f"{name}.json"
        with (folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not file.exists():
                file.write_text(json.dumps(make()))
        return tuple(json.loads(file.read_text()))

    return kept


@pytest.fixture(scope="session")
def drawn(display: str, once: Callable[[str, Callable[[], Told]], Told]) -> Callable[[str, str], Told]:
    """Give where the targets of every face stand."""
    return cache(lambda kind, size: once(f"places-{kind}-{size}", lambda: draw(display, kind, size, "vi", "--places")))


@pytest.fixture(scope="session")
def measured(display: str, once: Callable[[str, Callable[[], Told]], Told]) -> Callable[[str, str], Told]:
    """Give everything that is measured of every face in the manners of `SHEETS`."""
    return cache(
        lambda kind, size: once(f"sheet-{kind}-{size}", lambda: draw(display, kind, size, *SHEETS[kind, size]))
    )


@pytest.fixture
async def hall(tmp_path: Path, display: str, drawn: Callable[[str, str], Told]) -> AsyncIterator[Hall]:
    for sheet in (SMALL, PAD):
        drawn(*sheet)  # no link would outlive the drawing
    async with Mosquitto(tmp_path / "broker", CENTRE) as broker:
        link = MqttLink(Address(broker.host, broker.port), CENTRE, "controller", broker.password, SystemClock())
        made = Hall(broker, link, display)
        running = [asyncio.create_task(link.run()), asyncio.create_task(made.keep_beating())]
        try:
            await made.until(lambda: link.connected)
            yield made
        finally:
            await made.close()
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
async def finger(display: str) -> AsyncIterator[Finger]:
    made = Finger(display)
    yield made
    made.close()


@pytest.fixture
def keys(display: str) -> Iterator[Keys]:
    made = Keys(display)
    yield made
    made.close()
