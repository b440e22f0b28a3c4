"""How a screen can be different for a person; pure."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet


class Mode(StrEnum):
    """One thing that may be different for a person; all of them combine."""

    LOW = "low"
    LARGE = "large"
    CONTRAST = "contrast"
    SPOKEN = "spoken"


NO_MODES: frozenset[Mode] = frozenset()


def pace(modes: AbstractSet[Mode]) -> float:
    """Give by how much longer than usual a screen waits: listening takes longer than reading."""
    return 2.0 if Mode.SPOKEN in modes else 1.0
