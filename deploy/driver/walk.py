"""A walk through every path of a kiosk: each target of each screen is touched, and each screen is kept as a picture."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PIL import Image

from deploy.demo.processes import DemoFault
from deploy.driver.atlas import Spot, is_key, label, spot

if TYPE_CHECKING:
    from pathlib import Path

    from deploy.driver.atlas import Atlas
    from deploy.driver.rig import Rig
    from deploy.driver.signposts import Signposts
    from deploy.driver.watcher import Standing

HEARD_S = 20.0
"""A busy machine draws its screens slowly; a touch that the window does not notice in this time is a fault."""
ANSWER_S = 0.3
"""So soon a screen that changes its targets has told so, most often."""
FOLLOWS_S = 1.0
"""And on a busy machine so soon."""
STILL_S = 1.2
"""A touch after which not a pixel has changed for so long led nowhere, as it seems."""
VERDICT_S = 6.0
"""Before it counts as a fault it is waited for so long: a machine that does much else may just be slow."""
BY_ITSELF_S = 65.0
"""Every screen goes back to the first one by itself in this time."""
PICTURES_OF_A_FACE = 4
TRIES = 2
BUSY = "busy"
FIRST = ("welcome", "closed")
"""The screens that everything goes back to."""
ERASE = ""
"""The key without words: a key that did nothing may have met a full field."""
HOME_TOUCHES = 8
"""So many touches lead home from anywhere."""


@dataclass(slots=True)
class Findings:
    """What a walk found; what was missed is a fault."""

    touches: int = 0
    pictures: list[Path] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)


class Walker:
    """Walks with the map of one language; `folder` takes the pictures."""

    def __init__(self, rig: Rig, atlas: Atlas, words: Signposts, folder: Path) -> None:
        self.rig, self.atlas, self.words, self.found = rig, atlas, words, Findings()
        self._folder = folder
        self._kept: dict[str, int] = {}
        self._last: tuple[Spot, str] | None = None

    async def explore(self, deadline: float) -> None:
        """Touch what has not been touched, until no known way leads to more or the time is up."""
        while time.monotonic() < deadline:
            here = self.here()
            if here.lang == self.atlas.lang and (words := self.atlas.aim(here)) is not None:
                if is_key(words) and self.atlas.tries.get((here.screen, words)) and ERASE in here.labels:
                    await self.touch(ERASE)
                await self.touch(words)
            elif (here.lang != self.atlas.lang or here.screen not in FIRST) and self.atlas.reachable(FIRST):
                await self.home()
            else:
                return

    async def go(self, screen: str) -> None:
        """Go to a kind of screen by known ways, from the first one where none is known."""
        for attempt in range(2):
            for _ in range(HOME_TOUCHES):
                here = self.here()
                if here.screen == screen and here.lang == self.atlas.lang:
                    return
                way = self.atlas.towards(here, screen) if here.lang == self.atlas.lang else None
                if not way:
                    break
                await self.touch(way[0])
            if not attempt:
                await self.home()
        raise DemoFault(f"no way leads from '{self.here().screen}' to '{screen}'")

    async def home(self) -> None:
        """Go to the first screen: by what leads there on every screen, else by waiting until it comes by itself."""
        deadline, tried = time.monotonic() + BY_ITSELF_S, set[tuple[Spot, str]]()
        while (here := self.here()).screen not in FIRST or here.lang != self.atlas.lang:
            known = self.words.homewards(here.labels) if here.lang == self.atlas.lang else self.words.names
            words = next((words for words in known if words in here.labels and (here, words) not in tried), None)
            if words is not None and len(tried) < HOME_TOUCHES:
                tried.add((here, words))
                await self.touch(words)
            elif not await self._moves_by_itself(deadline):
                raise DemoFault(f"no way leads home from '{here.screen}', and it does not go home by itself")

    async def turn_to(self, words: str) -> None:
        """Turn the pages of a screen until a target stands; one that stands on none is a `DemoFault`."""
        for turn in (self.words.more, self.words.earlier):
            while words not in (here := self.here()).labels and turn in here.labels:
                await self.touch(turn)
        if words not in self.here().labels:
            raise DemoFault(f"'{words}' stands on no page of '{self.here().screen}'")

    def here(self) -> Spot:
        """Give the spot that stands; keep a picture of one that is new."""
        standing = self._standing()
        here = self._spot(standing)
        if self.atlas.meet(here) or standing.face not in self._kept:
            self._keep(standing.face)
        if self._last is not None and self.atlas.ways[self._last[0]].get(self._last[1]) == self._last[0] != here:
            self.atlas.corrected(*self._last, here)
        return here

    async def touch(self, words: str) -> Spot:
        """Touch a target and give the spot that follows; what led nowhere, or met nothing, is found."""
        standing, before, heard = self._standing(), self.rig.picture(), self.rig.seen.touches
        here, missed = self._spot(standing), self.rig.seen.missed
        place = next((at for text, at in standing.targets.items() if label(text) == words), None)
        if place is None:
            return here
        self.found.touches += 1
        self._last = None
        await self.rig.hand.touch(place)
        await self.rig.seen.another_touch(heard, f"the touch on '{words}'", HEARD_S)
        moved = await self.rig.seen.within(lambda seen: seen.standing and seen.standing.at > standing.at, ANSWER_S)
        if self.rig.seen.missed > missed and not moved:
            moved = await self.rig.seen.within(lambda seen: seen.standing and seen.standing.at > standing.at, VERDICT_S)
        if self.rig.seen.missed > missed and not moved:
            self.found.missed.append(f"{here.screen}: {words}")
        if moved or await self._changes(words, before, standing):
            self.atlas.led(here, words, await self._arrived())
            self._last = (here, words)
        elif self.atlas.still(here, words) >= TRIES:
            self.atlas.gave_up(here, words)
        return self.here()

    async def _changes(self, words: str, before: bytes, standing: Standing) -> bool:
        """Wait until a pixel has changed; a button's own change is followed by what it leads to, a key's is not."""
        last = self.atlas.tries.get((self._spot(standing).screen, words), 0) >= TRIES - 1
        deadline = time.monotonic() + (VERDICT_S if last else STILL_S)
        while self.rig.picture() == before:
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(0.05)
        if not is_key(words):
            await self.rig.seen.within(lambda seen: seen.standing and seen.standing.at > standing.at, FOLLOWS_S)
        return True

    async def _arrived(self) -> Spot:
        """Give the spot that stands; no way leads on from a busy screen, so what is on its way is waited for."""
        if self.here().screen == BUSY:
            await self.rig.seen.within(lambda seen: seen.standing and seen.standing.screen != BUSY, HEARD_S)
        return self.here()

    async def _moves_by_itself(self, deadline: float) -> bool:
        at = self._standing().at
        left = min(BY_ITSELF_S, max(0.0, deadline - time.monotonic()))
        return await self.rig.seen.within(lambda seen: seen.standing and seen.standing.at > at, left)

    def _standing(self) -> Standing:
        standing = self.rig.seen.look().standing
        if standing is None:
            raise DemoFault("the window shows nothing")
        return standing

    def _spot(self, standing: Standing) -> Spot:
        kind = self.words.kind(standing.screen, standing.targets)
        return spot(kind, standing.face.rpartition("-")[2], standing.targets)

    def _keep(self, face: str) -> None:
        count = self._kept[face] = self._kept.get(face, 0) + 1
        if count > PICTURES_OF_A_FACE:
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / (f"{face}.png" if count == 1 else f"{face}-{count}.png")
        Image.frombytes("RGB", self.rig.size, self.rig.picture(), "raw", "BGRX").save(path)
        self.found.pictures.append(path)
