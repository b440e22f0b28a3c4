"""A kill at every step of `device add`: before or after each message to the broker and each commit.

The state of a killed process is what the disk holds at that step. So one run copies the data directory, and the given
broker's folder, before and after every step; each copy is then started as after a kill.
"""

from __future__ import annotations

import asyncio
import shutil
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from structlog.testing import capture_logs

from broker.link.address import Address
from broker.link.link import LinkRefusedError
from broker.link.mqtt_link import MqttLink
from broker.runtime.clock import SystemClock
from broker.server.mosquitto import Mosquitto
from broker.server.provision import Provisioner
from controller.core import open_core
from controller.domain.centre.centre import parse_centre
from controller.services.devices.granting import Granting
from controller.services.devices.inventory import Inventory, kinds_of
from controller.services.devices.presence import Presence
from tests.controller.conftest import document

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from pathlib import Path

    from controller.core import Core

pytestmark = pytest.mark.system

PATIENCE_S = 10.0


@dataclass
class Running:
    """A controller's part that manages devices, beside a broker on which passwords can be tried."""

    core: Core
    link: MqttLink
    broker: Mosquitto
    granting: Granting
    inventory: Inventory

    async def lets_in(self, device: str, password: str) -> bool:
        link = MqttLink(self.link._address, "hall-a", device, password, SystemClock())
        task = asyncio.create_task(link.run())
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not (link.connected or task.done()):  # noqa: ASYNC110 - it tells it by its state
                    await asyncio.sleep(0.005)
            return not task.done()
        finally:
            task.cancel()
            assert all(isinstance(end, LinkRefusedError | asyncio.CancelledError) for end in await _ended(task))


async def _ended(task: asyncio.Task[None]) -> list[BaseException | None]:
    return list(await asyncio.gather(task, return_exceptions=True))


@asynccontextmanager
async def running(folder: Path, *, own: bool) -> AsyncIterator[Running]:
    """Run on a folder with `data` and `service`; the given broker keeps its own file, as a service does."""
    async with AsyncExitStack() as stack:
        first = parse_centre(document())
        (folder / "data").mkdir(exist_ok=True)
        core = await stack.enter_async_context(open_core(folder / "data", SystemClock(), first))
        users = core.broker_users if own else None
        place = folder / "data" / "broker" if own else folder / "service"
        broker = await stack.enter_async_context(Mosquitto(place, "hall-a", users=users))
        link = MqttLink(Address(broker.host, broker.port), "hall-a", "controller", broker.password, SystemClock())
        task = asyncio.create_task(link.run())
        stack.push_async_callback(_ended, task)
        stack.callback(task.cancel)
        async with asyncio.timeout(PATIENCE_S):
            while not link.connected:  # noqa: ASYNC110 - it tells it by its state
                await asyncio.sleep(0.005)
        granting = Granting(core.credentials, Provisioner(link, own=own), broker.renew if own else None)
        await granting.sync(kinds_of(core.configuration.centre()))
        inventory = Inventory(core.configuration, granting, Presence(SystemClock()))
        yield Running(core, link, broker, granting, inventory)


def copied_at_each_step(live: Running, folder: Path, copies: Path) -> list[Path]:
    """Have the folder copied before and after every commit and every message to the broker's security from now on."""
    made: list[Path] = []

    def around(name: str, work: Callable[[Any], Awaitable[None]], *, counts: Callable[[Any], bool]) -> Any:
        async def wrapped(told: Any) -> None:
            if not counts(told):
                await work(told)
                return
            _copy(f"before {name}")
            await work(told)
            _copy(f"after {name}")

        return wrapped

    def _copy(name: str) -> None:
        place = copies / f"{len(made):02} {name}"
        shutil.copytree(folder, place, ignore=shutil.ignore_patterns("*-shm", "*.fresh"))
        made.append(place)

    store, link = live.core.store, live.link
    commit = around("commit", store.commit, counts=lambda batch: bool(batch.credentials or batch.versions))
    store.commit = commit  # type: ignore[method-assign]  # watched, and carried out
    control = around("message", link.control, counts=lambda _: True)
    link.control = control  # type: ignore[method-assign]  # watched, and carried out
    return made


@pytest.mark.parametrize("own", [True, False], ids=["own broker", "given broker"])
@pytest.mark.parametrize("device", ["sign-1", "sign-9"], ids=["known", "new"])
async def test_a_kill_at_any_step_leaves_the_old_state_or_the_new_one(tmp_path: Path, device: str, own: bool) -> None:  # noqa: FBT001 - given by name
    folder = tmp_path / "live"
    folder.mkdir()
    async with running(folder, own=own) as live:
        old = await live.inventory.add("sign", "sign-1", {"counter": "c1"})
        steps = copied_at_each_step(live, folder, tmp_path)
        new = await live.inventory.add("sign", device, {"counter": "c1"})
    steps.append(folder)

    states = [await _after_kill(step, device, old, new, own=own) for step in steps]

    assert len(steps) >= 8
    assert states[0] == "old"
    assert states[-1] == "new"
    # The last commit decides; before it a given broker may have taken a password that was never shown.
    decided = [state for state in states if state != "neither"]
    assert decided == sorted(decided, reverse=True)
    assert own or device == "sign-9" or states.count("neither") <= 4
    assert "neither" not in states or not own


async def _after_kill(step: Path, device: str, old: str, new: str, *, own: bool) -> str:
    """Start on what a kill left; which password lets the device in, and that it can be given another in any case."""
    with capture_logs() as logs:
        state = await _state_after_kill(step, device, old, new, own=own)
    uncertain = [line["device"] for line in logs if line["event"] == "credential_uncertain"]
    assert state != "neither" or uncertain == [device], f"{step.name}: a password that nobody knows is not named"
    return state


async def _state_after_kill(step: Path, device: str, old: str, new: str, *, own: bool) -> str:
    async with running(step, own=own) as live:
        there = device in live.core.configuration.centre().devices
        lets_new = await live.lets_in(device, new)
        lets_old = device == "sign-1" and await live.lets_in(device, old)
        other = device == "sign-1" or await live.lets_in("sign-1", old)
        again = await live.inventory.add("sign", device, {"counter": "c1"})
        assert await live.lets_in(device, again), step.name
    assert other, f"{step.name}: another device lost its password"
    assert not (lets_new and lets_old), step.name
    if device == "sign-9":
        assert there == lets_new, f"{step.name}: configured without the password that was given"
        return "new" if there else "old"
    return "new" if lets_new and not lets_old else "old" if lets_old else "neither"
