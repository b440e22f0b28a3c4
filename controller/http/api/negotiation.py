"""Content negotiation: the media type that an `Accept` header prefers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def _ranges(header: str) -> list[tuple[str, float]]:
    found = []
    for part in header.split(","):
        kind, *options = (piece.strip() for piece in part.split(";"))
        quality = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            found.append((kind.lower(), float(quality)))
        except ValueError:
            continue
    return found


def _quality(form: str, ranges: list[tuple[str, float]]) -> float:
    for pattern in (form, f"{form.split('/', maxsplit=1)[0]}/*", "*/*"):
        matching = [quality for kind, quality in ranges if kind == pattern]
        if matching:
            return matching[0]
    return 0.0


def best(header: str, forms: Sequence[str]) -> str | None:
    """Return the form that an `Accept` header likes best, the earlier of two equals, or None when it accepts none."""
    if not header.strip():
        return forms[0]
    ranges = _ranges(header)
    liked = max(forms, key=lambda form: _quality(form, ranges))
    return liked if _quality(liked, ranges) > 0 else None
