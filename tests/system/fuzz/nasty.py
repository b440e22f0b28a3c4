"""Values that break programs, and valid messages with one or more fields replaced by them."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy


def _deep(levels: int) -> Any:
    value: Any = "at the bottom"
    for _ in range(levels):
        value = [value]
    return value


VALUES: tuple[Any, ...] = (
    "", " ", "Máy in 1", "A001", "printer-1", "sign-1", "kiosk-9", "normal", "undefined", "null", "../../etc/passwd",
    "x" * 65, "x" * 5000, "\ud800", "A\udfff001", "\x00", "a\x00b", "\x1b[2J", "a\nb\r\tc", "\u202eabc", "🎫" * 40,
    "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-11-23T08:00:00", "0001-01-01T00:00:00+00:00",
    "00000000-0000-0000-0000-000000000000", "A" * 22, "A" * 64, "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA",
    -1, 0, 1, 3, 255, 2**31, 2**53, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**400, 0.5, 1e308, float("nan"),
    float("inf"), True, False, None, [], {}, [None], [""], ["slow"] * 1000, {"": ""}, {"vi": "\ud800"},
    {"a": {"b": []}}, _deep(200),
)  # fmt: skip

values: SearchStrategy[Any] = st.sampled_from(VALUES) | st.text(max_size=40) | st.integers() | st.booleans()


@st.composite
def mutated(draw: DrawFn, valid: Any) -> Any:
    """Draw a valid JSON value with one to three of its parts replaced, removed or added."""
    whole = {"root": copy.deepcopy(valid)}
    for _ in range(draw(st.integers(1, 3))):
        holder, key = draw(st.sampled_from(_places(whole)))
        what = draw(st.integers(0, 9))
        if what == 0 and isinstance(holder, dict) and holder is not whole:
            holder.pop(key, None)
        elif what == 1 and isinstance(holder, dict) and holder is not whole:
            holder[draw(st.sampled_from(["extra", "", "op", "id", "printer", "\ud800", "offline"]))] = copy.deepcopy(
                draw(values)
            )
        else:
            holder[key] = copy.deepcopy(draw(values))
    return whole["root"]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Name every part of a JSON value, as its holder and its key in it."""
    found: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting and len(found) < 300:
        holder = waiting.pop(0)
        parts = list(holder.items()) if isinstance(holder, dict) else list(enumerate(holder))
        for key, part in parts:
            found.append((holder, key))
            if isinstance(part, dict | list):
                waiting.append(part)
    return found


def written(value: Any) -> bytes:
    """Write a value as JSON that any peer could send: lone surrogates as escapes, not a number as NaN."""
    return json.dumps(value).encode()
