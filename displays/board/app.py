"""The lobby board at work, with the voice beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from broker.contract.channels import BOARD, CALLS
from broker.contract.payloads import Board
from displays.base.display import DisplayApp, configured_place
from displays.base.last_known import LastKnown
from displays.board import flow
from displays.board.view import BoardView, board_view

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Call, DeviceConfig
    from broker.link.link import Message, Unsubscribe
    from broker.runtime.catalogue import Catalogue
    from devices.base.device import Device
    from displays.base.record import Record
    from displays.board.voice.speaker import Speaker


class BoardApp(DisplayApp):
    """Hears its zone and the calls, and speaks them one after another. `run()` runs beside `device.run()`."""

    def __init__(
        self,
        device: Device,
        words: Catalogue,
        data_dir: Path,
        speaker: Speaker | None = None,
        record: Record | None = None,
    ) -> None:
        super().__init__(device, words)
        self.flow = flow.BoardFlow("")
        self._speaker = speaker
        self._record = record
        self._memory = LastKnown(data_dir / "board.json", Board)
        self._leave: Unsubscribe | None = None
        self._something_to_say = asyncio.Event()
        device.on_config(self._turn)
        device.link.on(CALLS, self._call)

    def look(self) -> BoardView:
        """Give what the board shows now."""
        silent = self._speaker is not None and not self._speaker.audible
        return board_view(self.flow, self.setting, self.moment(), silent=silent)

    async def run(self) -> None:
        """Keep the last known state on disk and speak, until cancelled."""
        async with asyncio.TaskGroup() as parts:
            parts.create_task(self._memory.run(), name="last known state")
            if self._speaker is not None:
                parts.create_task(self._speak(self._speaker), name="voice")

    async def _turn(self, config: DeviceConfig | None) -> None:
        """Turn to the zone that the configuration names."""
        zone = configured_place(config, "zone") if config is not None else None
        if zone is None or zone == self.flow.zone:
            return
        self.flow = flow.BoardFlow(zone, acted=self.flow.acted, saying=self.flow.saying)
        known = self._memory.load()
        if known is not None and known.zone == zone:
            self.flow = flow.hear_board(self.flow, known, self.now())
        if self._leave is not None:
            self._leave()
        self._leave = self.device.link.on(BOARD, self._board, zone=zone)
        self.on_change()

    async def _board(self, message: Message[Board]) -> None:
        state = message.payload
        if state is None or state.zone != self.flow.zone:
            return
        self.flow = flow.hear_board(self.flow, state, message.received)
        self._memory.keep(state)
        self.on_change()

    async def _call(self, message: Message[Call]) -> None:
        call = message.payload
        if call is None:
            return
        before = self.flow
        self.flow = flow.hear_call(self.flow, call, self.age(call.at), message.received)
        if self.flow is before:
            return
        self._something_to_say.set()
        self.on_change()
        if self._record is not None:
            self._record.call("shown", call, self.device.controller.now())

    async def _speak(self, speaker: Speaker) -> None:
        await self.device.detail(voice=speaker.status)
        while True:
            self.flow, call = flow.say_next(self.flow)
            if call is None:
                await self._something_to_say.wait()
                self._something_to_say.clear()
                continue
            try:
                spoken = await speaker.say(call)
            finally:
                self.flow = flow.said(self.flow)
            if spoken is not None and self._record is not None:
                self._record.call("spoken", call, self.device.controller.now(), text=spoken.text, wav=spoken.wav)
            await self.device.detail(voice=speaker.status, voice_queue=len(self.flow.to_say))
