"""How many calls a stranger may make: a token bucket for each address, and one for all addresses together."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from broker.runtime.clock import Clock


@dataclass(frozen=True, slots=True)
class BudgetRate:
    """`burst` calls at once, and `per_s` a second in the long run."""

    per_s: float
    burst: float


EACH: Final = BudgetRate(per_s=100.0, burst=1000.0)
"""One address. A telephone network shows hundreds of citizens as one address: each open ticket page asks once in ten
seconds, and opening one takes four calls."""

TOGETHER: Final = BudgetRate(per_s=500.0, burst=2500.0)
"""All addresses: about a fifth of what the controller can answer, so that staff and devices have the rest."""

REMEMBERED: Final = 10_000
"""Addresses whose bucket is kept; the one that was silent longest is forgotten first and has a full bucket again."""


@dataclass(slots=True)
class _Bucket:
    left: float
    at: float


class CallBudget:
    """What strangers may still spend. `clock` is the real one: its `monotonic` is read."""

    def __init__(self, clock: Clock, each: BudgetRate = EACH, together: BudgetRate = TOGETHER) -> None:
        self._clock = clock
        self._each = each
        self._together = together
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._all = _Bucket(together.burst, clock.monotonic())

    def spend(self, source: str) -> float:
        """Spend one call of an address; return 0.0, or the seconds until it may make one, with nothing spent."""
        now = self._clock.monotonic()
        bucket = self._bucket(source, now)
        wait = max(_wait(bucket, self._each, now), _wait(self._all, self._together, now))
        if wait == 0:
            bucket.left -= 1
            self._all.left -= 1
        return wait

    def _bucket(self, source: str, now: float) -> _Bucket:
        bucket = self._buckets.get(source)
        if bucket is None:
            bucket = self._buckets[source] = _Bucket(self._each.burst, now)
            if len(self._buckets) > REMEMBERED:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(source)
        return bucket


def _wait(bucket: _Bucket, rate: BudgetRate, now: float) -> float:
    """Refill a bucket and return the seconds until it holds a call."""
    bucket.left = min(rate.burst, bucket.left + (now - bucket.at) * rate.per_s)
    bucket.at = now
    return 0.0 if bucket.left >= 1 else (1 - bucket.left) / rate.per_s


def source_of(host: str | None) -> str:
    """Return what stands for a caller's address: an IPv4 address, or the /64 that an IPv6 subscriber has to itself."""
    try:
        address = ip_address(host or "")
    except ValueError:
        return (host or "unknown")[:64]
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ip_network((address.packed, 64), strict=False))
    return str(address)
