"""The only place that knows how passwords are hashed: argon2id, one at a time in a thread of its own."""

from __future__ import annotations

import asyncio
import base64
import secrets
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from broker.contract.errors import Code, RefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

MEMORY_KIB = 19 * 1024
"""What one hash costs. Larger defaults would lift the controller over its memory budget at each sign-in."""

MOST_WAITING = 32
SALT_BYTES, HASH_BYTES = 16, 32


class Argon2:
    """Hashes and checks passwords; more than a few dozen at once are `try_again`."""

    def __init__(self, *, time_cost: int = 2, memory_kib: int = MEMORY_KIB) -> None:
        self._hash = PasswordHash((Argon2Hasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=1),))
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")
        self._waiting = 0
        # As costly to check as any, and made without the cost of a hash: it is no password's.
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={time_cost},p=1${_random(SALT_BYTES)}${_random(HASH_BYTES)}"

    async def hash(self, password: str) -> str:
        """Give the hash to store."""
        return await self._run(self._hash.hash, password)

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Tell whether a password fits; with None takes as long and tells False."""
        fits = await self._run(self._hash.verify, password, hashed or self._nobody)
        return fits and hashed is not None

    async def _run(self, work: Callable[..., T], *values: str) -> T:
        if self._waiting >= MOST_WAITING:
            raise RefusedError(Code.TRY_AGAIN, "Too many people sign in at once.")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)
        finally:
            self._waiting -= 1

    def close(self) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)


def _random(count: int) -> str:
    return base64.b64encode(secrets.token_bytes(count)).decode().rstrip("=")
