"""The real commands with their real windows: what the broker brings is what stands in the window."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from broker.contract.channels import BOARD, CALLS
from broker.contract.payloads import Board, Kind, ServiceState

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE_S = 20.0

pytestmark = [pytest.mark.screen, pytest.mark.system]


def flash_share(path: Path) -> float:
    with Image.open(path) as picture:
        found: list[tuple[int, Any]] = picture.convert("RGB").getcolors(picture.width * picture.height) or []
        return sum(count for count, pixel in found if pixel == (0xFF, 0xD5, 0x4A)) / (picture.width * picture.height)


async def test_a_call_lights_up_the_signs_window(hall: Any, display: str, tmp_path: Path) -> None:
    hall.extra = {"DISPLAY": display}
    pictures = tmp_path / "pictures"
    sign = await hall.start(
        Kind.SIGN, "sign-1", tmp_path, "--size", "640x360", "--position", "0,0", "--screenshots", str(pictures),
        counter="c1", label={"vi": "Quầy 1"},
    )  # fmt: skip
    await hall.link.publish(CALLS, hall.call("A007"))
    await hall.until((pictures / "sign-called-light.png").exists)

    assert flash_share(pictures / "sign-called-light.png") > 0.4
    sign.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(sign.wait(), PATIENCE_S) == 0


async def test_the_board_shows_speaks_and_restarts_when_told(hall: Any, display: str, tmp_path: Path) -> None:
    hall.extra = {"DISPLAY": display}
    pictures = tmp_path / "pictures"
    board = await hall.start(
        Kind.BOARD, "board-1", tmp_path, "--size", "960x540", "--screenshots", str(pictures),
        "--wav-dir", str(tmp_path / "wav"), zone="hall",
    )  # fmt: skip
    queue = ServiceState(service="land", name={"vi": "Đất đai"}, open=True, waiting=3)
    call = hall.call("A007")
    await hall.link.publish(CALLS, call)
    await hall.link.publish(BOARD, Board(zone="hall", calls=[call], queues=[queue], at=call.at), zone="hall")
    await hall.until((pictures / "board-1-light.png").exists)
    await hall.until(lambda: list((tmp_path / "wav").glob("*-A007-c1-0.wav")))

    assert flash_share(pictures / "board-1-light.png") > 0.08
    before = hall.sessions["board-1"]
    await hall.order("restart", "board-1")
    # A heartbeat of the program that is about to go names the old session.
    await hall.until(lambda: hall.sessions["board-1"] != before)
    assert board.returncode is None
    board.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(board.wait(), PATIENCE_S) == 0
