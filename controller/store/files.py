"""Files that a power cut leaves whole: made for their owner alone, synced, put in place by one rename."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE: Final = 0o600
COMPANIONS: Final = ("-wal", "-shm", "-journal")
"""What SQLite may leave beside a file: the first and the last are a part of it, and would be applied to another one."""

_NO_LINKS: Final = (errno.EPERM, errno.ENOTSUP, errno.EMLINK, errno.ENOSYS)


def make_private(path: Path) -> None:
    """Make an empty file that only its owner may read, in place of one that was there."""
    remove(path)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, PRIVATE))


def remove(path: Path) -> None:
    """Remove a file with what SQLite left beside it."""
    for name in ("", *COMPANIONS):
        path.with_name(path.name + name).unlink(missing_ok=True)


def keep_private(path: Path) -> None:
    """Take the rights of others away from a file, where it is ours to do so."""
    if path.stat().st_mode & 0o077 and path.stat().st_uid == os.geteuid():
        path.chmod(PRIVATE)


def keep_folder_private(folder: Path) -> None:
    """Keep others out of a data directory that is ours; one that many share, as /tmp, is left as it is."""
    known = folder.stat()
    if known.st_mode & 0o077 and known.st_uid == os.geteuid() and not known.st_mode & stat.S_ISVTX:
        folder.chmod(0o700)


def give_to_owner(path: Path) -> None:
    """Give a file that root made to the owner of its folder: the controller does not run as root."""
    if os.geteuid() == 0:
        os.chown(path, *folder_owner(path))


def folder_owner(path: Path) -> tuple[int, int]:
    """Return user and group of the folder that a file is in."""
    folder = path.parent.stat()
    return folder.st_uid, folder.st_gid


def sync(path: Path) -> None:
    """Bring a file or a folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def put_in_place(fresh: Path, place: Path) -> None:
    """Put a finished file in place of another in one step: at any moment the old one or the new one is there."""
    give_to_owner(fresh)
    sync(fresh)
    fresh.rename(place)
    sync(place.parent)


def write_whole(place: Path, content: bytes) -> None:
    """Replace a small file in one step, on the disk when this returns; the numbers of a rush wait for it."""
    fresh = place.with_name(f"{place.name}.part")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC, PRIVATE)
    try:
        os.fchmod(descriptor, PRIVATE)
        if os.write(descriptor, content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(fresh))
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    give_to_owner(fresh)
    fresh.rename(place)
    sync(place.parent)


def keep_beside(path: Path, name: str) -> Path:
    """Keep a file under a second name beside the first, also when a later one takes its place; return that name.

    A name that is in use by another file gets a number behind it: nothing is ever overwritten.
    """
    for place in (path.with_name(f"{name}{number}") for number in ("", *(f".{one}" for one in range(2, 1000)))):
        if place.exists() and not place.samefile(path):
            continue
        if not place.exists():
            _link(path, place)
            sync(place.parent)
        return place
    raise FileExistsError(errno.EEXIST, "too many stores were set aside: delete those that nobody needs", str(path))


def _link(path: Path, place: Path) -> None:
    try:
        os.link(path, place)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        fresh = place.with_name(f"{place.name}.part")
        make_private(fresh)
        shutil.copyfile(path, fresh)
        put_in_place(fresh, place)
