"""JSON as it stands in the store."""

from __future__ import annotations

import json
from typing import Any

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)


def compact(value: Any) -> str:  # noqa: ANN401 - any JSON
    """Write JSON without spaces, letters as they are."""
    return _ENCODER.encode(value)
