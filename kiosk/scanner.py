"""A code reader is a keyboard that types fast and ends with Enter: keys in, codes out; pure."""

from __future__ import annotations

from dataclasses import dataclass

GAP_S = 0.5
"""A longer pause between two keys begins a new code: a reader takes milliseconds, a child takes longer."""
LONGEST = 200
ENTER = ("\r", "\n")


@dataclass
class ScanReader:
    """Collects the keys of one code. What is too slow, too long or holds control characters is dropped."""

    typed: str = ""
    last: float = float("-inf")

    def key(self, character: str, now: float) -> str | None:
        """Take a key at a time in seconds; gives the code when it is complete."""
        if now - self.last > GAP_S:
            self.typed = ""
        self.last = now
        if character in ENTER:
            code, self.typed = self.typed, ""
            return code or None
        if len(character) != 1 or not character.isprintable() or len(self.typed) >= LONGEST:
            self.typed = ""
            return None
        self.typed += character
        return None
