"""Every state of sign and board, drawn in a real window on a virtual screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from broker.runtime.theme import load_theme
from tests.gallery.displays.specimens import board_looks, sign_looks

ROOT = Path(__file__).resolve().parents[3]
SPECIMENS = {"sign": list(sign_looks()), "board": list(board_looks())}
BUDGET_MIB = 60.0

pytestmark = pytest.mark.screen


def draw(display: str, kind: str, size: str, folder: Path) -> list[dict[str, Any]]:
    """Draw all specimens of a kind in a process of its own: Kivy can be set up once in a process."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gallery.displays.contact_sheet", kind, size, str(folder)], cwd=ROOT,
        env={**os.environ, "DISPLAY": display}, capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert "too much iteration" not in done.stderr, "a layout never comes to rest"
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


@dataclass(frozen=True)
class Drawn:
    """What was told about each picture, and the pictures."""

    kind: str
    size: str
    folder: Path
    told: list[dict[str, Any]]

    @property
    def pictures(self) -> list[dict[str, Any]]:
        return [row for row in self.told if "file" in row]

    def share(self, name: str, colour: str) -> float:
        """Give how much of a picture has a colour of the palette."""
        wanted = tuple(int(load_theme().palette[colour][at : at + 2], 16) for at in (1, 3, 5))
        with Image.open(self.folder / f"{self.kind}-{name}.png") as picture:
            found: Any = picture.convert("RGB").getcolors(picture.width * picture.height)
            matching: int = sum(count for count, pixel in found if pixel == wanted)
            return matching / (picture.width * picture.height)


@pytest.fixture(scope="module", params=[("sign", "960x540"), ("board", "960x540")], ids=["sign", "board"])
def drawn(request: pytest.FixtureRequest, display: str, tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    """Every specimen of a kind, drawn once."""
    kind, size = request.param
    folder = tmp_path_factory.mktemp(kind)
    return Drawn(kind, size, folder, draw(display, kind, size, folder))


def test_every_state_fits_its_window(drawn: Drawn) -> None:
    assert [row["name"] for row in drawn.pictures] == SPECIMENS[drawn.kind]
    assert {row["name"]: row["cut_off"] for row in drawn.pictures if row["cut_off"]} == {}
    for row in drawn.pictures:
        with Image.open(drawn.folder / row["file"]) as picture:
            assert f"{picture.width}x{picture.height}" == drawn.size


def test_a_display_needs_little_more_memory_than_an_empty_window(drawn: Drawn) -> None:
    memory = drawn.told[-1]

    assert memory["drawn_mib"] - memory["empty_mib"] <= BUDGET_MIB


def test_calls_light_up_and_what_is_old_looks_old(drawn: Drawn) -> None:
    if drawn.kind == "sign":
        assert drawn.share("called-light", "flash") > 0.4
        assert drawn.share("called-dark", "flash") < 0.02
        assert drawn.share("called-dark", "on_night") > 0.05
        # Out of date: no large white number stands there any more.
        assert drawn.share("out-of-date", "on_night") < 0.05
    else:
        assert 0.08 < drawn.share("one-light", "flash") < drawn.share("eight", "flash")
        assert drawn.share("out-of-date", "warning_soft") > 0.03
        assert drawn.share("one", "warning_soft") == 0
