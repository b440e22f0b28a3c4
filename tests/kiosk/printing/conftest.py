"""The kiosk's words, and what draws a slip with them."""

from __future__ import annotations

import pytest

from broker.texts import Catalogue, catalogue
from kiosk.printing.painter import SlipPainter


@pytest.fixture
def words() -> Catalogue:
    return catalogue("kiosk")


@pytest.fixture
def painter(words: Catalogue) -> SlipPainter:
    return SlipPainter(words)
