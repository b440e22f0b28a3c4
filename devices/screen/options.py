"""The window options of every program with a screen, and how such a program runs to its end."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any, Protocol

import typer

from devices.base.connect import UsageError, restart_program, run_to_end
from devices.screen.window import ScreenUnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


def size_option(envvar: str | None = None) -> Any:  # noqa: ANN401 - typer.Option gives Any
    """Return `--size`."""
    return typer.Option("--size", envvar=envvar, help="The window's size: WIDTHxHEIGHT in pixels.")


def position_option(envvar: str | None = None) -> Any:  # noqa: ANN401 - typer.Option gives Any
    """Return `--position`."""
    return typer.Option("--position", envvar=envvar, help="Where the window stands: X,Y in pixels.")


def fullscreen_option(envvar: str | None = None) -> Any:  # noqa: ANN401 - typer.Option gives Any
    """Return `--fullscreen`."""
    return typer.Option("--fullscreen", envvar=envvar, help="Fill the screen.")


def parse_pair(text: str | None, sign: str, option: str, size: str = "1920x1080") -> tuple[int, int] | None:
    """Parse two integers with a sign between; None stays None, anything else is UsageError with `size` as example."""
    if text is None:
        return None
    found = re.fullmatch(rf"(-?\d{{1,5}}){sign}(-?\d{{1,5}})", text)
    if found is None:
        raise UsageError(f"{option} {text!r} is not of the form {size if sign == 'x' else '0,0'}")
    return int(found[1]), int(found[2])


class Restartable(Protocol):
    """A program that ended; `asked` when its device was told to restart."""

    asked: bool


def run_screen_program(show: Callable[[], Coroutine[None, None, Restartable]], *missing: type[Exception]) -> None:
    """Run a program to its end, and start it again when its device was told to restart.

    Exit status: as `devices.base.connect.run_to_end`, and 1 with one sentence when no window can be opened or
    something in `missing` is raised.
    """
    ended: list[Restartable] = []
    expected: tuple[type[Exception], ...] = (ScreenUnavailableError, *missing)

    async def work() -> None:
        ended.append(await show())

    try:
        run_to_end(work)
    except expected as error:
        print(f"luot: {error}", file=sys.stderr)  # noqa: T201 - the one sentence for people
        raise SystemExit(1) from error
    if any(program.asked for program in ended):
        restart_program()
