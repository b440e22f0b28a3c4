"""Wrong use and missing things end with one sentence and the right status, before anything is begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import luot
from devices.base.connect import UsageError
from devices.screen.options import parse_pair
from displays.commands.options import looks

if TYPE_CHECKING:
    from pathlib import Path

HERE = ["--mqtt", "mqtt://127.0.0.1:1", "--centre", "quang-ngai", "--device", "sign-1"]


@pytest.mark.parametrize(
    ("words", "status", "sentence"),
    [
        (["sign"], 2, "give --mqtt URL, --centre ID and --device ID"),
        (["sign", *HERE, "--size", "large"], 2, "--size 'large' is not of the form 1920x1080"),
        (["board", *HERE, "--no-window", "--fullscreen"], 2, "--no-window shows nothing"),
        (["board", *HERE, "--voice", "choir"], 2, "choir"),
        (["sign", *HERE], 1, "There is no display"),
        (["keypad", *HERE, "--input", "serial:/dev/no-such-line"], 1, "No keypad at /dev/no-such-line"),
        (["keypad", *HERE], 1, "neither a terminal nor a pipe"),
    ],
)
def test_it_ends_with_one_sentence(tmp_path: Path, words: list[str], status: int, sentence: str) -> None:
    environment = dict.fromkeys(["DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER", "LUOT_CLOCK"])
    told = {**environment, "LUOT_PASSWORD": "secret", "LUOT_DATA": str(tmp_path), "COLUMNS": "200"}

    ended = CliRunner().invoke(luot.build(words[0]), words, env=told)

    assert ended.exit_code == status
    assert sentence in " ".join(ended.output.split())


@pytest.mark.parametrize(
    ("text", "sign", "pair"), [(None, "x", None), ("960x540", "x", (960, 540)), ("-10,20", ",", (-10, 20))]
)
def test_sizes_and_positions_are_two_whole_numbers(text: str | None, sign: str, pair: tuple[int, int] | None) -> None:
    assert parse_pair(text, sign, "--size") == pair


@pytest.mark.parametrize("text", ["960", "960x", "x540", "9.5x3", "960 x 540", "960,540"])
def test_anything_else_is_wrong_use(text: str) -> None:
    with pytest.raises(UsageError):
        parse_pair(text, "x", "--size")


def test_a_window_takes_what_the_options_say() -> None:
    setup = looks("960x540", "10,20", fullscreen=False, no_window=False, pictures=None).setup("sign", "Lượt")

    assert (setup.pixels, setup.position, setup.locked) == ((960, 540), (10, 20), True)
