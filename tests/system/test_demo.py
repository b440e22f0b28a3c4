"""`luot demo --headless` plays a day whose books balance, and does notice when one slip is lost."""

from __future__ import annotations

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from PIL import Image

pytestmark = [pytest.mark.system, pytest.mark.timeout(300)]


def play(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    return subprocess.run(
        [sys.executable, "-m", "luot", "demo", "--headless", "--data", str(folder),
         "--speed", "600", "--citizens", "40", *options],
        capture_output=True, text=True, check=False, timeout=280, env={**environment, "COLUMNS": "160"},
    )  # fmt: skip


def lines_of(folder: Path) -> dict[str, list[str]]:
    rows = [line.split("\t") for line in (folder / "books.tsv").read_text().splitlines()]
    return {row[0]: row[1:] for row in rows}


def test_a_day_balances_and_leaves_what_it_was_made_of(tmp_path: Path) -> None:
    done = play(tmp_path)

    assert done.returncode == 0, done.stdout + done.stderr
    books = lines_of(tmp_path)
    assert {row[2] for row in books.values()} == {"holds"}
    assert int(books["issued at the kiosks = printed on paper"][0]) >= 38
    assert "issued in Prometheus = in the report" in books
    slips = sorted((tmp_path / "slips").glob("*.png"))
    assert len(slips) == int(books["issued at the kiosks = printed on paper"][1])
    with Image.open(slips[0]) as slip:
        assert slip.width == 576
    for name in ("kiosk.png", "sign.png", "board.png", "rater.png"):
        with Image.open(tmp_path / "screens" / name) as picture:
            colours = picture.convert("RGB").getcolors(1 << 24)
        assert colours is not None
        assert len(colours) > 10, name
    spoken = sorted((tmp_path / "voice").glob("*.wav"))
    assert len(spoken) >= int(books["shown on the signs = said by the voice"][0])
    with wave.open(str(spoken[0])) as sound:
        assert sound.getnframes() / sound.getframerate() > 1
    assert (tmp_path / "reports" / "throughput-by-hour.csv").exists()
    assert (tmp_path / "reports" / "satisfaction-by-service.json").exists()


def test_one_lost_slip_is_noticed_and_ends_with_status_1(tmp_path: Path) -> None:
    done = play(tmp_path, "--drop-print", "1")

    assert done.returncode == 1, done.stdout + done.stderr
    books = lines_of(tmp_path)
    verdict = books["issued at the kiosks = printed on paper"]
    assert int(verdict[0]) == int(verdict[1]) + 1
    assert verdict[2].startswith("DOES NOT HOLD only issued: ")


def test_without_a_screen_program_it_says_what_to_install(tmp_path: Path) -> None:
    environment = {"PATH": str(Path(sys.executable).parent), "HOME": str(tmp_path)}

    done = subprocess.run(
        [sys.executable, "-m", "luot", "demo", "--headless", "--data", str(tmp_path / "demo")],
        capture_output=True, text=True, check=False, timeout=60, env=environment,
    )  # fmt: skip

    assert done.returncode == 1
    assert "xvfb" in done.stderr
    assert "Traceback" not in done.stderr
