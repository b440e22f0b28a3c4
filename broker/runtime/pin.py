"""The PIN of the staff at a device: which are strong enough, and the only form in which it is kept or sent."""

from __future__ import annotations

import re

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

MEMORY_KIB = 19 * 1024
"""What one look costs: a PIN is short, so the hash must be slow to guess."""

_HASHES = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=MEMORY_KIB, parallelism=1),))


def fault_of(pin: str) -> str | None:
    """Say in one sentence why nobody should have this PIN; None when there is no reason."""
    if not re.fullmatch(r"[0-9]{6,12}", pin):
        return "a PIN has 6 to 12 digits"
    if len(set(pin)) < 3 or pin in "01234567890123456789" or pin in "98765432109876543210":
        return "this PIN would be guessed first: take other digits"
    return None


def hash_pin(pin: str) -> str:
    """Give the argon2 hash of a PIN; takes some ten milliseconds."""
    return _HASHES.hash(pin)


def fits(pin: str, hashed: str) -> bool:
    """Tell whether a PIN belongs to a hash; takes some ten milliseconds, and False for a hash that is none."""
    try:
        return _HASHES.verify(pin, hashed)
    except UnknownHashError:
        return False
