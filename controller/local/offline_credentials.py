"""The users of the controller's own broker while neither runs: in the file that the broker reads when it starts."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from broker import dynsec
from broker.acl import device_access
from broker.mosquitto import SECURITY_FILE, sync_to_disk

if TYPE_CHECKING:
    from pathlib import Path

    from broker.contract.payloads import Kind
    from broker.dynsec import Json


class OfflineCredentials:
    """`controller.services.inventory.Credentials` in a file; a given broker is reached only by a running controller."""

    def __init__(self, folder: Path, centre: str) -> None:
        self._file = folder / SECURITY_FILE
        self._centre = centre

    async def grant(self, device: str, kind: Kind, password: str) -> bool:
        """Let a device in with this password from the broker's next start."""
        client = {"username": device, "roles": [{"rolename": device}], **dynsec.hashed(password)}
        role = {"rolename": device, "acls": dynsec.rules(device_access(self._centre, device, kind))}
        self._change(device, client, role)
        return True

    async def revoke(self, device: str) -> bool:
        """Keep a device out from the broker's next start."""
        self._change(device, None, None)
        return True

    def _change(self, device: str, client: Json | None, role: Json | None) -> None:
        existing = json.loads(self._file.read_text()) if self._file.exists() else None
        # The controller's own password is made anew at each start, so this one is nobody's.
        document = dynsec.document(self._centre, dynsec.new_password(), existing)
        document["clients"] = _with(document["clients"], "username", device, client)
        document["roles"] = _with(document["roles"], "rolename", device, role)
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = self._file.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            json.dump(document, file)
        fresh.replace(self._file)
        sync_to_disk(self._file)


def _with(rows: list[Json], key: str, name: str, row: Json | None) -> list[Json]:
    return [one for one in rows if one.get(key) != name] + ([] if row is None else [row])
