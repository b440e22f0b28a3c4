"""Granting and revoking: the broker, the credential and the configuration change together, or not at all.

    granting.give(device, kind, commit)     a new password; `commit` writes configuration and hash in one transaction
    granting.take(device, commit)           no password any more

The steps of a grant, and what a process that ends after each leaves behind:

1. the broker is asked whether it can be changed now; nothing yet
2. the hash is staged in the store: a row that counts for nothing
3. the broker gets the password: its own file is derived from the store at the next start, so it is as before. A given
   broker has a device that the configuration does not know, which the next `sync` removes; or, of a device that had a
   password, perhaps the new one, which `sync` then reports, for nobody knows it
4. one transaction makes the hash valid and the configuration the one in force: the grant is done
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, Protocol

import structlog

from broker.contract.errors import Code, RefusedError
from broker.link.link import LinkDownError
from broker.server.provision import ControlRefusedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from broker.contract.payloads import Kind
    from controller.services.devices.credentials import Credentials
    from controller.services.journal.ports import Credential, WriteBatch

    Commit = Callable[[Callable[[WriteBatch], None]], Awaitable[object]]

log = structlog.get_logger()

AWAY = "the broker cannot be reached or does not answer; nothing was changed: try again when it is back"


class Broker(Protocol):
    """The users of the broker; see `broker.server.provision.Credentials`, which says what each raises."""

    async def check(self) -> bool:
        """Ask whether credentials could be changed now; False when somebody else manages them."""
        ...

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        """Let a device in with this password and the rights of its kind; it holds when this returns."""
        ...

    async def revoke(self, device: str) -> bool:
        """Take a device's password and rights away and end its connection."""
        ...

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str] | None:
        """Remove strangers and set rights; return the devices that are missing there, None when unmanaged."""
        ...


class CredentialDifferences(NamedTuple):
    """Devices whose password only one side has: the store (`lacking` at the broker), or the broker (`unstored`)."""

    lacking: frozenset[str] = frozenset()
    unstored: frozenset[str] = frozenset()


class Granting:
    """Changes credentials one at a time; `renew` restarts the controller's own broker from the store, if it has one."""

    def __init__(self, credentials: Credentials, broker: Broker, renew: Callable[[], None] | None = None) -> None:
        self._credentials = credentials
        self._broker = broker
        self._renew = renew
        self._lock = asyncio.Lock()

    def has_password(self, device: str) -> bool:
        """Return whether the store holds a password of a device."""
        return device in self._credentials.devices

    async def give(self, device: str, kind: Kind, commit: Commit) -> str:
        """Give a device a new password, valid when this returns; Refused, and then nothing has changed."""
        async with self._lock:
            if not await self._reach():
                sentence = f"the broker's users are managed elsewhere: make {device} and its rights there"
                raise RefusedError(Code.BAD_STATE, sentence)
            password = secrets.token_urlsafe(18)
            staged = await self._credentials.stage(device, kind, password)
            await self._grant(staged, kind, password, commit)
        return password

    async def take(self, device: str, commit: Commit) -> None:
        """Take a device's password away; Refused when the broker is away, and then nothing has changed."""
        async with self._lock:
            managed = await self._reach()
            await commit(lambda batch: batch.revoked.append(device))
            self._credentials.forget({device})
            try:
                if managed:
                    await self._broker.revoke(device)
            except (LinkDownError, ControlRefusedError) as error:
                # Committed: the next `sync` removes it at the broker, as whatever the configuration does not name.
                log.warning("revoked_at_next_connect", device=device, reason=str(error))

    async def sync(self, kinds: Mapping[str, Kind]) -> CredentialDifferences:
        """Hold the broker to the configuration; return what cannot be brought together. Raises as `Broker.sync`."""
        async with self._lock:
            missing = await self._broker.sync(kinds)
            if missing is None:
                return CredentialDifferences()
            stored = self._credentials.devices & frozenset(kinds)
            await self._settle_interrupted(kinds)
            if self._renew is None:
                return CredentialDifferences(missing & stored, frozenset(kinds) - missing - stored)
            if missing & stored:
                self._renew()
            return CredentialDifferences()

    async def _reach(self) -> bool:
        try:
            return await self._broker.check()
        except (LinkDownError, ControlRefusedError) as error:
            raise RefusedError(Code.TRY_AGAIN, AWAY) from error

    async def _grant(self, staged: Credential, kind: Kind, password: str, commit: Commit) -> None:
        known = staged.device in self._credentials.devices
        try:
            await self._broker.grant(staged.device, kind, password)
            await commit(lambda batch: self._credentials.confirm(batch, staged))
        except BaseException as error:
            self._credentials.unstage(staged.device)
            await self._undo(staged.device, known=known)
            if isinstance(error, LinkDownError | ControlRefusedError):
                raise RefusedError(Code.TRY_AGAIN, self._undone(staged.device, known=known)) from error
            raise
        self._credentials.confirmed(staged)

    async def _undo(self, device: str, *, known: bool) -> None:
        """Have the broker hold what the store holds, after a grant that was not committed."""
        if not known:
            with suppress(LinkDownError, ControlRefusedError):  # away: the next `sync` removes what it does not know
                await self._broker.revoke(device)
        elif self._renew is not None:
            self._renew()
        else:
            _report_uncertain(device)
        try:
            await self._credentials.clear(frozenset({device}))
        except RefusedError as refused:
            log.warning("staged_credential_stays", device=device, reason=refused.detail)

    def _undone(self, device: str, *, known: bool) -> str:
        if known and self._renew is None:
            return (
                f"the broker broke off; its former password of {device} may hold or not: "
                "give the device a new one when the broker is back"
            )
        return AWAY

    async def _settle_interrupted(self, kinds: Mapping[str, Kind]) -> None:
        """After a crash in the middle of a grant: say whose password at a given broker nobody may know."""
        interrupted = self._credentials.interrupted
        if self._renew is None:
            for device in sorted(interrupted & frozenset(kinds)):
                _report_uncertain(device)
        await self._credentials.clear(interrupted)
        self._credentials.interrupted = frozenset()


def _report_uncertain(device: str) -> None:
    advice = "if the device cannot sign in, give it a new password with `luot device add`"
    log.error("credential_uncertain", device=device, advice=advice)
