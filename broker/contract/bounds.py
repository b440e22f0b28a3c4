"""The bounds of what devices send: it is stored, compared, repeated and shown.

What the controller sends has none beyond the 64 KiB of a message: it is made of the stored configuration, which may be
older than any bound, and must still start.
"""

from __future__ import annotations

import re
from typing import Annotated, TypeGuard

from pydantic import Field, StringConstraints

WORD_LETTERS = 64
MANY = 64
"""Entries of the longest list in a message of a device."""

Word = Annotated[str, StringConstraints(max_length=WORD_LETTERS, pattern=r"^\P{Cc}*$")]
"""A single word: a code, a number, a token, without control characters."""
MessageId = Annotated[str, StringConstraints(min_length=1, max_length=WORD_LETTERS, pattern=r"^\P{Cc}+$")]
"""What a sender calls a message. The contract has UUIDs; any short text is taken, for it is only compared."""
Whole = Annotated[int, Field(ge=-(2**31), lt=2**31)]
"""A whole number; the store has no room for endless ones."""

_UNUSABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def is_message_id(value: object) -> TypeGuard[str]:
    """Return whether a value can be the id of a reply: a short text without control characters or half a letter."""
    return isinstance(value, str) and 1 <= len(value) <= WORD_LETTERS and _UNUSABLE.search(value) is None
