"""Which broker a data directory's controller uses, and how its users and the store are brought together."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import structlog

from broker.server.dynamic_security import stored_hashes
from broker.server.mosquitto import BrokerError, read_security
from controller.services.devices.credentials import ADOPTED
from controller.store.journal import EPOCH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from broker.contract.payloads import Kind
    from controller.services.devices.credentials import Credentials
    from controller.services.devices.granting import CredentialDifferences
    from controller.services.engine.engine import Engine
    from controller.services.journal.ports import Store

log = structlog.get_logger()

BROKER_FOLDER = "broker"
"""The folder of the controller's own broker, in the data directory."""

BROKER = "broker"
"""The mark with the address of the given broker that the last controller used; null for its own."""


async def adopt_file(store: Store, credentials: Credentials, kinds: Mapping[str, Kind], folder: Path) -> None:
    """Read the users of the controller's own broker into the store, where that has not been done in this epoch.

    See `Credentials.adopt`. A file that cannot be read is written again from the store, and who is in neither is named.
    """
    epoch = await store.mark(EPOCH) or ""
    adopted = await store.mark(ADOPTED)
    if adopted == epoch:
        return
    try:
        document = read_security(folder)
    except BrokerError as fault:
        document = None
        lost = sorted(kinds.keys() - credentials.devices)
        log.error("credentials_unreadable", reason=str(fault), lost=lost, advice="give each a new password")  # noqa: TRY400 - the sentence says it all
    await credentials.adopt(stored_hashes(document or {}), kinds, epoch, restored=adopted is not None)


async def remember_broker(engine: Engine, store: Store, given: str | None) -> None:
    """Store which broker this controller uses, for commands that run without it."""
    mark = json.dumps(given)
    if await store.mark(BROKER) != mark:
        await engine.do(None, also=lambda batch: batch.marks.update({BROKER: mark}))


async def given_broker(store: Store, environment: Mapping[str, str]) -> str | None:
    """Return the address of the given broker that this data directory's controller uses, or None for its own."""
    if environment.get("LUOT_MQTT"):
        return environment["LUOT_MQTT"]
    found = json.loads(await store.mark(BROKER) or "null")
    return None if found is None else str(found)


def report_differences(differences: CredentialDifferences) -> None:
    """Say in the log, and for people, what a given broker and the store do not both have."""
    lacking, unstored = sorted(differences.lacking), sorted(differences.unstored)
    if lacking:
        advice = "stop the broker, run `luot broker-files DIR --from DATA`, start both again; or `luot device add` each"
        log.error("broker_lacks_devices", devices=lacking, advice=advice)
        sentence = f"the broker does not know {', '.join(lacking)}, whose passwords are in the store: {advice}"
        print(f"luot: {sentence}", file=sys.stderr)  # noqa: T201 - for people
    if unstored:
        advice = "no backup holds them: give each a new password when there is time"
        log.warning("credentials_only_at_broker", devices=unstored, advice=advice)
