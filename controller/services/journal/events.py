"""An event of the journal as others receive it: over HTTP page by page, or upstream in order (contract 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from broker.contract.payloads import Event
from broker.contract.times import BEGIN, END, format_instant

if TYPE_CHECKING:
    from controller.services.journal.ports import StoredEvent

FURTHER_INSTANTS: Final = frozenset({"at", "park_until"})


def event_of(written: StoredEvent, centre: str) -> Event:
    """Give the event of an event; instants within its data become RFC 3339 like all others on the wire."""
    return Event(
        centre=centre,
        epoch=written.epoch,
        seq=written.seq,
        config=written.config,
        type=written.event.type.value,
        at=written.event.at,
        data={name: _told(name, value) for name, value in written.event.data.items() if name != "token"},
    )


def _told(name: str, value: Any) -> Any:  # noqa: ANN401 - any JSON
    instant = name.endswith("_at") or name in FURTHER_INSTANTS
    return format_instant(value) if instant and isinstance(value, int) and BEGIN <= value < END else value
