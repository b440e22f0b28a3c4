"""Credentials while no controller runs: the own broker's file is written from the store, a given one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from broker.contract.errors import Code, RefusedError
from broker.server.dynamic_security import new_password
from broker.server.mosquitto import write_security

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from broker.contract.payloads import Kind
    from broker.server.dynamic_security import DeviceUser

log = structlog.get_logger()


class OfflineBroker:
    """`granting.Broker` without a controller; `given` is the address of a given broker, or None."""

    def __init__(self, given: str | None) -> None:
        self._given = given

    async def check(self) -> bool:
        """Return True for the controller's own broker: it will read what the store holds. Else Refused."""
        if self._given is not None:
            raise RefusedError(
                Code.TRY_AGAIN,
                f"only a running controller reaches the broker {self._given}, and none runs here; nothing was changed: "
                "start the controller, then run this again",
            )
        return True

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        """Leave it to the next start."""
        del device, kind, password
        return True

    async def revoke(self, device: str) -> bool:
        """Leave it to the next start."""
        del device
        return True

    async def sync(self, devices: Mapping[str, Kind]) -> frozenset[str]:
        """Say that nothing is missing: the next start writes all of these."""
        del devices
        return frozenset()


def write_offline_users(folder: Path, centre: str, users: Iterable[DeviceUser]) -> None:
    """Write the file of the controller's own broker as its next start will; a disk that is full loses nothing."""
    try:
        # The controller's own password is made at each start, so this one is nobody's.
        write_security(folder, centre, new_password(), users)
    except OSError as error:
        log.warning("broker_file_not_written", reason=str(error), advice="the controller writes it when it starts")
