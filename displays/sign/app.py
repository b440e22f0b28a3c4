"""A counter's sign at work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from broker.contract.channels import CALLS, COUNTER_STATE
from broker.contract.payloads import CounterState
from displays.base.display import DisplayApp, configured_field, configured_place
from displays.base.last_known import LastKnown
from displays.sign import flow
from displays.sign.view import SignView, sign_view

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Call, DeviceConfig, Text
    from broker.link.link import Message, Unsubscribe
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from displays.base.record import Record


class SignApp(DisplayApp):
    """Hears its counter and its calls. `run()` keeps the last known state on disk; it runs beside `device.run()`."""

    def __init__(self, device: Device, words: Catalogue, data_dir: Path, record: Record | None = None) -> None:
        super().__init__(device, words)
        self.flow = flow.SignFlow("")
        self._label: Text | None = None
        self._record = record
        self._memory = LastKnown(data_dir / "counter.json", CounterState)
        self._leave: Unsubscribe | None = None
        device.on_config(self._turn)
        device.link.on(CALLS, self._call)

    def look(self) -> SignView:
        """Give what the sign shows now."""
        return sign_view(self.flow, self.setting, self.moment(), self._label)

    async def run(self) -> None:
        """Keep the last known state on disk until cancelled."""
        await self._memory.run()

    async def _turn(self, config: DeviceConfig | None) -> None:
        """Turn to the counter that the configuration names."""
        if config is None:
            return
        counter = configured_place(config, "counter")
        self._label = configured_field(config, "label")
        if counter == self.flow.counter:
            self.on_change()
            return
        self.flow = flow.SignFlow(counter)
        known = self._memory.load()
        if known is not None and known.counter == counter:
            self.flow = flow.hear_state(self.flow, known, self.age(known.since, retained=True), self.now())
        if self._leave is not None:
            self._leave()
        self._leave = self.device.link.on(COUNTER_STATE, self._state, counter=counter)
        self.on_change()

    async def _state(self, message: Message[CounterState]) -> None:
        state = message.payload
        if state is None or state.counter != self.flow.counter:
            return
        if state.number is not None:
            self.device.saw_number(state.number, state.since)
        age = self.age(state.since, retained=message.retained)
        self.flow = flow.hear_state(self.flow, state, age, message.received)
        self._memory.keep(state)
        self.on_change()

    async def _call(self, message: Message[Call]) -> None:
        call = message.payload
        if call is None:
            return
        before = self.flow.acted
        self.flow = flow.hear_call(self.flow, call, self.age(call.at), message.received)
        if self.flow.acted is before:
            return
        self.on_change()
        if self._record is not None:
            what = "shown" if flow.shows(self.flow, call) else "missed"
            self._record.call(what, call, self.device.controller.now())
