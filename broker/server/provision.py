"""Giving and taking credentials at the broker: valid, or gone, when the call returns.

The same commands serve the controller's own Mosquitto and a given one; a given broker without the dynamic security
plugin is *unmanaged*: its users are somebody else's work, and that is a warning, not a failure.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import TYPE_CHECKING, Any, Protocol

import structlog

from broker.contract.access_list import device_access
from broker.contract.ids import CONTROLLER
from broker.link.link import LinkDownError
from broker.server import dynamic_security

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from broker.contract.payloads import Kind
    from broker.link.link import Unsubscribe
    from broker.server.dynamic_security import Json

log = structlog.get_logger()

ANSWER_S = 3.0
QUESTION: Json = {"command": "getDefaultACLAccess"}
"""Changes nothing; its answer shows that the controller may change credentials."""

BATCH = 16
"""Commands in one message, so that it stays below the broker's limit."""
PAGE = 16
"""Roles in one answer: one beyond the broker's limit would end the controller's connection."""


class ControlLink(Protocol):
    """The narrow way to the broker's own security that the controller's link has."""

    @property
    def centre(self) -> str:
        """The centre whose topics this link speaks."""
        ...

    async def control(self, raw: bytes) -> None:
        """Send a command document; LinkDownError when it cannot be confirmed."""
        ...

    def on_control(self, handler: Callable[[bytes], None]) -> Unsubscribe:
        """Hear the answers."""
        ...


class Credentials(Protocol):
    """What the controller asks of whoever keeps the devices' credentials.

    Each but `sync` gives False when the broker is unmanaged; all raise LinkDownError when it cannot be reached or
    does not answer, and ControlRefusedError when it refuses.
    """

    async def check(self) -> bool:
        """Ask whether credentials could be changed now."""
        ...

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        """Make a device with its rights, or give a known one this password and the rights of this kind."""
        ...

    async def revoke(self, device: str) -> bool:
        """Take a device's credentials away and end its connection; one that is not there is no fault."""
        ...

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str] | None:
        """Remove strangers, give the others the rights of their kind; return which devices are missing there.

        A missing one is not made: the plugin takes passwords only, and what is stored is a hash. None: unmanaged.
        """
        ...


class ControlRefusedError(Exception):
    """The broker's security refused a command."""


class NoAnswerError(LinkDownError):
    """The broker's security did not answer in time; whether it did what it was asked is not known."""


