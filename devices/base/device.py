"""What every device does, whatever it is: say that it is there, take its configuration, do each command once.

    device = Device(link, clock, Kind.SIGN, "1.0", data_dir)
    device.on_config(show)                        # awaited with the configuration, or None when it is taken away;
                                                  # a ValueError refuses it, and the one before stays, on disk too
    device.on_command("print", print_slip)        # answers with Answer(ok, error)
    await device.run()                            # runs the link too; returns when told to restart

A command is written to disk before it is begun and its answer before it is sent, so a repeat gets the first answer.
One that was begun before a crash and never answered goes to `resume` instead, which by default answers: unknown.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import structlog

from broker.contract.channels import COMMAND, CONFIG, DEVICE_STATE, REPLY, RESULT
from broker.contract.payloads import Command, DeviceConfig, DeviceState, Result
from broker.link.link import LinkDownError
from broker.link.requester import Requester
from broker.runtime.files import write_safely
from broker.runtime.tasks import Tasks
from devices.base.command_log import CommandLog
from devices.base.controller_clock import ControllerClock
from devices.base.highest_numbers import HighestNumbersFile

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Kind
    from broker.link.link import Link, Message
    from broker.runtime.clock import Clock

log = structlog.get_logger()

HEARTBEAT_S = 30.0
AT_ONCE = 64
"""Commands that may be in work at the same time."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How a command ended: `ok` True, False (final: not done and never will be) or None (unknown, interim)."""

    ok: bool | None
    error: str | None = None


