"""What differs between two configurations, as documents (`Centre.to_document`), for people who may lose a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Removed:
    """Ids of the devices that a configuration no longer has, and of the kiosks whose PIN it no longer has."""

    devices: tuple[str, ...]
    pins: tuple[str, ...]


def removed(before: Mapping[str, Any], after: Mapping[str, Any]) -> Removed:
    """Return which devices and PINs of a configuration another one lacks; a removed kiosk's PIN counts too."""
    rows = {row["id"]: row for row in after.get("device", ())}
    earlier = before.get("device", ())
    return Removed(
        tuple(row["id"] for row in earlier if row["id"] not in rows),
        tuple(row["id"] for row in earlier if row.get("pin") and not rows.get(row["id"], {}).get("pin")),
    )


def differences(one: Any, other: Any, place: str = "") -> Iterator[str]:  # noqa: ANN401 - any JSON
    """Yield the places in which two documents differ, as `device[kiosk-1].pin`; rows without ids go by index."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in dict.fromkeys([*one, *other]):
            yield from differences(one.get(key), other.get(key), f"{place}.{key}" if place else key)
    elif isinstance(one, list) and isinstance(other, list) and one != other:
        yield from _of_rows(one, other, place)
    elif one != other:
        yield place


def _of_rows(one: list[Any], other: list[Any], place: str) -> Iterator[str]:
    rows, others = _by_name(one), _by_name(other)
    if rows == others:
        yield f"{place} (their order)"
    for name in dict.fromkeys([*rows, *others]):
        yield from differences(rows.get(name), others.get(name), f"{place}[{name}]")


def _by_name(rows: list[Any]) -> dict[Any, Any]:
    """Return rows by their id where every row has one of its own, else by index."""
    ids = [row.get("id") if isinstance(row, dict) else None for row in rows]
    named = None not in ids and len(set(ids)) == len(ids)
    return dict(zip(ids if named else range(len(rows)), rows, strict=True))
