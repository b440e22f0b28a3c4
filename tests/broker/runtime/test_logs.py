from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
import structlog

from broker.runtime.logs import configure_logs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def test_events_are_one_line_each_from_the_level_on() -> None:
    output = io.StringIO()
    configure_logs({"LUOT_LOG": "warning"}, output)

    structlog.get_logger().info("quiet")
    structlog.get_logger().warning("loud", device="kiosk-1")

    (line,) = output.getvalue().splitlines()
    assert "event=loud device=kiosk-1" in line


def test_a_traceback_never_shows_the_values_of_variables() -> None:
    output = io.StringIO()
    configure_logs({}, output)
    hidden = "only-in-a-variable"

    def fail() -> None:
        raise ValueError(f"seen, not {len(hidden)}")

    try:
        fail()
    except ValueError:
        structlog.get_logger().exception("failed")

    assert "seen" in output.getvalue()
    assert hidden not in output.getvalue()
