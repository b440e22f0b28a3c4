"""What a finger can do where procedures are read, or to get there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenProcedures:
    """Look procedures up: which papers, what fee, how long."""


@dataclass(frozen=True, slots=True)
class ReadProcedure:
    """Read a procedure."""

    code: str


@dataclass(frozen=True, slots=True)
class TurnList:
    """Go on in a list that is too long to stand as a whole: 1 forwards, -1 back."""

    by: int


@dataclass(frozen=True, slots=True)
class NumberForThis:
    """Take a number for the procedure that is read."""


ReadingAction = OpenProcedures | ReadProcedure | TurnList | NumberForThis
