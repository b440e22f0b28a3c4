"""One configuration of the walk: a window of a size, in a language, through every path and every scene."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from deploy.demo.processes import DemoFault
from deploy.driver.atlas import Atlas, is_key
from deploy.driver.local_language import strangers
from deploy.driver.pseudo_language import PSEUDO
from deploy.driver.rig import rig
from deploy.driver.signposts import signposts
from deploy.driver.walk import Walker

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from tests.proof.scenes import Scene

SCENE_S = 25.0
"""What a scene leads to is walked through for so long at most."""
GRACE_S = 75.0
"""And it ends so long afterwards at the latest: what stands may have to go home by itself."""
TRIES = 2


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
) -> Report:
    """Walk in the first of the languages, at most for so long; `folder` takes the pictures and the programs' logs."""
    lang = languages[0]
    way = "portrait" if size[1] > size[0] else "landscape"
    report = Report(f"{way} {size[0]}x{size[1]} {lang}")
    begin = time.monotonic()
    async with rig(folder / "work", size, languages) as made:
        await made.give_procedures()
        words = signposts(languages, made.texts)
        walker = Walker(made, Atlas(lang, quick, words.apart), words, folder / f"{way}-{lang}")
        for scene in (_the_usual, *scenes):
            fault = await _lived(scene, walker, begin + seconds)
            report.faults += [fault] if fault else []
        made.alive()
    found = walker.found
    report.seconds, report.touches, report.pictures = time.monotonic() - begin, found.touches, found.pictures
    report.targets, report.spots = len(walker.atlas.targets()), len(walker.atlas.ways)
    report.kinds = tuple(sorted(made.seen.kinds))
    report.untouched = _left(walker.atlas.untouched())
    report.faults += [f"a touch led nowhere: {what}" for what in walker.atlas.nowhere()]
    report.faults += [f"a touch met no target: {what}" for what in found.missed]
    if lang == PSEUDO:
        report.faults += _strangers(walker.atlas.targets(), words.apart)
    report.faults += [f"cut off on {face}: {', '.join(texts)}" for face, texts in sorted(made.seen.cut.items())]
    return report


def _strangers(targets: Collection[tuple[str, str]], apart: Collection[str]) -> list[str]:
    """Name what stands on a target and in no catalogue; the names of the other languages are their own."""
    met = {words for _, words in targets} - set(apart)
    return [f"comes from no catalogue: {words}" for words in strangers(met)]


def _left(targets: Collection[tuple[str, str]]) -> list[str]:
    """Name what was not touched; of the keys of a keyboard only how many."""
    keys = Counter(screen for screen, words in targets if is_key(words))
    named = [f"{screen}: {words}" for screen, words in targets if not is_key(words)]
    return sorted([*named, *(f"{screen}: {count} keys" for screen, count in keys.items())])


async def _the_usual(walker: Walker, deadline: float) -> None:
    """Whoever comes in touches what there is."""
    await walker.explore(deadline)


async def _lived(scene: Scene, walker: Walker, end: float) -> str:
    """Live through a scene in bounded time, from home again when it failed once; give its fault, empty for none.

    A program that has ended ends the walk.
    """
    said, longest = "", end - time.monotonic() if scene is _the_usual else SCENE_S
    for _ in range(TRIES):
        try:
            async with asyncio.timeout(longest + GRACE_S):
                await scene(walker, min(end, time.monotonic() + longest))
        except (DemoFault, TimeoutError, httpx.HTTPError) as fault:
            said = f"in '{scene.__name__}': {str(fault) or f'it took longer than {longest + GRACE_S:.0f} s'}"
            walker.rig.alive()
        else:
            return ""
        try:
            await walker.home()
        except DemoFault as stalled:
            return f"{said}; then {stalled}"
    return said


def never_reached(reports: Sequence[Report], kinds: Collection[str]) -> list[str]:
    """Give the known kinds of screens that none of some tours reached."""
    return sorted(set(kinds) - {kind for report in reports for kind in report.kinds})
