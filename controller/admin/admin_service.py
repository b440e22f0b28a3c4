"""Admin requests of this machine's commands, served by a running controller or without one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from broker.contract.ids import is_slug
from broker.contract.payloads import Kind
from broker.contract.times import format_instant
from controller.admin.requests import check_fields
from controller.domain.centre.check import AT_A_COUNTER
from controller.services.accounts.accounts import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from controller.admin.pairing import PairingCodes
    from controller.services.accounts.accounts import Accounts
    from controller.services.configuration import Configuration
    from controller.services.devices.inventory import Inventory
    from controller.services.engine.engine import Engine
    from controller.services.procedures import Procedures

Json = dict[str, Any]

ORDER_TTL_S = 30
"""How long a device may take to answer `identify` and `restart`, in real seconds."""


class AdminService:
    """Runs the admin requests of commands: `{"do": name, ...}`; raises Refused or CentreFaults.

    `order` sends a device a command that nothing follows from; without a running controller there is none, and no
    `pairing` either, which makes pairing codes.
    """

    def __init__(
        self,
        configuration: Configuration,
        inventory: Inventory,
        accounts: Accounts,
        procedures: Procedures,
        order: Callable[[str, str, int], Awaitable[None]] | None = None,
        pairing: PairingCodes | None = None,
        *,
        engine: Engine,
    ) -> None:
        self._order = order
        self._pairing = pairing
        self._engine = engine
        self._configuration = configuration
        self._inventory = inventory
        self._accounts = accounts
        self._procedures = procedures
        self._tasks: dict[str, Callable[[Json], Awaitable[Json]]] = {
            "device.add": self._add_device,
            "device.list": self._list_devices,
            "device.remove": self._remove_device,
            "device.order": self._order_device,
            "device.pin": self._set_pin,
            "user.add": self._add_user,
            "user.list": self._list_users,
            "user.remove": self._remove_user,
            "centre.import": self._import_centre,
            "centre.export": self._export_centre,
            "procedures.import": self._import_procedures,
            "procedures.export": self._export_procedures,
            "procedures.clear": self._clear_procedures,
            "clock.show": self._show_clock,
            "clock.accept": self._accept_clock,
        }

    async def handle(self, asked: Json) -> Json:
        """Do one task and give its result."""
        name = str(asked.get("do"))
        task = self._tasks.get(name)
        if task is None:
            raise RefusedError(Code.BAD_STATE, f"this controller does not know {name[:32]!a}: it may be older")
        check_fields(name, asked)
        return await task(asked)

    async def _add_device(self, asked: Json) -> Json:
        if not is_slug(asked["id"]):
            raise RefusedError(
                Code.BAD_REQUEST, f"{asked['id']!r} is no id: small letters, digits and hyphens, at most 32"
            )
        if asked["kind"] not in set(Kind):
            raise RefusedError(Code.BAD_REQUEST, f"there is no kind {asked['kind']!r}: give one of {', '.join(Kind)}")
        if asked["kind"] in AT_A_COUNTER and not asked["keys"].get("counter") and not self._is_known(asked["id"]):
            raise RefusedError(Code.BAD_REQUEST, f"a new {asked['kind']} needs its counter: give --counter")
        replaced = self._inventory.has_password(asked["id"])
        password = await self._inventory.add(asked["kind"], asked["id"], asked["keys"])
        made = {"id": asked["id"], "password": password, "replaced": replaced}
        pair = None if self._pairing is None else await self._pairing.code(asked["id"], password)
        return made if pair is None else made | {"pair": pair}

    def _is_known(self, device: str) -> bool:
        return device in self._configuration.centre().devices

    async def _list_devices(self, _asked: Json) -> Json:
        return {"items": [dict(device) for device in await self._inventory.everything()]}

    async def _remove_device(self, asked: Json) -> Json:
        await self._inventory.remove(asked["id"])
        return {"id": asked["id"]}

    async def _order_device(self, asked: Json) -> Json:
        if self._order is None:
            raise RefusedError(Code.BAD_STATE, "only a running controller reaches devices: start it first")
        if asked["id"] not in self._configuration.centre().devices:
            raise RefusedError(Code.NOT_FOUND, f"there is no device {asked['id']}")
        await self._order(asked["id"], asked["op"], ORDER_TTL_S)
        return {"id": asked["id"], "op": asked["op"]}

    async def _set_pin(self, asked: Json) -> Json:
        await self._inventory.set_pin(asked["id"], asked["hash"])
        return {"id": asked["id"]}

    async def _add_user(self, asked: Json) -> Json:
        if asked["role"] not in set(Role):
            raise RefusedError(Code.BAD_REQUEST, f"there is no role {asked['role']!r}: give one of {', '.join(Role)}")
        password = await self._accounts.add(asked["user"], Role(asked["role"]), asked["password"])
        return {"user": asked["user"], "password": password}

    async def _list_users(self, _asked: Json) -> Json:
        return {"items": [{"user": one.user, "role": one.role.value} for one in self._accounts.everybody()]}

    async def _remove_user(self, asked: Json) -> Json:
        await self._accounts.remove(asked["user"])
        return {"user": asked["user"]}

    async def _import_centre(self, asked: Json) -> Json:
        expected = self._configuration.current().version
        return {"version": (await self._configuration.publish(asked["data"], expected=expected)).version}

    async def _export_centre(self, _asked: Json) -> Json:
        current = self._configuration.current()
        return {"version": current.version, "data": current.data}

    async def _import_procedures(self, asked: Json) -> Json:
        return (await self._procedures.bring_in(asked["text"])).card

    async def _export_procedures(self, _asked: Json) -> Json:
        return self._procedures.listing.card | {"items": await self._procedures.everything()}

    async def _clear_procedures(self, _asked: Json) -> Json:
        return (await self._procedures.clear()).card

    async def _show_clock(self, _asked: Json) -> Json:
        guard, held = self._engine.guard, self._engine.guard.held
        reading = guard.reading
        state: Json = {"held": held is not None, "now": format_instant(reading), "local": self._local(reading)}
        if (ahead := guard.ahead) is not None:
            state |= {"last_entry": format_instant(ahead.last), "ahead": str(ahead)}
        return state if held is None else state | {"since": format_instant(held.since), "reason": str(held)}

    async def _accept_clock(self, _asked: Json) -> Json:
        held = self._engine.guard.held is not None
        at = await self._engine.accept_clock()
        return {"held": held, "now": format_instant(at), "local": self._local(at)}

    def _local(self, instant: int) -> str:
        """Return an instant as the centre's clocks show it, with the offset."""
        return datetime.fromtimestamp(instant / 1000, self._configuration.centre().timezone).isoformat(" ", "seconds")
