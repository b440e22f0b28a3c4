"""What a window tells in its record, followed as it grows."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deploy.demo.processes import DemoFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

LOOK_S = 0.01


@dataclass(frozen=True, slots=True)
class Standing:
    """A screen that stands: its kind, its face, where its targets are, the texts that are cut, its place in time."""

    screen: str
    face: str
    targets: Mapping[str, tuple[int, int]]
    cut: tuple[str, ...]
    at: int

    def shows(self, words: str) -> bool:
        """Tell whether there is a target with these words on it."""
        return any(words in text for text in self.targets)

    def where(self, words: str) -> tuple[int, int]:
        """Give the place of the first target with these words on it; none is a `DemoFault`."""
        for text, (x, y) in self.targets.items():
            if words in text:
                return x, y
        raise DemoFault(f"the screen '{self.screen}' has no '{words}', only {', '.join(sorted(self.targets))}")


@dataclass(slots=True)
class Watcher:
    """Reads the record of a window.

    `standing` is the screen that stands, `touches` and `missed` count the fingers that were lifted, `issued` are the
    numbers in the order they were given, `screens` is how many screens have been told.
    """

    record: Path
    standing: Standing | None = None
    screens: int = 0
    touches: int = 0
    missed: int = 0
    issued: list[str] = field(default_factory=list)
    tokens: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    cut: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _read: int = 0

    def look(self) -> Watcher:
        """Read what has been written since the last look."""
        if not self.record.exists():
            return self
        with self.record.open("rb") as file:
            file.seek(self._read)
            written = file.read()
        whole = written[: written.rfind(b"\n") + 1]
        self._read += len(whole)
        for line in whole.splitlines():
            self._take(json.loads(line))
        return self

    def _take(self, row: dict[str, Any]) -> None:
        match row["what"]:
            case "screen":
                self.screens += 1
                places = {words: (x, y) for words, (x, y) in row["targets"].items()}
                self.standing = Standing(row["screen"], row["face"], places, tuple(row["cut"]), self.screens)
                self.kinds.add(row["screen"])
                if row["cut"]:
                    self.cut[row["face"]] = tuple(row["cut"])
            case "touched":
                self.touches += 1
                self.missed += not row["hit"]
            case "issued":
                self.issued.append(row["number"])
                self.tokens.append(row["token"])

    async def until(self, holds: Callable[[Watcher], object], what: str, seconds: float = 30.0) -> Watcher:
        """Look until something holds; what never comes is a `DemoFault`."""
        if not await self.within(holds, seconds):
            now = self.standing.face if self.standing else "nothing"
            raise DemoFault(f"waited {seconds:.0f} s for {what}; the window shows {now}")
        return self

    async def within(self, holds: Callable[[Watcher], object], seconds: float) -> bool:
        """Look until something holds, at most for so long; tell whether it does."""
        deadline = time.monotonic() + seconds
        while not holds(self.look()):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(LOOK_S)
        return True

    async def another_touch(self, heard: int, what: str, seconds: float = 30.0) -> None:
        """Wait until the window has noticed more touches than those that were heard of."""
        await self.until(lambda seen: seen.touches > heard, what, seconds)

    async def quiet(self, seconds: float) -> bool:
        """Tell whether the window notices no further touch for so long."""
        heard = self.touches
        return not await self.within(lambda seen: seen.touches > heard, seconds)

    async def changes(self, seconds: float, since: int | None = None) -> bool:
        """Tell whether another screen stands within so long, or has been told `since` so many were."""
        at = self.screens if since is None else since
        return await self.within(lambda seen: seen.screens > at, seconds)

    async def stands(self, screen: str, seconds: float = 30.0) -> Standing:
        """Wait until a screen of a kind stands."""
        await self.until(
            lambda seen: seen.standing and seen.standing.screen == screen, f"the screen '{screen}'", seconds
        )
        if self.standing is None:
            raise DemoFault("the window shows nothing")
        return self.standing
