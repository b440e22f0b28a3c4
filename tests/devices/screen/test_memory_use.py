from __future__ import annotations

import mmap
import os
from typing import TYPE_CHECKING

from devices.screen.memory_use import anonymous_mib, resident_mib

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 32 * 2**20


def test_what_a_process_holds_counts() -> None:
    before = anonymous_mib(os.getpid())
    # Pages of its own: the allocator might give memory that an earlier test has used.
    with mmap.mmap(-1, SIZE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as held:
        for at in range(0, SIZE, mmap.PAGESIZE):
            held[at] = 1
        after = anonymous_mib(os.getpid())

    assert after - before > 30


def test_the_pages_of_a_file_that_it_read_do_not_count(tmp_path: Path) -> None:
    path = tmp_path / "pictures"
    with path.open("wb") as made:
        made.writelines([b"x" * 2**20] * 32)
    before = anonymous_mib(os.getpid())
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
        seen = sum(mapped[at] for at in range(0, SIZE, mmap.PAGESIZE))
        after = anonymous_mib(os.getpid())

    assert seen == ord("x") * SIZE // mmap.PAGESIZE
    assert after - before < 8


def test_what_is_resident_holds_what_is_anonymous_and_the_libraries() -> None:
    assert resident_mib(os.getpid()) > anonymous_mib(os.getpid()) + 1
