"""Sentences that were spoken before, as WAV files in a folder that never grows past its bound."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from devices.speech.sound import NotSoundError, Sound, from_wav, to_wav

if TYPE_CHECKING:
    from pathlib import Path

BOUND_BYTES = 64 * 1024 * 1024
"""About 340 sentences, or the calls of a morning; the least recently used ones go."""


@dataclass(frozen=True, slots=True)
class SentenceCache:
    """A folder of sentences by what was said, how, and by whom. Blocking: call it from a worker thread."""

    folder: Path
    bound: int = BOUND_BYTES

    def find(self, key: str) -> Sound | None:
        """Give a sentence, or None when it is not there; a broken file is removed and is not there."""
        path = self._path(key)
        try:
            sound = from_wav(path.read_bytes())
        except FileNotFoundError:
            return None
        except NotSoundError:
            path.unlink(missing_ok=True)
            return None
        os.utime(path)
        return sound

    def keep(self, key: str, sound: Sound) -> None:
        """Put a sentence in, whole or not at all, and let the least recently used ones go until the bound is kept."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(key)
        draft = path.with_suffix(f".{os.getpid()}.part")
        draft.write_bytes(to_wav(sound))
        draft.replace(path)
        self._shrink()

    def _path(self, key: str) -> Path:
        return self.folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.wav"

    def _shrink(self) -> None:
        files = sorted(((path.stat(), path) for path in self.folder.glob("*.wav")), key=lambda row: row[0].st_mtime_ns)
        total = sum(stat.st_size for stat, _ in files)
        for stat, path in files[:-1]:
            if total <= self.bound:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size
