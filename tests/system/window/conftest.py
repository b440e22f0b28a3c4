"""A virtual screen for windows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.virtual_screen import virtual_screen

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A virtual screen of its own; gives the name for DISPLAY."""
    with virtual_screen("800x1000") as name:
        yield name
