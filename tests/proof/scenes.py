"""What happens around a kiosk during a walk: codes that are scanned, silence, no paper, closing, waiting."""

from __future__ import annotations

import time
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import httpx

from deploy.demo.processes import DemoFault
from deploy.driver.centre import PIN, RECEIPT
from tests.proof.standstill import standstill

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from deploy.driver.rig import Rig
    from deploy.driver.walk import Walker

    Scene = Callable[[Walker, float], Awaitable[None]]
    Centre = dict[str, Any]

CORNER, CORNER_S = 12, 5.6
"""How far from its edges the corner is touched that opens the staff's menu, and for how long."""
MORE_LANGUAGES = ("hre", "sed")
"""With so many more, languages have a page of their own."""
ROUNDS, QUICK_ROUNDS = 14, 2
KEY = 3
"""Words as short as this are those of the keys of the PIN, the second without words included."""
FOLLOWS_S = 20.0
WARNED_S = 55.0
"""A screen that nobody touches asks within this time whether somebody is still there."""


async def a_slip_that_waits(walker: Walker, deadline: float) -> None:
    """The slip of somebody who waits is scanned."""
    await _scans(walker, deadline, lambda: _slip(walker.rig, served=False))


async def a_slip_that_was_served(walker: Walker, deadline: float) -> None:
    """The slip of somebody who was served is scanned: the visit can be rated."""
    await _scans(walker, deadline, lambda: _slip(walker.rig, served=True))


async def a_code_of_something_else(walker: Walker, deadline: float) -> None:
    """Something is scanned that is no slip."""
    await _scans(walker, deadline, lambda: _always("no-slip-of-ours:12"))


async def a_receipt(walker: Walker, deadline: float) -> None:
    """The receipt of a dossier is scanned."""
    await _scans(walker, deadline, lambda: _always(RECEIPT))


async def the_staff(walker: Walker, deadline: float) -> None:
    """An officer keeps a finger on the corner, leaves again by each way, enters the PIN and uses the staff's menu."""
    await walker.rig.give_a_pin()
    for left in reversed(range(_rounds(walker))):
        await walker.go("welcome")
        before, heard = walker.found.touches, walker.rig.seen.touches
        await walker.rig.hand.touch((walker.rig.size[0] - CORNER, CORNER), CORNER_S)
        await walker.rig.seen.stands("pin", FOLLOWS_S)
        # Else this finger, lifted where no target is, would count as the next touch.
        await walker.rig.seen.another_touch(heard, "the finger that left the corner", FOLLOWS_S)
        ways_out = [words for words in walker.atlas.open(walker.here()) if len(words) > KEY]
        if ways_out and left:
            await walker.touch(ways_out[0])
            continue
        await _enters(walker.rig, PIN)
        await walker.rig.seen.stands("staff", FOLLOWS_S)
        menu = walker.here()
        await walker.explore(deadline)
        if not walker.atlas.open(menu) or walker.found.touches == before or time.monotonic() > deadline:
            return


async def nobody_answers(walker: Walker, deadline: float) -> None:
    """The controller stands still: the kiosk is busy, then gives a number of its own."""
    await walker.go("groups")
    async with standstill(walker.rig.programs.running["controller"]):
        await walker.go("ticket")
        await walker.explore(deadline)


async def no_paper(walker: Walker, deadline: float) -> None:
    """The paper is out: the number stands on the screen."""
    await walker.go("groups")
    walker.rig.paper.set_fault("paper_out")
    try:
        await walker.go("ticket")
        await walker.explore(deadline)
    finally:
        walker.rig.paper.set_fault("paper_out", active=False)


async def the_centre_is_closed(walker: Walker, deadline: float) -> None:
    """The centre publishes that it is closed today, and opens again afterwards."""
    await walker.go("welcome")
    async with _published(walker.rig, _shut):
        await walker.rig.seen.stands("closed", FOLLOWS_S)
        await walker.explore(deadline)
        await walker.home()
    await walker.rig.seen.stands("welcome", FOLLOWS_S)


async def nobody_touches(walker: Walker, deadline: float) -> None:
    """Somebody goes away in the middle: the kiosk asks whether somebody is still there."""
    await walker.go("groups")
    await walker.rig.seen.until(
        lambda seen: seen.standing and "-still-there" in seen.standing.face, "the question of an idle kiosk", WARNED_S
    )
    await walker.explore(deadline)


