"""Regular expressions that a configuration holds: the one place where they are read and matched, in linear time.

They are google-re2's (https://github.com/google/re2/wiki/Syntax): no back reference and no look-around, so that no
text, however it was made, takes more steps than its length times the size of the pattern. Controller and kiosks use
the same, so a code that one of them knows the other knows too.
"""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

    import re2

LONGEST: Final = 512
"""Characters that a pattern may have."""

LARGEST: Final = 5_000
"""Instructions of a compiled pattern: a text of 64 characters takes at most 64 times as many steps."""

_MEMORY: Final = 1 << 20


class NotLinearError(ValueError):
    """A pattern that cannot be used; the message says why."""


class Pattern:
    """A pattern that was read; `size` is how many steps one character costs at most."""

    def __init__(self, text: str) -> None:
        library = _library()
        options: re2.Options = library.Options()
        options.log_errors = False
        options.max_mem = _MEMORY
        if len(text) > LONGEST:
            raise NotLinearError(f"has {len(text)} characters, at most {LONGEST}")
        try:
            self._read = library.compile(text, options)
        except (library.error, UnicodeError) as error:
            raise NotLinearError(f"is no pattern that RE2 reads: {_reason(error)}") from error
        self.size = int(self._read.programsize)
        if self.size > LARGEST:
            raise NotLinearError("is too large: use smaller counts and classes")

    def fits(self, text: str) -> bool:
        """Return whether the whole of a text fits; one that cannot be written as UTF-8 never does."""
        try:
            return self._read.fullmatch(text) is not None
        except UnicodeError:
            return False


@cache
def _library() -> ModuleType:
    """Load the library with the first pattern: 3 MiB that a kiosk without one has better use for."""
    return import_module("re2")


@lru_cache(maxsize=64)
def compiled(text: str) -> Pattern:
    """Return a pattern, read once; raises `NotLinear`."""
    return Pattern(text)


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)
