"""A virtual screen for tests with windows."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def virtual_screen(size: str) -> Iterator[str]:
    """Run an X server of its own with a screen of `WIDTHxHEIGHT`; gives the name for DISPLAY."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{size}x24", "+extension", "XTEST", "-nolisten", "tcp"]  # fmt: skip  # noqa: E501 - one command
    # Between two windows there is nobody: without -noreset the server would then begin anew.
    with subprocess.Popen([*command, "-noreset"], pass_fds=[writing], stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        try:
            with os.fdopen(reading) as told:
                number = told.readline().strip()
            assert number, "Xvfb did not start: install the Debian package xvfb"
            yield f":{number}"
        finally:
            process.terminate()
