"""A grant is done whole or not at all, whatever breaks in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Kind
from broker.link.link import LinkDownError
from broker.server.dynamic_security import hashed
from controller.domain.centre.centre import CentreFaults
from controller.services.configuration import Configuration
from controller.services.devices.credentials import Credentials
from controller.services.devices.granting import CredentialDifferences, Granting
from controller.services.devices.inventory import Inventory, kinds_of
from controller.services.devices.presence import Presence
from controller.services.journal.ports import Credential
from controller.store.credentials import SqliteCredentials

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.controller.conftest import Rig


@dataclass
class Broker:
    """A broker with a list of users; `breaks` at a step, before or after it has done it."""

    users: dict[str, str] = field(default_factory=dict)
    breaks: str = ""
    managed: bool = True
    renewed: int = 0

    def _step(self, name: str) -> None:
        if self.breaks == name:
            raise LinkDownError("away")

    async def check(self) -> bool:
        self._step("check")
        return self.managed

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        assert kind
        self._step("grant")
        self.users[device] = password
        self._step("granted")
        return True

    async def revoke(self, device: str) -> bool:
        self._step("revoke")
        self.users.pop(device, None)
        return True

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str] | None:
        self._step("sync")
        self.users = {name: word for name, word in self.users.items() if name in devices}
        return frozenset(devices) - frozenset(self.users) if self.managed else None

    def renew(self) -> None:
        self.renewed += 1


@dataclass
class Desk:
    broker: Broker
    credentials: Credentials
    configuration: Configuration
    granting: Granting
    inventory: Inventory

    def state(self) -> Any:
        """Return what may not change by a call that fails."""
        users = {user.device: user.hash for user in self.credentials.users(kinds_of(self.configuration.centre()))}
        return self.configuration.current(), users


async def desk_of(rig: Rig, *, own: bool) -> Desk:
    broker = Broker()
    configuration = Configuration(rig.engine, rig.clock)
    await configuration.start(await rig.store.version(await rig.engine.ask(lambda hall, _: hall.version)))
    credentials = Credentials(rig.engine, SqliteCredentials(rig.store._database), rig.clock)
    await credentials.start()
    configuration.listen(credentials.published)
    granting = Granting(credentials, broker, broker.renew if own else None)
    return Desk(broker, credentials, configuration, granting, Inventory(configuration, granting, Presence(rig.clock)))


@pytest.fixture(params=["own", "given"])
async def desk(request: pytest.FixtureRequest, rig: Rig) -> Desk:
    return await desk_of(rig, own=request.param == "own")


async def test_a_grant_commits_the_configuration_and_the_hash_and_a_restart_has_both(rig: Rig, desk: Desk) -> None:
    password = await desk.inventory.add("sign", "sign-9", {"counter": "c1"})
    again = await desk_of(rig, own=True)

    assert desk.broker.users["sign-9"] == password
    assert again.state() == desk.state()
    assert again.credentials.devices == {"sign-9"}
    assert password not in str(again.state())
    assert again.credentials.interrupted == frozenset()


@pytest.mark.parametrize("step", ["check", "grant", "granted"])
@pytest.mark.parametrize(("kind", "device"), [("sign", "sign-9"), ("sign", "sign-1")])
async def test_a_broker_that_breaks_off_a_grant_leaves_everything_as_it_was(
    rig: Rig, desk: Desk, step: str, kind: str, device: str
) -> None:
    await desk.inventory.add("sign", "sign-1", {"counter": "c1"})
    before, desk.broker.breaks = desk.state(), step

    with pytest.raises(RefusedError) as refused:
        await desk.inventory.add(kind, device, {"counter": "c1"})
    desk.broker.breaks = ""
    after, stored = desk.state(), (await desk_of(rig, own=True)).state()
    password = await desk.inventory.add(kind, device, {"counter": "c1"})

    assert refused.value.code is Code.TRY_AGAIN
    assert (after, stored) == (before, before)
    assert desk.broker.users[device] == password


async def test_what_an_own_broker_may_have_taken_is_undone_from_the_store(rig: Rig) -> None:
    desk = await desk_of(rig, own=True)
    await desk.inventory.add("sign", "sign-1", {})
    desk.broker.breaks = "granted"

    with pytest.raises(RefusedError, match="nothing was changed"):
        await desk.inventory.add("sign", "sign-1", {})

    assert desk.broker.renewed == 1


async def test_a_given_broker_that_may_have_taken_a_password_is_not_called_unchanged(rig: Rig) -> None:
    desk = await desk_of(rig, own=False)
    await desk.inventory.add("sign", "sign-1", {})
    desk.broker.breaks = "granted"

    with pytest.raises(RefusedError, match="may hold or not"):
        await desk.inventory.add("sign", "sign-1", {})


@pytest.mark.parametrize("commit", [1, 2])
async def test_a_full_disk_leaves_everything_as_it_was(rig: Rig, desk: Desk, commit: int) -> None:
    await desk.inventory.add("sign", "sign-1", {})
    before, users = desk.state(), dict(desk.broker.users)
    write, calls = rig.store.commit, 0

    async def full(batch: Any) -> None:
        nonlocal calls
        if batch.credentials or batch.versions:
            calls += 1
            rig.store.fail_before = int(calls == commit)
        await write(batch)

    rig.store.commit = full  # type: ignore[method-assign]  # the disk is full at one of the two commits
    with pytest.raises(RefusedError) as refused:
        await desk.inventory.add("sign", "sign-9", {"counter": "c1"})

    assert refused.value.code is Code.TRY_AGAIN
    assert desk.state() == before
    assert desk.broker.users == users
    assert (await desk_of(rig, own=True)).state() == before


async def test_a_configuration_that_would_be_refused_reaches_neither_store_nor_broker(desk: Desk) -> None:
    before = desk.state()

    for kind, device, keys in (("sign", "sign-9", {"counter": "c99"}), ("sign", "kiosk-1", {})):
        with pytest.raises((RefusedError, CentreFaults)):
            await desk.inventory.add(kind, device, keys)

    assert desk.state() == before
    assert desk.broker.users == {}


async def test_a_broker_whose_users_are_managed_elsewhere_changes_nothing(desk: Desk) -> None:
    before, desk.broker.managed = desk.state(), False

    with pytest.raises(RefusedError, match="managed elsewhere"):
        await desk.inventory.add("sign", "sign-9", {"counter": "c1"})
    await desk.inventory.remove("keypad-1")

    assert desk.state()[1] == before[1]
    assert "keypad-1" not in desk.configuration.centre().devices


async def test_removing_with_the_broker_away_changes_nothing(desk: Desk) -> None:
    await desk.inventory.add("sign", "sign-1", {})
    before, desk.broker.breaks = desk.state(), "check"

    with pytest.raises(RefusedError, match="nothing was changed"):
        await desk.inventory.remove("sign-1")

    assert desk.state() == before
    assert "sign-1" in desk.broker.users


async def test_a_broker_lost_while_a_device_is_removed_loses_it_at_the_next_connect(rig: Rig, desk: Desk) -> None:
    await desk.inventory.add("sign", "sign-1", {})
    desk.broker.breaks = "revoke"
    await desk.inventory.remove("sign-1")
    desk.broker.breaks = ""
    await desk.granting.sync(kinds_of(desk.configuration.centre()))

    assert "sign-1" not in desk.broker.users
    assert (await desk_of(rig, own=True)).credentials.devices == frozenset()


async def test_a_device_that_leaves_by_another_configuration_takes_its_hash_along(rig: Rig, desk: Desk) -> None:
    await desk.inventory.add("sign", "sign-9", {"counter": "c1"})
    current = desk.configuration.current()
    rows = [row for row in current.data["device"] if row["id"] != "sign-9"]
    without = await desk.configuration.publish(current.data | {"device": rows}, expected=current.version)
    await desk.configuration.publish(current.data, expected=without.version)

    assert desk.credentials.devices == frozenset()
    assert (await desk_of(rig, own=True)).state()[1] == {}


async def test_devices_that_a_given_broker_lacks_are_named_and_not_given_a_password_that_nobody_knows(rig: Rig) -> None:
    desk = await desk_of(rig, own=False)
    await desk.inventory.add("sign", "sign-1", {})
    desk.broker.users = {"kiosk-1": "from before the store had any"}
    kinds = kinds_of(desk.configuration.centre())

    found = await desk.granting.sync(kinds)

    assert found == CredentialDifferences(frozenset({"sign-1"}), frozenset({"kiosk-1"}))
    assert set(desk.broker.users) == {"kiosk-1"}


async def test_an_own_broker_that_lacks_a_device_is_begun_again_from_the_store(rig: Rig) -> None:
    desk = await desk_of(rig, own=True)
    await desk.inventory.add("sign", "sign-1", {})
    desk.broker.users.clear()

    assert await desk.granting.sync(kinds_of(desk.configuration.centre())) == CredentialDifferences()
    assert desk.broker.renewed == 1


async def test_what_was_being_granted_when_a_process_ended_counts_for_nothing(rig: Rig) -> None:
    desk = await desk_of(rig, own=False)
    await desk.inventory.add("sign", "sign-1", {})
    before = desk.state()
    await desk.credentials.stage("sign-1", Kind.SIGN, "never shown")

    again = await desk_of(rig, own=False)
    interrupted = again.credentials.interrupted
    await again.granting.sync(kinds_of(again.configuration.centre()))

    assert interrupted == {"sign-1"}
    assert again.state() == before
    assert (await desk_of(rig, own=False)).credentials.interrupted == frozenset()


async def test_the_file_of_an_earlier_version_is_adopted_once_and_again_after_a_restore(rig: Rig) -> None:
    desk = await desk_of(rig, own=True)
    kinds = kinds_of(desk.configuration.centre())
    await desk.inventory.add("sign", "sign-1", {})
    granted = desk.state()
    one, newer = hashed("in the file"), hashed("newer than the backup")

    await desk.credentials.adopt({"sign-1": one, "kiosk-1": one, "stranger": one}, kinds, "1", restored=False)
    upgraded = {user.device: user.hash for user in desk.credentials.users(kinds)}
    await desk.credentials.adopt({"sign-1": newer}, kinds, "2", restored=True)

    assert upgraded == granted[1] | {"kiosk-1": one}
    assert desk.state()[1] == {"sign-1": newer, "kiosk-1": one}
    assert (await desk_of(rig, own=True)).state() == desk.state()
    assert await rig.store.mark("credentials_adopted") == "2"


async def test_a_row_that_the_broker_could_not_read_keeps_only_its_own_device_out(rig: Rig) -> None:
    desk = await desk_of(rig, own=True)
    await desk.inventory.add("sign", "sign-1", {})
    whole = Credential("kiosk-1", **hashed("x"), at=0)
    poison = [
        replace(whole, device="kiosk-1", password="not base64 ~"), replace(whole, device="kiosk-2", salt=""),
        replace(whole, device="keypad-1", iterations=0), replace(whole, device="rater-1", password="c2hvcnQ="),
        replace(whole, device="board-1", iterations=10**12),
    ]  # fmt: skip
    await rig.engine.do(None, also=lambda batch: batch.credentials.extend(poison))

    assert (await desk_of(rig, own=True)).credentials.devices == {"sign-1"}
