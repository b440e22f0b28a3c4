"""What holds for every test: no verdict hangs on how fast this machine is, and faults are told in plain text."""

from __future__ import annotations

import pytest
import structlog
from hypothesis import settings

from tests.support.examples import examples

settings.register_profile("examples", examples())
settings.load_profile("examples")
PLAIN = structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)


@pytest.fixture(autouse=True)
def plain_logs() -> None:
    """Write a fault that a test provokes as Python does: painting it in colours takes longer than the test."""
    if not structlog.is_configured():
        structlog.configure(processors=[structlog.processors.add_log_level, PLAIN])
