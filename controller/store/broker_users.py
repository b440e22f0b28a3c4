"""The users that a broker needs, read from the file of a store or of a backup."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from controller.domain.centre.centre import parse_centre
from controller.services.journal.ports import StoreError
from controller.store.credentials import read_credentials
from controller.store.database import FILE
from controller.store.journal import read_version

if TYPE_CHECKING:
    from pathlib import Path

    from controller.domain.centre.centre import Centre
    from controller.services.journal.ports import Credential


class StoredUsers(NamedTuple):
    """The configuration in force in a store, and the valid credentials of its devices by device."""

    centre: Centre
    credentials: dict[str, Credential]


def read_users(place: Path) -> StoredUsers:
    """Read a data directory, a store or a backup without changing it; `StoreError` when it cannot be read."""
    path = place / FILE if place.is_dir() else place
    if not path.is_file():
        raise StoreError(f"there is no store {path}: give a data directory, a store or a backup")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            version = read_version(connection, "ORDER BY version DESC LIMIT 1")
            rows = read_credentials(connection)
    except sqlite3.Error as error:
        advice = "start the controller on it once if it is of an older version, else give another"
        raise StoreError(f"{path} holds no credentials that can be read ({error}): {advice}") from error
    if version is None:
        raise StoreError(f"{path} holds no configuration of a centre")
    centre = parse_centre(version.data, stored=True)
    return StoredUsers(centre, {row.device: row for row in rows if not row.pending})
