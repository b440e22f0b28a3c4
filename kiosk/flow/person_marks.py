"""One number a person and service a day, without knowing who: marks made with a key that lives for a day; pure.

The controller makes a random key each local day and destroys it when the day closes. A kiosk gets it with the answer
to `time`, keeps it in memory and makes from a card's number a mark that no one can take back to the number, nor join
with the mark of the same person for another service. Without a key there are no marks, and numbers are given without.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kiosk.flow.context import StepContext

ASK_AGAIN_S: Final = 35.0
"""A request is given up after 30 s."""
SHORTEST_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class PersonMarks:
    """The day's key, the marks that this kiosk gave numbers for, and the request for a key that is under way.

    None of it is ever written to a disk, shown or logged.
    """

    day: str = ""
    key: bytes = field(default=b"", repr=False)
    marks: frozenset[str] = field(default=frozenset(), repr=False)
    request: str | None = None
    asked: float = 0.0

    def has_key(self, day: str) -> bool:
        """Tell whether marks can be made on a day."""
        return bool(self.key) and self.day == day

    def mark(self, number: str, service: str) -> str:
        """Give the mark of a card's number for a service."""
        digest = hmac.digest(self.key, f"{number}|{service}".encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

    def given(self, mark: str | None) -> PersonMarks:
        """Remember that a number was given for a mark."""
        return self if mark is None else replace(self, marks=self.marks | {mark})

    def wants_key(self, moment: StepContext) -> bool:
        """Tell whether a key has to be asked for."""
        waits = self.request is not None and moment.real - self.asked < ASK_AGAIN_S
        return not self.has_key(moment.day) and not waits

    def taken(self, result: Mapping[str, Any] | None, day: str) -> PersonMarks:
        """Take the answer to `time`; one without a key of this day, or with one that cannot be read, gives none."""
        told = (result or {}).get("identity")
        if not isinstance(told, dict) or told.get("day") != day:
            return self
        key = _key(told.get("key"))
        return self if key is None else PersonMarks(day, key, self.marks if self.day == day else frozenset())


def on_disk(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Give a request's fields as they may be written to a disk: without the mark of a person."""
    return {name: value for name, value in fields.items() if name != "person"}


def _key(text: object) -> bytes | None:
    try:
        key = base64.urlsafe_b64decode(f"{text}===")
    except (binascii.Error, ValueError):
        return None
    return key if isinstance(text, str) and len(key) >= SHORTEST_KEY else None
