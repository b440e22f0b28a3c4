"""One configuration of the walk: a window of a size, in a language, through every path and every scene."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.proof.atlas import Atlas
from deploy.proof.rig import rig
from deploy.proof.walk import Walker

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from deploy.proof.scenes import Scene

SCENE_S = 25.0
"""A scene is walked through for so long at most."""


@dataclass(slots=True)
class Report:
    """What a tour covered, and its faults."""

    name: str
    seconds: float = 0.0
    touches: int = 0
    targets: int = 0
    spots: int = 0
    kinds: tuple[str, ...] = ()
    pictures: list[Path] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def words(self) -> str:
        """Write the report for people."""
        told = (
            f"{self.name}: {self.touches} touches on {self.targets} targets of {self.spots} screens in "
            f"{self.seconds:.0f} s; kinds: {', '.join(self.kinds)}; {len(self.pictures)} pictures"
        )
        left = [f"    not touched: {what}" for what in self.untouched]
        return "\n".join([told, *left, *(f"    FAULT {fault}" for fault in self.faults)])


async def tour(
    folder: Path,
    size: tuple[int, int],
    languages: Sequence[str],
    scenes: Sequence[Scene],
    seconds: float,
    *,
    quick: bool = False,
    shy: Collection[str] = (),
) -> Report:
    """Walk in the first of the languages, at most for so long; `folder` takes the pictures and the programs' logs.

    Targets with `shy` words are left alone: those that end the program.
    """
    lang = languages[0]
    way = "portrait" if size[1] > size[0] else "landscape"
    report = Report(f"{way} {size[0]}x{size[1]} {lang}")
    begin = time.monotonic()
    async with rig(folder / "work", size, languages) as made:
        walker = Walker(made, Atlas(lang, quick, frozenset(shy)), folder / f"{way}-{lang}")
        await walker.explore(begin + seconds)
        for scene in scenes:
            await scene(walker, min(begin + seconds, time.monotonic() + SCENE_S))
        made.alive()
    found = walker.found
    report.seconds, report.touches, report.pictures = time.monotonic() - begin, found.touches, found.pictures
    report.targets, report.spots = len(walker.atlas.targets()), len(walker.atlas.ways)
    report.kinds = tuple(sorted(made.seen.kinds))
    report.untouched = sorted(f"{screen}: {words}" for screen, words in walker.atlas.untouched())
    report.faults = [f"a touch led nowhere: {what}" for what in walker.atlas.nowhere()]
    report.faults += [f"a touch met no target: {what}" for what in found.missed]
    report.faults += [f"cut off on {face}: {', '.join(texts)}" for face, texts in sorted(made.seen.cut.items())]
    return report


def never_reached(reports: Sequence[Report], kinds: Collection[str]) -> list[str]:
    """Give the known kinds of screens that none of some tours reached."""
    return sorted(set(kinds) - {kind for report in reports for kind in report.kinds})