async def every_way_to_see(walker: Walker, _deadline: float) -> None:
    """Somebody chooses each language, and each way to have the screen, and takes it back."""
    words = walker.words
    await walker.home()
    for name in words.others:
        there = await walker.touch(name)
        if there.lang == walker.atlas.lang or (await walker.touch(words.names[0])).lang != walker.atlas.lang:
            raise DemoFault(f"'{name}' and back again leads to another language than it says")
    if words.access not in walker.here().labels:
        return
    await walker.touch(words.access)
    for mode in words.modes:
        for _chosen in (True, False):
            await walker.turn_to(mode)
            await walker.touch(mode)
    await walker.turn_to(words.done)
    await walker.touch(words.done)


async def many_languages(walker: Walker, _deadline: float) -> None:
    """The centre speaks so many languages that they have a page of their own."""
    words, seen = walker.words, walker.rig.seen
    await walker.home()
    async with _published(walker.rig, _further_languages):
        await seen.until(
            lambda _: seen.standing and words.languages[0] in seen.standing.targets, "the page of languages", FOLLOWS_S
        )
        for door, name in ((words.languages[0], words.others[0]), (words.languages[1], words.names[0])):
            await walker.touch(door)
            await seen.stands("languages", FOLLOWS_S)
            await walker.turn_to(name)
            await walker.touch(name)
    if (lang := walker.here().lang) != walker.atlas.lang:
        raise DemoFault(f"'{words.names[0]}' on the page of languages leads to '{lang}'")
    await seen.until(
        lambda _: seen.standing and words.languages[0] not in seen.standing.targets, "the languages again", FOLLOWS_S
    )


SCENES: tuple[Scene, ...] = (
    every_way_to_see, the_staff, a_receipt, a_code_of_something_else, a_slip_that_waits, a_slip_that_was_served,
    no_paper, nobody_answers, many_languages, the_centre_is_closed,
)  # fmt: skip
SLOW_SCENES: tuple[Scene, ...] = (nobody_touches,)


def _rounds(walker: Walker) -> int:
    """Give how often a scene begins anew, so that each way on from its screen is gone."""
    return QUICK_ROUNDS if walker.atlas.quick else ROUNDS


async def _enters(rig: Rig, pin: str) -> None:
    """Touch the digits of a PIN, and the key at their right without words."""
    keys = (await rig.seen.stands("pin")).targets
    enter = max((at for words, at in keys.items() if not words.strip(" #0123456789")), default=(0, 0))
    for place in (*(keys[digit] for digit in pin), enter):
        heard = rig.seen.touches
        await rig.hand.touch(place)
        await rig.seen.another_touch(heard, "a digit of the PIN")


async def _slip(rig: Rig, *, served: bool) -> str:
    return f"http://192.0.2.1/t/{await rig.a_ticket(served=served)}"


async def _always(code: str) -> str:
    return code


async def _scans(walker: Walker, deadline: float, code: Callable[[], Awaitable[str]]) -> None:
    """Scan on the first screen and touch what is shown, as often as it takes to touch all of it."""
    seen = walker.rig.seen
    for _ in range(_rounds(walker)):
        await walker.go("welcome")
        before = walker.found.touches
        await walker.rig.hand.scan(await code())
        await seen.until(
            lambda _: seen.standing and seen.standing.screen not in {"welcome", "busy"}, "a code", FOLLOWS_S
        )
        shown = walker.here()
        await walker.explore(deadline)
        if walker.atlas.towards_open(shown) is None or walker.found.touches == before or time.monotonic() > deadline:
            return


def _shut(_: Centre) -> Centre:
    today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()
    return {"day": [{"date": today, "open": []}]}


def _further_languages(centre: Centre) -> Centre:
    head = centre["centre"]
    return {"centre": {**head, "languages": [*head["languages"], *MORE_LANGUAGES]}}


@asynccontextmanager
async def _published(rig: Rig, change: Callable[[Centre], Centre]) -> AsyncIterator[None]:
    """Let the centre publish a configuration with some parts changed, and the former one again afterwards."""
    async with httpx.AsyncClient(base_url=f"http://{rig.centre.http}/api/v1", timeout=30) as client:
        client.headers.update(rig.centre.bearer)
        before = (await client.get("/centre")).raise_for_status()
        other = {**before.json(), **change(before.json())}
        version = before.headers["ETag"]
        published = (await client.put("/centre", json=other, headers={"If-Match": version})).raise_for_status()
        try:
            yield
        finally:
            again = {"If-Match": published.headers["ETag"]}
            (await client.put("/centre", json=before.json(), headers=again)).raise_for_status()
