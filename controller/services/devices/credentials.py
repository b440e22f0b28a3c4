"""The devices' credentials: password hashes in the store, which are the truth that a broker's own file is derived from.

A grant is staged first, then given to the broker, then committed together with the configuration that it belongs to.
A process that ends in between leaves a staged row, which counts for nothing: see `granting`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from broker.server.dynamic_security import DeviceUser, hashed, is_hash
from controller.services.journal.ports import Credential
from controller.services.journal.set_aside import QuarantinedRows

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from broker.contract.payloads import Kind
    from broker.runtime.clock import Clock
    from broker.server.dynamic_security import Json
    from controller.domain.centre.centre import Centre
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import WriteBatch

log = structlog.get_logger()

ADOPTED = "credentials_adopted"
"""The mark with the epoch in which the broker's file was last read into the store."""


class CredentialStore(Protocol):
    """Where the hashes are kept; may raise `StoreError`."""

    async def credentials(self) -> list[Credential]:
        """Return every stored credential, the pending ones too."""
        ...


class StagedCredential(NamedTuple):
    """A credential on its way, of a device that the configuration may not name yet."""

    credential: Credential
    kind: Kind


class Credentials:
    """The stored credentials, in memory too; `start` must have been awaited."""

    def __init__(
        self, engine: Engine, store: CredentialStore, clock: Clock, aside: QuarantinedRows | None = None
    ) -> None:
        self._aside = aside or QuarantinedRows()
        self._engine = engine
        self._store = store
        self._clock = clock
        self._valid: dict[str, Credential] = {}
        self._staged: dict[str, StagedCredential] = {}
        self.interrupted: frozenset[str] = frozenset()

    async def start(self) -> None:
        """Read what is stored; `interrupted` are devices whose grant was under way when the last process ended."""
        rows = [row for row in await self._store.credentials() if self._is_sound(row)]
        self._valid = {row.device: row for row in rows if not row.pending}
        self.interrupted = frozenset(row.device for row in rows if row.pending)

    def _is_sound(self, row: Credential) -> bool:
        """Return whether the broker can read a row; one that it cannot is named and left out, and the others work."""
        sound = is_hash(hash_of(row))
        if not sound:
            advice = f"it cannot sign in: `luot device add KIND {row.device}` gives it a new password"
            self._aside.report("credentials", row.device, "its password hash is damaged", advice)
        return sound

    @property
    def devices(self) -> frozenset[str]:
        """The devices that have a password."""
        return frozenset(self._valid)

    def users(self, kinds: Mapping[str, Kind]) -> list[DeviceUser]:
        """Return who may sign in: configured devices with a password, and what is being granted."""
        found = {device: (row, kinds[device]) for device, row in self._valid.items() if device in kinds}
        found |= self._staged
        return [DeviceUser(device, kind, hash_of(row)) for device, (row, kind) in sorted(found.items())]

    async def stage(self, device: str, kind: Kind, password: str) -> Credential:
        """Store the hash of a password that is being granted; Refused when the store cannot be written."""
        made = Credential(device, **hashed(password), at=self._clock.now(), pending=True)
        await self._engine.do(None, also=lambda batch: batch.credentials.append(made))
        self._staged[device] = StagedCredential(made, kind)
        return made

    def confirm(self, batch: WriteBatch, staged: Credential) -> None:
        """Make a staged credential the device's only one, in this transaction."""
        batch.revoked.append(staged.device)
        batch.credentials.append(valid(staged))

    def confirmed(self, staged: Credential) -> None:
        """Take over what was committed."""
        self._valid[staged.device] = valid(staged)
        self._staged.pop(staged.device, None)

    def unstage(self, device: str) -> None:
        """Forget what was being granted; the stored row counts for nothing until `clear`."""
        self._staged.pop(device, None)

    def forget(self, devices: Collection[str]) -> None:
        """Forget devices whose rows were deleted."""
        for device in devices:
            self._valid.pop(device, None)

    def published(self, before: Centre, after: Centre) -> None:
        """Forget devices that a version of the configuration removed or made new: their rows were deleted with it."""
        self.forget(before.devices.keys() ^ after.devices.keys())

    async def clear(self, devices: frozenset[str]) -> None:
        """Delete staged rows; Refused when the store cannot be written."""
        if devices:
            await self._engine.do(None, also=lambda batch: batch.unstaged.extend(sorted(devices)))

    async def adopt(self, hashes: Mapping[str, Json], kinds: Mapping[str, Kind], epoch: str, *, restored: bool) -> None:
        """Take over what the file of the controller's own broker has, once in each epoch of the store.

        That is once after the upgrade from a version that kept credentials in that file only, and once after each
        restore: the file beside the store may then be newer than the backup, so it counts; else it only adds.
        """
        now = self._clock.now()
        found = [Credential(device, **one, at=now) for device, one in hashes.items() if device in kinds]
        if not restored:
            found = [one for one in found if one.device not in self._valid]

        def keep(batch: WriteBatch) -> None:
            batch.credentials.extend(found)
            batch.marks[ADOPTED] = epoch

        await self._engine.do(None, also=keep)
        self._valid |= {one.device: one for one in found}
        if found:
            log.info("credentials_adopted", devices=len(found))


def hash_of(row: Credential) -> Json:
    """Return a credential's hash as the plugin keeps it."""
    return {"password": row.password, "salt": row.salt, "iterations": row.iterations}


def valid(staged: Credential) -> Credential:
    """Return a staged credential as a valid one."""
    return Credential(staged.device, staged.password, staged.salt, staged.iterations, staged.at)
