"""Headers of responses: those that every response carries, and the one against caches."""

from __future__ import annotations

from typing import Final

NO_STORE: Final = {"Cache-Control": "no-store"}

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
)
"""What every response carries; `controller.http.security.middleware.middleware` adds it."""
