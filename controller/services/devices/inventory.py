"""The devices of the centre: what the configuration names, who has a password, who is there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from broker.contract.errors import Code, RefusedError
from broker.contract.payloads import Kind
from broker.contract.times import format_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from controller.domain.centre.centre import Centre
    from controller.services.configuration import Configuration
    from controller.services.devices.granting import Granting
    from controller.services.devices.presence import Presence
    from controller.services.journal.ports import WriteBatch

    Also = Callable[[WriteBatch], None]


class Inventory:
    """Devices and their credentials."""

    def __init__(self, configuration: Configuration, granting: Granting, presence: Presence) -> None:
        self._configuration = configuration
        self._granting = granting
        self._presence = presence
        self._changing = asyncio.Lock()

    async def everything(self) -> Sequence[Mapping[str, Any]]:
        """Give every device: its keys in the configuration, whether it is online, since when, its detail."""
        return [self._told(device) for device in self._configuration.current().data.get("device", ())]

    def has_password(self, device: str) -> bool:
        """Return whether the store holds a password of a device."""
        return self._granting.has_password(device)

    async def add(self, kind: str, device: str, keys: Mapping[str, Any], *, officer: str | None = None) -> str:
        """Give a device, known or new, a password that is valid when this returns.

        A new one enters the configuration with these keys; a known one keeps its own, and another kind is
        `bad_state`. Raises `CentreFaults` when the configuration would be at fault with it. Nothing has changed
        when it raises.
        """
        async with self._changing:
            return await self._add(kind, device, keys, officer)

    async def _add(self, kind: str, device: str, keys: Mapping[str, Any], officer: str | None) -> str:
        known = self._configuration.centre().devices.get(device)
        if known is not None and known.kind != kind:
            raise RefusedError(Code.BAD_STATE, f"{device} is a {known.kind}; remove it before it becomes a {kind}")
        if known is not None and _holds(known.model_dump(mode="json"), keys):
            return await self._granting.give(device, Kind(kind), self._configuration.also)
        data, expected = self._with(device, {"id": device, "kind": kind} | dict(keys))
        await self._configuration.check(data)

        async def commit(also: Also) -> None:
            await self._configuration.publish(data, expected=expected, officer=officer, also=also)

        return await self._granting.give(device, Kind(kind), commit)

    async def set_pin(self, device: str, hashed: str | None, *, officer: str | None = None) -> None:
        """Put the hash of a kiosk's PIN, or none, into the configuration; an unknown device is `not_found`."""
        async with self._changing:
            known = self._configuration.centre().devices.get(device)
            if known is None:
                raise RefusedError(Code.NOT_FOUND, f"there is no device {device}")
            if known.kind is not Kind.KIOSK:
                raise RefusedError(Code.BAD_STATE, f"{device} is a {known.kind}; only a kiosk has a PIN")
            data, expected = self._with(device, {"pin": hashed})
            await self._configuration.publish(data, expected=expected, officer=officer)

    async def remove(self, device: str, *, officer: str | None = None) -> None:
        """Take a device and its password away; an unknown one is `Refused` with `not_found`."""
        async with self._changing:
            if device not in self._configuration.centre().devices:
                raise RefusedError(Code.NOT_FOUND, f"there is no device {device}")
            data, expected = self._with(device, None)

            async def commit(also: Also) -> None:
                await self._configuration.publish(data, expected=expected, officer=officer, also=also)

            await self._granting.take(device, commit)

    def _with(self, device: str, told: dict[str, Any] | None) -> tuple[dict[str, Any], int]:
        """Return the configuration with one device changed or, for None, without it, and the version it is made of."""
        current = self._configuration.current()
        rows = list(current.data.get("device", ()))
        place = next((place for place, row in enumerate(rows) if row["id"] == device), len(rows))
        before = rows[place] if place < len(rows) else {}
        rows[place : place + 1] = [] if told is None else [_without_nothing(before | told)]
        return current.data | {"device": rows}, current.version

    def _told(self, keys: Mapping[str, Any]) -> dict[str, Any]:
        device = str(keys["id"])
        seen = self._presence.seen(device)
        return {name: value for name, value in keys.items() if name != "pin"} | {
            "online": self._presence.online(device),
            "at": None if seen is None else format_instant(seen.at),
            "version": None if seen is None else seen.version,
            "detail": {} if seen is None else seen.detail,
        }


def kinds_of(centre: Centre) -> dict[str, Kind]:
    """Give the kind of every configured device."""
    return {device.id: device.kind for device in centre.device}


def _without_nothing(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


def _holds(known: Mapping[str, Any], keys: Mapping[str, Any]) -> bool:
    return all(known.get(name) == value for name, value in keys.items())
