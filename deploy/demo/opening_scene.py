"""The first citizen of the day, played on the real windows with a synthetic finger."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy.demo.processes import DemoFault
from deploy.demo.witnesses import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deploy.demo.screen import Place, Screen
    from deploy.demo.stage import Records

PATIENCE_S = 30.0
FINGER_S = 0.08
AGAIN_S = 1.0
"""A person whose touch met nothing looks so long before touching again."""


async def eventually(look: Callable[[], Any], what: str, seconds: float = PATIENCE_S) -> Any:  # noqa: ANN401 - any find
    """Look until something is there; what never comes is a `DemoFault`."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > deadline:
            raise DemoFault(f"the demonstration waited {seconds:.0f} s for {what}")
        await asyncio.sleep(0.05)
    return found


@dataclass(slots=True)
class Finger:
    """A finger that touches what a window says it shows: a window records its screens and where their targets are.

    It waits `patience` seconds for anything, and `again` seconds before it repeats a touch that met nothing.
    """

    screen: Screen
    place: Place
    record: Path
    patience: float = PATIENCE_S
    again: float = AGAIN_S

    def _shown(self, name: str) -> dict[str, Any] | None:
        screens = [row for row in lines_of(self.record) if row.get("what") == "screen"]
        return screens[-1] if screens and screens[-1]["screen"] == name else None

    async def touch(self, screen: str, target: str) -> None:
        """Wait until a screen stands, then touch the target with these words on it in the middle.

        A touch is done again only when the window says that it met no target: never twice for one that was taken.
        """
        deadline = time.monotonic() + self.patience
        while True:
            shown = await self.seen(screen)
            x, y = _target(shown, target)
            before = len(lines_of(self.record))
            await self.touch_at(self.place.x + round(x), self.place.y + round(y))
            if await self._taken(before, screen):
                return
            if time.monotonic() > deadline:
                raise DemoFault(f"no touch met '{target}' on the screen '{screen}' of {self.record.stem}")
            await asyncio.sleep(self.again)

    async def _taken(self, before: int, screen: str) -> bool:
        """Wait until the window has noticed a touch; tell whether it met a target."""

        def noticed() -> list[bool]:
            rows = lines_of(self.record)[before:]
            left = [True for row in rows if row.get("what") == "screen" and row["screen"] != screen]
            return left or [row["hit"] for row in rows if row.get("what") == "touched"]

        what = f"the touch on '{screen}' to reach {self.record.stem}"
        return bool((await eventually(noticed, what, self.patience))[-1])

    async def touch_at(self, x: int, y: int) -> None:
        """Put the finger down on a pixel of the screen for a moment."""
        self.screen.press(x, y)
        await asyncio.sleep(FINGER_S)
        self.screen.lift()

    async def seen(self, screen: str) -> dict[str, Any]:
        """Wait until a screen stands."""
        what = f"the screen '{screen}' of {self.record.stem}"
        found: dict[str, Any] = await eventually(lambda: self._shown(screen), what, self.patience)
        return found


def _target(shown: dict[str, Any], words: str) -> tuple[int, int]:
    for text, (x, y) in shown["targets"].items():
        if words in text:
            return x, y
    raise DemoFault(f"the screen '{shown['screen']}' has no '{words}', only {', '.join(sorted(shown['targets']))}")


async def take_a_number(finger: Finger, start: str, group: str, service: str) -> str:
    """Touch the way in, a group, then a service, each by its words; give the number that the kiosk shows."""
    await finger.touch("welcome", start)
    await finger.touch("groups", group)
    await finger.touch("services", service)
    await finger.seen("ticket")
    issued = await eventually(
        lambda: [row for row in lines_of(finger.record) if row.get("what") == "issued"], "a number at the kiosk"
    )
    number: str = issued[-1]["number"]
    return number


async def rated(finger: Finger) -> int:
    """Wait until the pad was answered; give how many ratings it had taken, as it wrote them down itself."""
    rows = await eventually(
        lambda: [row for row in lines_of(finger.record) if row.get("what") == "rated"], "the answer to a rating"
    )
    return sum(row["ok"] for row in rows)


async def heard(records: Records, board: str, number: str) -> None:
    """Wait until the voice has said a number."""
    await eventually(
        lambda: [row for row in lines_of(records.of(board)) if row.get("what") == "spoken" and row["number"] == number],
        f"the voice to say {number}",
    )


async def shown(records: Records, sign: str, number: str) -> None:
    """Wait until a sign has shown a number."""
    await eventually(
        lambda: [row for row in lines_of(records.of(sign)) if row.get("what") == "shown" and row["number"] == number],
        f"{sign} to show {number}",
    )
