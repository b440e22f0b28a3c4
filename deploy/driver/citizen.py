"""A citizen before the kiosk: two touches to a number from the groups, the slip, and away."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from deploy.driver.hand import Hand
    from deploy.driver.watcher import Standing, Watcher

START = "Lấy số"
"""Words on the way in."""
DONE = "Xong"
MORE = "Xem tiếp"
"""Words on what turns a page."""
SLIP_S = 40.0


async def take_a_number(seen: Watcher, hand: Hand, group: str, service: str) -> str:
    """Touch the way in, a group and a service, wait for the slip, and leave; give the number."""
    before = len(seen.look().issued)
    await touch(seen, hand, "welcome", START)
    await touch(seen, hand, "groups", group)
    await touch(seen, hand, "services", service)
    await seen.until(lambda _: len(seen.issued) > before, "a number", SLIP_S)
    printed = await seen.until(
        lambda _: seen.standing and seen.standing.face.startswith("ticket-check"), "a slip", SLIP_S
    )
    number = printed.issued[-1]
    await touch(seen, hand, "ticket", DONE)
    await seen.stands("welcome")
    return number


async def touch(seen: Watcher, hand: Hand, screen: str, words: str) -> Standing:
    """Touch a target of a screen once that stands; one that the window missed is touched again.

    Where somebody has left large letters behind, a screen has several pages: they are turned until the target is there.
    """
    while True:
        standing = await seen.stands(screen)
        wanted = MORE if not standing.shows(words) and standing.shows(MORE) else words
        heard, missed = seen.touches, seen.missed
        await hand.touch(standing.where(wanted))
        await seen.another_touch(heard, f"the touch on '{wanted}'")
        if seen.missed > missed:
            continue
        if wanted == words:
            return standing
        await _gone(seen, standing)


async def _gone(seen: Watcher, page: Standing) -> None:
    await seen.until(lambda now: now.standing is not page, "the next page")
