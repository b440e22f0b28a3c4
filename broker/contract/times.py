"""Instants: RFC 3339 with an offset on the wire, whole milliseconds since 1970 UTC inside; time zones by name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
BEGIN = -86_400_000
"""Where a clock that was never set begins: 1970 in its own zone, east of Greenwich before 1970 UTC."""
END = 253_370_764_800_000
"""The year 9999: what lies before can be told in every time zone."""


def parse_instant(text: str) -> int:
    """Give the milliseconds of an RFC 3339 instant with any number of decimals; no offset is a ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("an instant needs an offset")
    delta = moment - _EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000


def format_instant(milliseconds: int) -> str:
    """Write milliseconds since 1970 as RFC 3339 in UTC with three decimals."""
    return (_EPOCH + timedelta(milliseconds=milliseconds)).isoformat(timespec="milliseconds")


def _read(value: Any) -> int:  # noqa: ANN401 - pydantic hands in whatever the JSON held
    if isinstance(value, int) and not isinstance(value, bool):
        return in_range(value)
    if isinstance(value, str):
        return in_range(parse_instant(value))
    raise ValueError("must be an RFC 3339 instant")


def in_range(milliseconds: int) -> int:
    """Return an instant that every time zone can show; any other is a ValueError."""
    if not BEGIN <= milliseconds < END:
        raise ValueError("must lie between the years 1970 and 9998")
    return milliseconds


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"there is no time zone {value[:64]!r}") from error
    return value


Zone = Annotated[str, AfterValidator(_zone)]
"""A pydantic field: the name of a time zone that this machine knows."""
Instant = Annotated[int, BeforeValidator(_read), PlainSerializer(format_instant, when_used="json")]
"""A pydantic field: int milliseconds in Python, RFC 3339 in JSON."""
