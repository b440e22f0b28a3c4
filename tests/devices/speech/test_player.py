from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from devices.speech.player import PlaybackError, ProgramPlayer, SilentPlayer, find_player

if TYPE_CHECKING:
    from pathlib import Path


def program(folder: Path, name: str, body: str = "exit 0") -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{body}\n")
    (folder / name).chmod(0o755)


def card(root: Path) -> None:
    (root / "dev" / "snd").mkdir(parents=True)
    (root / "dev" / "snd" / "pcmC0D0p").touch()


def test_without_a_device_nothing_is_played_and_the_player_says_so(tmp_path: Path) -> None:
    player = find_player({"PATH": str(tmp_path)}, tmp_path)

    assert isinstance(player, SilentPlayer)
    assert player.fault is not None
    assert "no sound device" in player.fault


def test_a_sound_card_is_played_on_with_aplay(tmp_path: Path) -> None:
    card(tmp_path)
    program(tmp_path / "bin", "aplay")

    assert find_player({"PATH": str(tmp_path / "bin")}, tmp_path) == ProgramPlayer(("aplay", "-q"))


def test_a_sound_card_without_a_player_says_what_to_install(tmp_path: Path) -> None:
    card(tmp_path)
    player = find_player({"PATH": str(tmp_path / "bin")}, tmp_path)

    assert player.fault is not None
    assert "alsa-utils" in player.fault


def test_a_running_sound_server_is_preferred(tmp_path: Path) -> None:
    card(tmp_path)
    program(tmp_path / "bin", "aplay")
    program(tmp_path / "bin", "paplay")
    environment = {"PATH": str(tmp_path / "bin"), "XDG_RUNTIME_DIR": str(tmp_path)}
    assert find_player(environment, tmp_path) == ProgramPlayer(("aplay", "-q"))

    (tmp_path / "pulse").mkdir()
    (tmp_path / "pulse" / "native").touch()

    assert find_player(environment, tmp_path) == ProgramPlayer(("paplay",))


async def test_a_file_is_handed_to_the_program_and_waited_for(tmp_path: Path) -> None:
    program(tmp_path, "play", f'cp "$2" {tmp_path}/heard.wav')
    (tmp_path / "call.wav").write_bytes(b"sound")

    await ProgramPlayer((str(tmp_path / "play"), "-q")).play(tmp_path / "call.wav")

    assert (tmp_path / "heard.wav").read_bytes() == b"sound"


async def test_a_player_that_fails_says_why(tmp_path: Path) -> None:
    program(tmp_path, "play", "echo device busy >&2; exit 1")

    with pytest.raises(PlaybackError, match="device busy"):
        await ProgramPlayer((str(tmp_path / "play"),)).play(tmp_path / "call.wav")
