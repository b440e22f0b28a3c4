"""The devices' password hashes in the store; written only with a batch of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from controller.services.journal.ports import Credential

if TYPE_CHECKING:
    import sqlite3

    from controller.services.journal.ports import WriteBatch
    from controller.store.database import Database

_ALL = "SELECT device, password, salt, iterations, at, pending FROM credentials ORDER BY device, pending"


class SqliteCredentials:
    """`controller.services.devices.credentials.CredentialStore` over one SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def credentials(self) -> list[Credential]:
        """Return every stored credential, the pending ones too."""
        return await self._database.read(read_credentials)


def read_credentials(connection: sqlite3.Connection) -> list[Credential]:
    """Return every credential of a store."""
    return [
        Credential(device, password, salt, iterations, at, bool(pending))
        for device, password, salt, iterations, at, pending in connection.execute(_ALL)
    ]


def write_credentials(batch: WriteBatch, connection: sqlite3.Connection) -> None:
    """Write the part of a batch that is about credentials."""
    if batch.unstaged:
        rows = [(device,) for device in batch.unstaged]
        connection.executemany("DELETE FROM credentials WHERE device = ? AND pending = 1", rows)
    if batch.revoked:
        rows = [(device,) for device in batch.revoked]
        connection.executemany("DELETE FROM credentials WHERE device = ?", rows)
    if batch.credentials:
        connection.executemany(
            "INSERT OR REPLACE INTO credentials (device, pending, password, salt, iterations, at) VALUES (?,?,?,?,?,?)",
            [(c.device, int(c.pending), c.password, c.salt, c.iterations, c.at) for c in batch.credentials],
        )
