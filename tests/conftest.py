"""What holds for every test: no verdict hangs on how fast this machine is, and faults are told in plain text."""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.support.examples import examples

settings.register_profile("examples", examples())
settings.load_profile("examples")
PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
ROOM = 2**30
"""So many bytes have to be free there: a container may have given it only a few."""
COLLECT = (10_000, 20, 20)


def pytest_configure() -> None:
    """Keep the folders of tests in memory: what a test waits for must not be a disk. Nor are cycles looked for yet."""
    if os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))
    gc.disable()


def pytest_collection_finish() -> None:
    """Look for cycles from now on, but not among what lives as long as the tests: modules and thousands of items."""
    gc.freeze()
    gc.set_threshold(*COLLECT)
    gc.enable()


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Write a fault that a test provokes as Python does: painting it in colours takes longer than the test."""
    if not structlog.is_configured():
        structlog.configure(processors=[structlog.processors.add_log_level, PLAIN])
