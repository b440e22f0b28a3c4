"""A stored configuration that no longer passes the checks, read without the parts that are at fault.

It was accepted once, perhaps before a bound was introduced or by another version of the program, so a controller must
start with it. Only what can be left out is left out, key by key; every fault is returned so that it can be named.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from controller.domain.centre.centre import Centre, CentreFaults, ConfigFault, parse_centre

if TYPE_CHECKING:
    from collections.abc import Mapping

ROUNDS: Final = 100
"""So many parts may be left out before a configuration counts as unreadable."""

_STEP: Final = re.compile(r"\[(\d+)\]|([^.\[\]]+)")
VITAL: Final = ("service", "counter")
"""Tables none of whose entries may be left out: tickets and visits of the day refer to them."""


def parse_stored_centre(data: Mapping[str, Any]) -> tuple[Centre, tuple[ConfigFault, ...]]:
    """Read a stored configuration; returns it with the faults whose parts were left out, or raises CentreFaults."""
    document: dict[str, Any] = dict(data)
    left_out: list[ConfigFault] = []
    while True:
        try:
            return parse_centre(document, stored=True), tuple(left_out)
        except CentreFaults as found:
            fault = found.faults[0]
            if not left_out:
                document = deepcopy(document)
            if len(left_out) >= ROUNDS or not _leave_out(document, fault.place) or _lacks(document, data):
                raise
            left_out.append(fault)


def _leave_out(document: dict[str, Any], place: str) -> bool:
    """Delete what a fault's place names; where it is a key that is missing, what it is missing in."""
    steps: list[str | int] = [int(index) if index else name for index, name in _STEP.findall(place)]
    while steps:
        holder: Any = document
        for step in steps[:-1]:
            holder = _at(holder, step)
        last = steps.pop()
        if _at(holder, last) is not None and not (steps == [] and last == "centre"):
            del holder[last]
            return True
    return False


def _at(holder: Any, step: str | int) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(holder, dict) and isinstance(step, str):
        return holder.get(step)
    if isinstance(holder, list) and isinstance(step, int) and step < len(holder):
        return holder[step]
    return None


def _lacks(document: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Return whether an entry of a vital table has gone."""
    return any(_size(document.get(table)) < _size(data.get(table)) for table in VITAL)


def _size(table: Any) -> int:  # noqa: ANN401 - a table of a document that may be anything
    return len(table) if isinstance(table, list) else 0
