"""Random lives of devices, killed at random steps: what is left is the state before the call or the one after it.

Quick, a few seeds are played; `LUOT_LONG=1` plays 200.
"""

from __future__ import annotations

import base64
import os
import shutil
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from broker.contract.errors import RefusedError
from broker.server.dynamic_security import hashed
from controller.services.devices.inventory import kinds_of
from tests.controller.services.devices.test_granting import Broker, Desk, desk_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

    from tests.controller.conftest import Rig

SEEDS = range(200 if os.environ.get("LUOT_LONG") else 8)
SIGNS = ("sign-1", "sign-7", "sign-8", "sign-9")


class Mortal(Broker):
    """A broker at whose n-th step the process is killed, by keeping what the disk and the broker hold then."""

    copy: Callable[[], None] = staticmethod(lambda: None)
    steps_left = -1

    @override
    def _step(self, name: str) -> None:
        super()._step(name)
        self.steps_left -= 1
        if self.steps_left == 0:
            self.copy()


def fits(desk: Desk, device: str, password: str | None) -> bool:
    """Return whether a device that the store lets in is let in with this password; None: not let in at all."""
    users = {user.device: user.hash for user in desk.credentials.users(kinds_of(desk.configuration.centre()))}
    if device not in users or password is None:
        return (device in users) == (password is not None)
    return hashed(password, base64.b64decode(users[device]["salt"])) == users[device]


async def live(rig: Rig, desk: Desk, random: Random, known: dict[str, str | None]) -> tuple[str, Any]:
    """Do one random call; the device, and its password after it."""
    device = random.choice(SIGNS)
    if random.random() < 0.3:
        with suppress(RefusedError):
            await desk.inventory.remove(device)
            return device, None
        return device, known.get(device)
    if random.random() < 0.2:
        rig.store.fail_before = 1
        with suppress(RefusedError):
            await desk.inventory.add("sign", device, {"counter": "c1"})
        rig.store.fail_before = 0
        return device, known.get(device)
    return device, await desk.inventory.add("sign", device, {"counter": "c1"})


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_killed_process_leaves_every_device_its_password_of_before_or_after(
    open_rig: Callable[[], AbstractAsyncContextManager[Rig]], tmp_path: Path, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - a plan of a test
    known: dict[str, str | None] = {}
    left = tmp_path / "left"
    async with open_rig() as rig:
        desk = await desk_of(rig, own=True)
        mortal = Mortal()
        desk.granting._broker = mortal
        mortal.copy = lambda: _keep(tmp_path, left)
        before: dict[str, str | None] = {}
        while not left.exists():
            before = dict(known)
            mortal.steps_left = random.randint(1, 40)
            for _ in range(random.randint(1, 6)):
                before = dict(known)
                device, known[device] = await live(rig, desk, random, known)
                if left.exists():
                    break
    for part in left.iterdir():
        shutil.copy(part, tmp_path / part.name)
    async with open_rig() as rig:
        again = await desk_of(rig, own=True)
        for device in SIGNS:
            assert fits(again, device, before.get(device)) or fits(again, device, known.get(device)), device
            assert again.credentials.devices <= set(again.configuration.centre().devices)
            assert await again.inventory.add("sign", device, {"counter": "c1"})


def _keep(folder: Path, left: Path) -> None:
    left.mkdir()
    for part in folder.glob("luot.db*"):
        shutil.copy(part, left / part.name)
