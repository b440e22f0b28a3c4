from __future__ import annotations

import os
from array import array
from typing import TYPE_CHECKING

from devices.speech.cache import SentenceCache
from devices.speech.sound import Sound

if TYPE_CHECKING:
    from pathlib import Path

SOUND = Sound(array("h", [1, -2, 3] * 100))
BYTES = 44 + 600


def test_a_sentence_is_found_again_after_a_restart(tmp_path: Path) -> None:
    SentenceCache(tmp_path / "voice").keep("vi Mời", SOUND)

    assert SentenceCache(tmp_path / "voice").find("vi Mời") == SOUND
    assert SentenceCache(tmp_path / "voice").find("vi Xin") is None


def test_the_cache_keeps_its_bound_and_lets_the_least_used_go(tmp_path: Path) -> None:
    cache = SentenceCache(tmp_path, bound=3 * BYTES)
    for order, key in enumerate("abc"):
        cache.keep(key, SOUND)
        os.utime(cache._path(key), ns=(order, order))
    assert cache.find("a") is not None

    cache.keep("d", SOUND)

    assert cache.find("b") is None
    assert [cache.find(key) is not None for key in "acd"] == [True, True, True]
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= 3 * BYTES


def test_a_sentence_larger_than_the_bound_is_still_kept_once(tmp_path: Path) -> None:
    cache = SentenceCache(tmp_path, bound=10)
    cache.keep("a", SOUND)
    cache.keep("b", SOUND)

    assert len(list(tmp_path.iterdir())) == 1


def test_a_broken_file_is_taken_away(tmp_path: Path) -> None:
    cache = SentenceCache(tmp_path)
    cache.keep("a", SOUND)
    cache._path("a").write_bytes(b"cut off by a power failure")

    assert cache.find("a") is None
    assert list(tmp_path.iterdir()) == []
