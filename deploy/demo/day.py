"""The day of the demonstration: who comes when, for what, for how long, and what they think of it. Pure and seeded."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MINUTE = 60_000
SLOT = 30 * MINUTE
PROFILE: Mapping[int, Sequence[float]] = {
    7 * 60: (7.0, 9.5, 11.5, 11.5, 10.0, 7.5, 5.5, 3.5, 2.0),
    13 * 60 + 30: (6.5, 8.0, 7.0, 5.0, 3.0, 2.0, 0.5),
}
"""Minute of the local day → parts of a hundred citizens in each half hour from there on; the peak is 07:30 to 09:30."""

MIX: Mapping[str, float] = {
    "land": 10, "land-change": 8, "land-info": 4, "environment": 2,
    "fishing": 2, "farming": 2, "forestry": 1,
    "building": 4, "transport": 4, "housing": 2,
    "business": 4, "investment": 2,
    "civil-status": 5, "notary": 3,
    "health": 2, "food-safety": 2,
    "labour": 3, "merit": 3,
    "trade": 2, "culture": 1, "education": 2,
    "identity": 4, "tax": 2, "insurance": 3, "electricity": 1,
    "land-result": 8, "result": 8,
    "guidance": 5, "feedback": 1,
}  # fmt: skip
"""Citizens in a hundred by service; a service that is not named weighs 1."""

PRIORITY_MIX: Mapping[str, float] = {"elderly": 5, "disabled": 1.5, "pregnant": 2, "merit": 1.5}
PRIORITY_SHARE = 0.12
ENGLISH_SHARE = 0.03
NO_SHOW_SHARE = 0.04
CANCEL_SHARE = 0.02
SERVICE_CV = 0.9
RATING_SHARE = 0.45
ON_THE_PAD = 0.75
"""Share of the ratings that are given at the counter; the others by the slip's code."""
LEVELS: Mapping[int, float] = {3: 80, 2: 18, 1: 2}
LAST_MINUTES = 5 * MINUTE
"""Nobody comes within this time of a service's last number, so that a day at speed refuses nobody by chance."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """A rating to come: `on_pad` at the counter `after_ms` after the end of the visit, else by the slip's code."""

    score: int
    reasons: tuple[str, ...]
    on_pad: bool
    after_ms: int


@dataclass(frozen=True, slots=True)
class Citizen:
    """One who comes at `at_ms` after local midnight; all durations in milliseconds of the day.

    `cancels_after_ms` is how long the patience lasts of one who takes the number back when not called by then.
    One with `no_show` never comes to the counter. `walk_ms` lies between call and start, `service_ms` between start and
    end.
    """

    at_ms: int
    service: str
    priority: str
    lang: str
    walk_ms: int
    service_ms: int
    cancels_after_ms: int | None
    no_show: bool
    opinion: Opinion | None


@dataclass(frozen=True, slots=True)
class DayPlan:
    """A whole day, in order of arrival."""

    seed: int
    citizens: tuple[Citizen, ...]


def plan_day(centre: Mapping[str, Any], seed: int, citizens: int = 460) -> DayPlan:
    """Plan a day for a centre's configuration (the keys of its TOML); the same seed gives the same day."""
    dice = random.Random(seed)  # noqa: S311 - a rehearsal, not a secret
    services = {service["id"]: service for service in centre["service"]}
    priorities = [entry["id"] for entry in centre.get("priority", []) if entry["grant"] == "kiosk"]
    slots = [
        (start * MINUTE + index * SLOT, part) for start, parts in PROFILE.items() for index, part in enumerate(parts)
    ]
    planned = []
    for start in dice.choices([slot for slot, _ in slots], [part for _, part in slots], k=citizens):
        service = services[_drawn(dice, MIX, list(services))]
        planned.append(_citizen(dice, centre, service, priorities, start))
    return DayPlan(seed, tuple(sorted(planned, key=lambda citizen: citizen.at_ms)))


def _citizen(
    dice: random.Random, centre: Mapping[str, Any], service: Mapping[str, Any], priorities: Sequence[str], start: int
) -> Citizen:
    spread = _spread(start, int(service.get("stop_before_close_min", 0)) * MINUTE)
    priority = priorities and dice.random() < PRIORITY_SHARE
    no_show = dice.random() < NO_SHOW_SHARE
    cancels = not no_show and dice.random() < CANCEL_SHARE
    return Citizen(
        at_ms=start + dice.randrange(spread),
        service=service["id"],
        priority=_drawn(dice, PRIORITY_MIX, priorities) if priority else "normal",
        lang="en" if "en" in centre["centre"]["languages"] and dice.random() < ENGLISH_SHARE else "vi",
        walk_ms=round(dice.uniform(8_000, 40_000)),
        service_ms=lognormal_ms(dice, float(service["mean_service_min"]) * MINUTE, SERVICE_CV),
        cancels_after_ms=round(dice.uniform(2, 15) * MINUTE) if cancels else None,
        no_show=no_show,
        opinion=_opinion(dice, centre) if not no_show and dice.random() < RATING_SHARE else None,
    )


def lognormal_ms(dice: random.Random, mean_ms: float, cv: float) -> int:
    """Draw a lognormal duration by its mean and its coefficient of variation; at least 20 s."""
    variance = math.log(1 + cv * cv)
    return max(20_000, round(dice.lognormvariate(math.log(mean_ms) - variance / 2, math.sqrt(variance))))


def _spread(start: int, cut_off: int) -> int:
    """Give how far into its half hour a citizen may come: not past the last number of the session."""
    session = max(minute * MINUTE for minute in PROFILE if minute * MINUTE <= start)
    closing = session + len(PROFILE[session // MINUTE]) * SLOT
    return max(MINUTE, min(start + SLOT, closing - cut_off - LAST_MINUTES) - start)


def _opinion(dice: random.Random, centre: Mapping[str, Any]) -> Opinion | None:
    levels = {level["score"]: level for level in centre.get("rating", {}).get("levels", [])}
    if not levels:
        return None
    score = int(_drawn(dice, {str(score): part for score, part in LEVELS.items()}, [str(score) for score in levels]))
    codes = [reason["code"] for reason in centre["rating"].get("reasons", [])]
    reasons = (dice.choice(codes),) if codes and levels[score].get("reason") == "required" else ()
    on_pad = dice.random() < ON_THE_PAD
    return Opinion(
        score, reasons, on_pad, round(dice.uniform(3, 20) * 1000 if on_pad else dice.uniform(5, 60) * MINUTE)
    )


def _drawn(dice: random.Random, weights: Mapping[str, float], among: Sequence[str]) -> str:
    return dice.choices(among, [weights.get(name, 1.0) for name in among])[0]
