"""A virtual screen for windows."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual screen of its own; gives the name for DISPLAY."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x1000x24", "+extension", "XTEST", "-nolisten", "tcp", "-noreset"]  # fmt: skip  # noqa: E501 - one command
    with subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            assert number, "Xvfb did not start: install the Debian package xvfb"
            yield f":{number}"
        finally:
            process.terminate()
