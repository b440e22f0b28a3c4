"""A record of what was shown or said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from devices.base import event_record

if TYPE_CHECKING:
    from broker.contract.payloads import Call


class Record(event_record.Record):
    """A record that knows calls."""

    def call(self, what: str, call: Call, at: int, **more: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Write down what was done with a call at an instant: `shown`, `spoken` or `missed`."""
        self.line(what, at, id=call.id, recall=call.recall, number=call.number, counter=call.counter, **more)
