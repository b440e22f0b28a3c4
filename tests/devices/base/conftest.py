"""The controller's side of the link, for tests of a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.device_centre import Centre

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path


@pytest.fixture
async def centre(tmp_path: Path) -> AsyncIterator[Centre]:
    made = Centre(tmp_path)
    await made.open()
    yield made
    await made.close()
