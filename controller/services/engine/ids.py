"""Fresh ids and tokens from the machine's randomness."""

from __future__ import annotations

import secrets
import time


class RandomIds:
    """Ids are UUIDs of version 7: they begin with the time, so that rows of the store arrive in key order.

    Within a millisecond, and when the machine's clock goes back, a counter keeps later ids behind earlier ones.
    """

    def __init__(self) -> None:
        self._last = 0

    def new_id(self) -> str:
        """Give a UUID that no one else has; later ones sort behind earlier ones."""
        self._last = max(self._last + 1, (time.time_ns() // 1_000_000) << 12)
        milliseconds, count = self._last >> 12, self._last & 0xFFF
        value = milliseconds << 80 | 7 << 76 | count << 64 | 2 << 62 | secrets.randbits(62)
        text = f"{value:032x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new_token(self) -> str:
        """Give 22 characters, 128 random bits, that nobody can guess."""
        return secrets.token_urlsafe(16)
