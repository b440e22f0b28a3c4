"""A configuration that may have faults, read as far as it goes: a fault in one field hides none in the others."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar, cast

from pydantic import ValidationError

from controller.domain.centre.model import NORMAL, ConfigModel

P = TypeVar("P", bound=ConfigModel)

IN_PLACE: dict[str, Any] = {
    "group": "unread", "series": "ĐĐĐĐ", "services": (), "name": {"vi": "?"}, "label": {"vi": "?"},
    "days": ("mon",), "open": ("07:00-17:00",), "date": "1970-01-01", "user": "unread", "code": "unread",
}  # fmt: skip
"""What stands for a required field that cannot be read, so that the rest of its entry can be checked."""


class PartialConfiguration:
    """The entries as far as they can be read, with their places, and all ids that are named anywhere.

    `unread` are the places of the fields for which something else stands: what is found there says nothing.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.unread: set[str] = set()
        self._found: dict[tuple[str, type[ConfigModel]], list[tuple[str, ConfigModel]]] = {}
        self.services = self.ids("service")
        self.counters = self.ids("counter")
        self.priorities = {NORMAL, *self.ids("priority")}
        self.groups = self.ids("group")

    def raw(self, table: str) -> list[Any]:
        """Give the entries of a table as they came; what is no list has no entries."""
        entries = self.data.get(table, [])
        return list(entries) if isinstance(entries, list | tuple) else []

    def ids(self, table: str) -> set[str]:
        """Give the ids of a table, also of entries that cannot be read."""
        found = (entry.get("id") for entry in self.raw(table) if isinstance(entry, Mapping))
        return {name for name in found if isinstance(name, str)}

    def read(self, table: str, model: type[P]) -> list[tuple[str, P]]:
        """Give the entries of a table as far as they can be read, with their places; they are read once."""
        if (table, model) not in self._found:
            placed = [(f"{table}[{index}]", entry) for index, entry in enumerate(self.raw(table))]
            parts = [(place, self._read(model, entry, place)) for place, entry in placed]
            self._found[table, model] = [(place, part) for place, part in parts if part is not None]
        return cast("list[tuple[str, P]]", self._found[table, model])

    def read_one(self, table: str, model: type[P]) -> P | None:
        """Give a table that is a single entry, as far as it can be read."""
        return self._read(model, self.data[table], table) if table in self.data else None

    def _read(self, model: type[P], entry: object, place: str) -> P | None:
        """Read an entry; the faults of its fields are told by the reading of the whole."""
        try:
            return model.model_validate(entry)
        except ValidationError as error:
            faulty = {str(found["loc"][0]) for found in error.errors() if found["loc"]}
        # Whatever refers to an entry depends on its kind: nothing can stand for that.
        if not isinstance(entry, Mapping) or not faulty or "kind" in faulty:
            return None
        fillers = {**IN_PLACE, "id": f"unread-{place.strip(']').replace('[', '-')}"}
        needed = {name for name, field in model.model_fields.items() if field.is_required()}
        good = {name: value for name, value in entry.items() if name not in faulty}
        try:
            part = model.model_validate(good | {name: fillers.get(name) for name in faulty & needed})
        except ValidationError:
            return None
        self.unread |= {f"{place}.{name}" for name in faulty}
        return part

    def says_something(self, place: str) -> bool:
        """Tell whether a fault at a place is one of what was read there."""
        return not any(place == unread or place.startswith((f"{unread}.", f"{unread}[")) for unread in self.unread)
