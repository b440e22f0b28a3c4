"""A Debian root to boot: made once by debootstrap and kept, with an overlay over it that is thrown away."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[3]
SUITE = "bookworm"
LISTS = ("run.txt", "boot.txt")
MINIMAL = ("python3-minimal",)


class BootFault(Exception):  # noqa: N818 - it names what the machine lacks or what went wrong, for people
    """The units cannot be booted here; the message is one sentence that says what to do."""


def packages() -> list[str]:
    """Return the names of the Debian packages of the root, from deploy/packages."""
    lines = "\n".join((PROJECT / "deploy" / "packages" / name).read_text() for name in LISTS).splitlines()
    return sorted({*MINIMAL, *(line.strip() for line in lines if line.strip() and not line.startswith("#"))})


def debian_root(cache: Path) -> Path:
    """Return the cached root of these packages; it is made first where it is not there, which takes two minutes."""
    names = ",".join(packages())
    root = cache / f"{SUITE}-{hashlib.sha256(names.encode()).hexdigest()[:12]}"
    if root.exists():
        return root
    cache.mkdir(parents=True, exist_ok=True)
    fresh = root.with_suffix(".part")
    shutil.rmtree(fresh, ignore_errors=True)
    with (cache / "debootstrap.log").open("w") as log:
        done = subprocess.run(
            [_program("debootstrap", "debootstrap"), "--variant=minbase", f"--include={names}", SUITE, str(fresh)],
            stdout=log, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise BootFault(f"debootstrap failed: {log.name} says why; is this machine connected to Debian's packages?")
    fresh.rename(root)
    return root


@contextmanager
def overlaid(root: Path, folder: Path) -> Iterator[Path]:
    """Mount a root whose changes go into a folder, until the end of the block; the cached one stays as it is."""
    upper, work, merged = (folder / name for name in ("upper", "work", "root"))
    for place in (upper, work, merged):
        place.mkdir(parents=True)
    options = f"lowerdir={root},upperdir={upper},workdir={work}"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", options, str(merged)], check=True)
    try:
        yield merged
    finally:
        subprocess.run(["umount", str(merged)], check=True)


def check_machine() -> None:
    """Raise BootFault when this machine cannot boot a container."""
    if os.geteuid() != 0:
        raise BootFault("a container is booted by root only: start this with sudo")
    for program, package in (
        ("debootstrap", "debootstrap"), ("systemd-nspawn", "systemd-container"), ("nsenter", "util-linux"),
    ):  # fmt: skip
        _program(program, package)


def _program(name: str, package: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise BootFault(f"{name} was not found: install the Debian package {package}")
    return found
