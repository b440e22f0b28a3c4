"""The language of a caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.texts import FALLBACK
from broker.runtime.catalogue import catalogue

if TYPE_CHECKING:
    from starlette.requests import Request

LANGUAGE_COOKIE = "luot_lang"


def preferred_language(header: str, known: tuple[str, ...]) -> str:
    """Return the best known language of an `Accept-Language` header, else Vietnamese; unreadable parts are ignored."""
    best, weight = FALLBACK, 0.0
    for part in header.split(","):
        tag, _, rest = part.strip().partition(";")
        lang = tag.strip().split("-")[0].lower()
        try:
            quality = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        if lang in known and quality > weight:
            best, weight = lang, quality
    return best


def language_of(request: Request) -> str:
    """Return the caller's language: `?lang=`, else what was chosen on a page, else what the browser prefers."""
    known = catalogue("controller").languages
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in known:
            return str(asked)
    return preferred_language(request.headers.get("accept-language", ""), known)