CommandHandler = Callable[[Command], Awaitable[Answer]]
ConfigHandler = Callable[[DeviceConfig | None], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class _Op:
    do: CommandHandler
    resume: CommandHandler


async def _unknown(_: Command) -> Answer:
    return Answer(None, "unknown")


async def _done(_: Command) -> Answer:
    return Answer(ok=True)


class Device:
    """One device over one link.

    `requester` asks the controller, `controller` tells whether it is alive and what its clock shows, and `config` is
    the last configuration taken: at the start the one that stood on disk, so that a device shows its last known state.
    """

    def __init__(
        self, link: Link, clock: Clock, kind: Kind, version: str, data_dir: Path, *, heartbeat_s: float = HEARTBEAT_S
    ) -> None:
        self.link = link
        self.kind = kind
        self.controller = ControllerClock(link, clock)
        # A kind that asks nothing may not hear replies either: the broker would refuse the subscription.
        self._requester = Requester(link, self.controller) if kind in REPLY.hearers else None
        self.config: DeviceConfig | None = None
        self._version = version
        self._heartbeat_s = heartbeat_s
        self._data_dir = data_dir
        self._config_file = data_dir / "config.json"
        self._detail: dict[str, Any] = {}
        self._highest = HighestNumbersFile(data_dir / "highest.json")
        self._ops: dict[str, _Op] = {}
        self._config_handlers: list[ConfigHandler] = []
        self._handled = CommandLog(data_dir / "handled.jsonl")
        self._in_work: set[str] = set()
        self._tasks = Tasks(AT_ONCE)
        self._writing = asyncio.Lock()
        self._restart = asyncio.Event()
        self.on_command("restart", _done, resume=_done)
        self.on_command("identify", self._identify, resume=_done)
        link.on(CONFIG, self._configure, device=link.name)
        link.on(COMMAND, self._command, device=link.name)
        link.on_connect(self.tell)
        self.controller.on_session(self.tell)

    @property
    def requester(self) -> Requester:
        """What asks the controller; a ValueError for a kind that has nothing to ask."""
        if self._requester is None:
            raise ValueError(f"a {self.kind} asks the controller for nothing")
        return self._requester

    @property
    def version(self) -> str:
        """The version of the program."""
        return self._version

    @property
    def name(self) -> str:
        """The device's id."""
        return self.link.name

    def on_config(self, handler: ConfigHandler) -> None:
        """Hear each configuration, in order; None when it was taken away. A ValueError refuses one for good."""
        self._config_handlers.append(handler)

    def on_command(self, op: str, handler: CommandHandler, *, resume: CommandHandler = _unknown) -> None:
        """Do the commands of one op; `resume` gets those that a crash interrupted before they were answered."""
        self._ops[op] = _Op(handler, resume)

    async def detail(self, **values: object) -> None:
        """Change what the state tells about this device, and tell it when something changed; None takes a field out."""
        changed = {**self._detail, **values}
        kept = {name: value for name, value in changed.items() if value is not None}
        if kept != self._detail:
            self._detail = kept
            await self.tell()

    def saw_number(self, number: str, at: int) -> None:
        """Note a number that this device gave or showed; `at` in milliseconds. The next birth or heartbeat tells it."""
        if self.config is not None:
            self._highest.note(number, at, self.config.centre.timezone)

    async def settle(self, command: str, answer: Answer) -> None:
        """Send the final result of a command that was answered with an interim one."""
        await self._answer(command, answer)

    async def tell(self) -> None:
        """Publish the state of this device; nothing happens while the link is down, the next connect tells it."""
        state = DeviceState(
            online=True, session=self.link.session, kind=self.kind, version=self._version,
            at=self.controller.now(), detail=self._detail | self._numbers(),
        )  # fmt: skip
        try:
            await self.link.publish(DEVICE_STATE, state, device=self.name)
        except LinkDownError:
            log.info("state_not_told", device=self.name)

    def _numbers(self) -> dict[str, Any]:
        known = self._highest.known
        return {"highest": known.told()} if known.numbers else {}

    async def run(self) -> None:
        """Run the link and the heartbeat until cancelled, or until a command `restart` was answered."""
        await self._remembered_config()
        async with self._tasks:
            parts = [
                asyncio.create_task(self.link.run(), name=f"link {self.name}"),
                asyncio.create_task(self._heartbeat(), name=f"heartbeat {self.name}"),
                asyncio.create_task(self._highest.run(), name=f"highest {self.name}"),
                asyncio.create_task(self._restart.wait(), name=f"restart {self.name}"),
            ]
            try:
                done, _ = await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
                for part in done:
                    part.result()
            finally:
                for part in parts:
                    part.cancel()
                await asyncio.gather(*parts, return_exceptions=True)

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(self._heartbeat_s)
            if self.link.connected:
                await self.tell()

    # ---- configuration ----

    async def _remembered_config(self) -> None:
        try:
            config = DeviceConfig.model_validate(json.loads(self._config_file.read_text()))
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            log.warning("remembered_config_unreadable", device=self.name, reason=str(error))
            return
        if await self._use(config):
            await self._tell_config(config)

    async def _configure(self, message: Message[DeviceConfig]) -> None:
        """Take a configuration, or its end; what stands on disk is always one that this device can work by."""
        config, before = message.payload, self.config
        if not await self._use(config):
            return
        if config is None:
            await self._remember(partial(self._config_file.unlink, missing_ok=True))
        elif config != before:
            await self._remember(partial(write_safely, self._config_file, config.model_dump_json()))
        await self._tell_config(config)

    async def _remember(self, change: Callable[[], None]) -> None:
        """Change what stands on disk; a disk that takes nothing keeps no configuration from being used."""
        try:
            await asyncio.to_thread(change)
        except OSError:
            log.exception("config_not_written", device=self.name)

    async def _use(self, config: DeviceConfig | None) -> bool:
        """Work by a configuration; False when it is refused, and the one before stays in use."""
        revision = config.revision if config else None
        try:
            for handler in self._config_handlers:
                await handler(config)
        except ValueError as error:
            log.error("config_refused", device=self.name, revision=revision, reason=str(error))  # noqa: TRY400 - the sentence says it all
            await self.detail(config_refused=revision)
            return False
        self.config = config
        return True

    async def _tell_config(self, config: DeviceConfig | None) -> None:
        await self.detail(revision=config.revision if config else None, config_refused=None)

    # ---- commands ----

    async def _identify(self, _: Command) -> Answer:
        """Name itself in the log: what a device without a screen can do; one with a screen takes the op over."""
        log.warning("identify", device=self.name, kind=self.kind.value)
        return Answer(ok=True)

    async def _command(self, message: Message[Command]) -> None:
        command = message.payload
        if command is not None and command.id not in self._in_work:
            self._in_work.add(command.id)
            await self._tasks.start(self._handle(command), name=f"command {command.op}")

    async def _handle(self, command: Command) -> None:
        try:
            known = self._handled.get(command.id)
            if known is not None and known.result is not None:
                await self._send(known.result)
                return
            op = self._ops.get(command.op)
            if op is None:
                await self._answer(command.id, Answer(ok=False, error="unknown_op"))
                return
            await self._write(self._handled.begin, command.id)
            answer = await self._carry_out(op.resume if known else op.do, command)
            await self._answer(command.id, answer)
            if command.op == "restart" and answer.ok and known is None:
                self._restart.set()
        finally:
            self._in_work.discard(command.id)

    async def _carry_out(self, do: CommandHandler, command: Command) -> Answer:
        try:
            return await do(command)
        except Exception:
            log.exception("command_failed", device=self.name, op=command.op)
            return Answer(None, "failed")

    async def _answer(self, command: str, answer: Answer) -> None:
        told = {"error": answer.error} if answer.error is not None else {}
        result = Result(id=command, ok=answer.ok, **told)
        await self._write(self._handled.finish, result)
        await self._send(result)

    async def _send(self, result: Result) -> None:
        try:
            await self.link.publish(RESULT, result, device=self.name)
        except LinkDownError:
            log.info("result_kept", device=self.name)  # the controller repeats the command and then gets it

    async def _write(self, write: Callable[[Any, int], None], what: object) -> None:
        """Put on disk what becomes of a command; a disk that takes nothing keeps none from being done and answered.

        What may not be done twice even then, a slip, has a record of its own.
        """
        async with self._writing:
            try:
                await asyncio.to_thread(write, what, self.controller.now())
            except OSError:
                log.exception("command_not_written", device=self.name)
