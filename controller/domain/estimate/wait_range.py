"""How long a person will wait, as a range that keeps its word four times in five.

The expected wait is the work before the person over the counters that are open for it: queue length, shrunk mean of
recent services, each counter shared among the services that it serves so that their waits level out, the tickets of
other standing that will pass or be passed by the time, and the staff that is usual later in the day. The range around
it is what earlier days made of such estimates (`controller.domain.estimate.learned`).
All durations are in milliseconds. A `Lobby` is all that must be known, in plain numbers.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from controller.domain.estimate.learned import LearnedTimes

RECENT: Final = 20
"""Services of today that the mean looks at."""
LONGEST: Final = 6
"""A service that lasted more of its means counts as so many: somebody forgot to end it."""
PRIOR_WEIGHT: Final = 30
"""How many services the mean known beforehand counts for."""
SLOT: Final = 30 * 60_000
HORIZON: Final = 20
"""How many half hours ahead usual staff is looked at."""
ROUND_S: Final = 5 * 60
"""People are told multiples of five minutes."""
_NEVER: Final = float("inf")
_LEVELLING: Final = 4
_SETTLING: Final = 3


class TicketAhead(NamedTuple):
    """What orders a ticket: score = weight × wait; `target` is the wait after which it goes before others, or None."""

    weight: float
    target: int | None


class WaitingTicket(NamedTuple):
    """Those of one standing who wait for a service, in order of issue: instants, or what `key` finds them in."""

    standing: TicketAhead
    line: Sequence[Any]
    key: Callable[[Any], int] | None = None


class CounterLoad(NamedTuple):
    """An open counter: what it serves, and whether nobody is in hand there."""

    services: tuple[str, ...]
    free: bool = False


@dataclass(frozen=True, slots=True)
class LobbySnapshot:
    """The hall as one service sees it.

    `since_midnight` is the local time of day of `now`. `waiting` holds those who wait for the service, `newcomers` how
    many of a standing are issued for it in an hour, as far as they may pass others. `people` and `means` (how long a
    service takes) are of every service that the desks serve. `desks` are the open counters, at least those that
    `connected` gives.
    """

    service: str
    now: int
    since_midnight: int
    desks: Sequence[CounterLoad]
    means: Mapping[str, float]
    people: Mapping[str, int] = field(default_factory=dict)
    waiting: Sequence[WaitingTicket] = ()
    newcomers: Sequence[tuple[TicketAhead, float]] = ()


@dataclass(frozen=True, slots=True)
class WaitEstimate:
    """A wait in seconds: what is expected, the raw range, and the range that people are told."""

    expected: float
    raw_low: float
    raw_high: float

    @property
    def expected_s(self) -> int:
        """Give what is expected, in whole seconds."""
        return round(self.expected)

    @property
    def low_s(self) -> int:
        """Give the low end for people, in whole five minutes."""
        return round(self.raw_low / ROUND_S) * ROUND_S

    @property
    def high_s(self) -> int:
        """Give the high end for people, in whole five minutes, above the low end."""
        return max(round(self.raw_high / ROUND_S) * ROUND_S, self.low_s + ROUND_S)


def estimate(
    lobby: LobbySnapshot, standing: TicketAhead, memory: LearnedTimes, issued: int | None = None
) -> WaitEstimate | None:
    """Give the wait that still lies before a ticket, or None when no counter is open for its service.

    `issued` is the first issue of one that waits already, which does not count itself. Without it, it is a newcomer
    and comes behind everybody issued in the same millisecond.
    """
    expected = expected_wait(lobby, standing, memory, issued)
    if expected is None:
        return None
    return WaitEstimate(expected / 1000, *memory.range_of(expected / 1000))


def expected_wait(
    lobby: LobbySnapshot, standing: TicketAhead, memory: LearnedTimes, issued: int | None
) -> float | None:
    """Give the expected wait in milliseconds, or None when no counter is open for the service."""
    serving = [desk for desk in lobby.desks if lobby.service in desk.services]
    if not serving:
        return None
    age, free = None if issued is None else lobby.now - issued, sum(desk.free for desk in serving)
    turn = lobby.means[lobby.service] / capacity(lobby)
    wait = max(0.0, people_before(lobby, standing, age, 0.0) + 1 - free) * turn
    for _ in range(_SETTLING):
        again = max(0.0, people_before(lobby, standing, age, wait) + 1 - free) * turn
        if again == wait:
            break
        wait = (wait + again) / 2
    return _with_usual_staff(lobby, memory, wait, len(serving))


def shrunk_mean(recent: Sequence[float], known: float) -> float:
    """Give the mean of the latest services of today, drawn towards the mean that was known beforehand."""
    latest = recent[-RECENT:]
    return (sum(latest) + PRIOR_WEIGHT * known) / (len(latest) + PRIOR_WEIGHT)


def people_before(lobby: LobbySnapshot, standing: TicketAhead, age: float | None, wait: float) -> float:
    """Give how many of its service will have gone before a ticket of this age if it waits so much longer.

    Of each standing those go first who are older than a threshold that follows from the order of calls (contract 13);
    when even newcomers are, as many of them count as are expected to come in time. Without an age it is a newcomer.
    """
    people, own_age, older = 0.0, age or 0.0, bisect_right if age is None else bisect_left
    for other, line, key in lobby.waiting:
        people += older(line, lobby.now - _threshold(standing, other, own_age, wait), key=key)
    for other, hourly in lobby.newcomers:
        people += hourly * min(max(0.0, -_threshold(standing, other, own_age, wait)), wait) / 3_600_000
    return people


def _threshold(own: TicketAhead, other: TicketAhead, age: float, wait: float) -> float:
    """Give the age above which a ticket of another standing is called before one of this age, after a further wait."""
    own_target = _NEVER if own.target is None else own.target
    other_target = _NEVER if other.target is None else other.target
    if age + wait >= own_target:
        return age + other_target - own_target
    return min(other_target - wait, own.weight / other.weight * (age + wait) - wait)


def capacity(lobby: LobbySnapshot) -> float:
    """Give how many counters work for the service, those that serve others too by the share that levels all waits."""
    alike = Counter(desk.services for desk in connected(lobby.desks, lobby.service))
    work = {name: people * lobby.means[name] for name, people in lobby.people.items() if people}
    work[lobby.service] = work.get(lobby.service, 0.0) + lobby.means[lobby.service]
    shares = [{name: float(desks) for name in services if name in work} for services, desks in alike.items()]
    for _ in range(_LEVELLING if len(shares) > 1 else 1):
        pulls = {name: work[name] / rate for name, rate in _rates(shares).items()}
        for share, desks in zip(shares, alike.values(), strict=True):
            total = sum(part * pulls[name] for name, part in share.items())
            for name, part in share.items():
                share[name] = desks * part * pulls[name] / total
    return _rates(shares)[lobby.service]


def _rates(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    rates: dict[str, float] = {}
    for share in shares:
        for name, part in share.items():
            rates[name] = rates.get(name, 0.0) + part
    return rates


def connected(desks: Sequence[CounterLoad], service: str) -> list[CounterLoad]:
    """Give the counters that serve a service, and those that share work with them, directly or through others."""
    reached, found, left = {service}, [], list(desks)
    while joined := [desk for desk in left if not reached.isdisjoint(desk.services)]:
        found += joined
        left = [desk for desk in left if reached.isdisjoint(desk.services)]
        reached.update(name for desk in joined for name in desk.services)
    return found


def _with_usual_staff(lobby: LobbySnapshot, memory: LearnedTimes, wait: float, serving: int) -> float:
    """Stretch or shrink a wait by how many counters are usually open later on, today's difference kept."""
    slot, into = divmod(lobby.since_midnight, SLOT)
    usual = memory.usual_staff(lobby.service, slot)
    if usual is None or wait <= 0:
        return wait
    passed, left = 0.0, wait
    for ahead in range(HORIZON):
        then = memory.usual_staff(lobby.service, slot + ahead)
        pace = 1.0 if then is None else max(0.0, serving + then - usual) / serving
        room = SLOT - into if ahead == 0 else SLOT
        if left <= pace * room:
            return passed + left / pace
        left, passed = left - pace * room, passed + room
    return passed + left
