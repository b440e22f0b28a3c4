"""What counts as a slug, an id and a token on the wire."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,31}$"
TOKEN_PATTERN = r"^[A-Za-z0-9_-]{22,64}$"  # noqa: S105 - the shape of a token, not one
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")

CONTROLLER = "controller"
"""The controller's user name at the broker; no device may be called so."""


def _uuid(value: str) -> str:
    if not _UUID.fullmatch(value):
        raise ValueError("must be a UUID")
    return value


Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
Token = Annotated[str, StringConstraints(pattern=TOKEN_PATTERN)]
Id = Annotated[str, AfterValidator(_uuid)]


def is_slug(value: str) -> bool:
    """Tell whether a string may stand as one level of a topic."""
    return _SLUG.fullmatch(value) is not None
