"""The file of the day's key: beside the store and never in it, so that no copy of the store holds it."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from controller.services.day_key import Key

if TYPE_CHECKING:
    from pathlib import Path

KEY_FILE: Final = "day.key"
"""Its name in the data directory."""


class DayKeyFile:
    """A `controller.services.day_key.KeyFile`, readable by its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Key | None:
        """Give the key that is there, or None; one that cannot be read is none."""
        try:
            told = json.loads(self._path.read_text(encoding="ascii"))
            return Key(str(told["day"]), bytes.fromhex(told["key"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, key: Key) -> None:
        """Put a key in place of the one that was there."""
        self.destroy()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump({"day": key.day, "key": key.secret.hex()}, file)

    def destroy(self) -> None:
        """Overwrite and remove what is there."""
        try:
            with self._path.open("r+b") as file:
                file.write(bytes(self._path.stat().st_size))
                file.flush()
                os.fsync(file.fileno())
        except FileNotFoundError:
            return
        self._path.unlink()