class Provisioner:
    """`Credentials` at a Mosquitto with dynamic security; one that is the controller's `own` is never unmanaged."""

    def __init__(self, link: ControlLink, *, own: bool = False, answer_s: float = ANSWER_S) -> None:
        self._link = link
        self._answer_s = answer_s
        self._lock = asyncio.Lock()
        self._waiting: dict[str, asyncio.Future[list[Json]]] = {}
        self._own = own
        self._suspended: set[str] = set()
        self.managed: bool | None = own or None
        link.on_control(self._take)

    async def check(self) -> bool:
        """Ask the broker a question that changes nothing."""
        async with self._lock:
            if self.managed is None:
                return await self._is_managed()
            if self.managed:
                await self._ask([QUESTION])
            return self.managed

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        """Make a device with its rights, or give a known one this password and the rights of this kind."""
        access = device_access(self._link.centre, device, kind)
        async with self._lock:
            if not await self._is_managed():
                return False
            users, roles = await self._users(), await self._roles()
            if device in users and device in roles:
                await self._change(
                    dynamic_security.change_rules(device, access) + dynamic_security.change_password(device, password)
                )
            else:
                await self._change(
                    _remains(device, users, roles) + dynamic_security.create_user(device, access, password)
                )
        return True

    async def revoke(self, device: str) -> bool:
        """Take a device's credentials away and end its connection; one that is not there is no fault."""
        async with self._lock:
            if not await self._is_managed():
                return False
            if device != CONTROLLER:
                await self._change(_remains(device, await self._users(), await self._roles()))
        return True

    async def suspend(self, device: str) -> bool:
        """End a device's connection and refuse it until `resume`; False when the broker is unmanaged."""
        async with self._lock:
            if not await self._is_managed():
                return False
            self._suspended.add(device)
            await self._change(dynamic_security.disable_user(device))
        return True

    async def resume(self, device: str) -> None:
        """Let a suspended device sign in again; should this fail, the next `sync` does it."""
        async with self._lock:
            self._suspended.discard(device)
            if await self._is_managed():
                await self._change(dynamic_security.enable_user(device))

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str] | None:
        """Remove strangers and give the others the rights of their kind; passwords that stay are not touched."""
        async with self._lock:
            self.managed = self._own or None  # the broker may be another one since the last connect
            if not await self._is_managed():
                return None
            users, roles = await self._users(), await self._roles()
            strangers = (set(users) | set(roles)) - set(devices) - {CONTROLLER}
            wanted = [command for stranger in sorted(strangers) for command in _remains(stranger, users, roles)]
            missing = frozenset(device for device in devices if device not in users or device not in roles)
            for device, kind in devices.items():
                access = device_access(self._link.centre, device, kind)
                if device in missing:
                    wanted += _remains(device, users, roles)
                elif not dynamic_security.same_rules(roles[device], dynamic_security.rules(access)):
                    wanted += dynamic_security.change_rules(device, access)
                if users.get(device) and device not in self._suspended:
                    wanted += dynamic_security.enable_user(
                        device
                    )  # a controller that has ended meanwhile had suspended it
            await self._change(wanted)
        return missing

    async def _is_managed(self) -> bool:
        """Ask once whether the broker lets the controller rule its credentials."""
        if self.managed is None:
            try:
                await self._ask([QUESTION])
                self.managed = True
            except (NoAnswerError, ControlRefusedError):
                self.managed = False
                log.warning(
                    "broker_unmanaged",
                    advice="the broker has no dynamic security for the controller: make its users and rights by hand",
                )
        return self.managed

    async def _users(self) -> dict[str, bool]:
        """Return the users, and of each whether it is disabled."""
        found = await self._list("listClients", "clients")
        return {client["username"]: bool(client.get("disabled")) for client in found}

    async def _roles(self) -> dict[str, list[Json]]:
        return {role["rolename"]: role.get("acls", []) for role in await self._list("listRoles", "roles")}

    async def _list(self, command: str, rows: str) -> list[Json]:
        """Return everything of one sort, asked for page by page."""
        found: list[Json] = []
        while True:
            asked = {"command": command, "verbose": True, "count": PAGE, "offset": len(found)}
            page: list[Json] = (await self._ask([asked]))[0]["data"][rows]
            found += page
            if len(page) < PAGE:
                return found

    async def _change(self, commands: list[Json]) -> None:
        for start in range(0, len(commands), BATCH):
            await self._ask(commands[start : start + BATCH])

    async def _ask(self, commands: list[Json]) -> list[Json]:
        """Send commands and give their answers; ControlRefusedError when one failed, NoAnswer when none came."""
        mark = str(uuid.uuid4())
        answered = self._waiting[mark] = asyncio.get_running_loop().create_future()
        marked: list[dict[str, Any]] = [{**command, "correlationData": mark} for command in commands]
        try:
            async with asyncio.timeout(self._answer_s):
                await self._link.control(json.dumps({"commands": marked}).encode())
                answers = await answered
        except TimeoutError:
            raise NoAnswerError("the broker's security did not answer") from None
        finally:
            del self._waiting[mark]
        faults = [f"{answer.get('command')}: {answer['error']}" for answer in answers if "error" in answer]
        if faults:
            raise ControlRefusedError("; ".join(faults))
        return list(answers)

    def _take(self, raw: bytes) -> None:
        answers: list[Json] = json.loads(raw).get("responses", [])
        for mark in {answer.get("correlationData") for answer in answers}:
            waiting = self._waiting.get(str(mark))
            if waiting is not None and not waiting.done():
                waiting.set_result(answers)


def _remains(user: str, users: Mapping[str, bool], roles: Mapping[str, list[Json]]) -> list[Json]:
    """Give the commands that take away what there is of a user: a power cut may have left its role alone."""
    there = {"deleteClient": user in users, "deleteRole": user in roles}
    return [command for command in dynamic_security.delete_user(user) if there[command["command"]]]
