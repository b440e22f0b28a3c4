"""The scenarios of `scenarios.toml`: read, and turned into the configuration of a centre."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

from controller.domain.centre.centre import Centre, parse_centre

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE: Final = 60_000
SLOT: Final = 30 * MINUTE
PRIORITY: Final = "priority"


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of day. Times of day are milliseconds since local midnight, durations milliseconds.

    `arrivals` are expected citizens by the start of each half hour. `services` holds each service's share of them,
    `counters` what each serves, `staff` which are open from when on, `nominal` what a fixed estimate believes in.
    """

    name: str
    arrivals: Mapping[int, float]
    services: Mapping[str, float]
    counters: Mapping[str, tuple[str, ...]]
    staff: tuple[tuple[int, frozenset[str]], ...]
    nominal: Mapping[str, int]
    service_mean: float
    service_cv: float
    priority_share: float
    centre: Centre


@dataclass(frozen=True, slots=True)
class Plan:
    """All scenarios, and how many days of each are lived through; the first `learning_days` are only learnt from."""

    days: int
    learning_days: int
    seed: int
    scenarios: tuple[Scenario, ...]


def shipped_plan() -> Plan:
    """Read the scenarios that ship with the controller."""
    text = resources.files("deploy.bench.wait_estimate").joinpath("scenarios.toml").read_text(encoding="utf-8")
    return read_plan(tomllib.loads(text))


def read_plan(data: Mapping[str, Any]) -> Plan:
    """Give the plan of a parsed file."""
    scenarios = tuple(_scenario(data, one) for one in data["scenario"])
    return Plan(data["days"], data["learning_days"], data["seed"], scenarios)


def _scenario(data: Mapping[str, Any], one: Mapping[str, Any]) -> Scenario:
    return Scenario(
        name=one["name"],
        arrivals={
            _time(part["from"]) + index * SLOT: data["arrivals"] * percent / 100
            for part in data["profile"]
            for index, percent in enumerate(part["parts"])
        },
        services=one["services"],
        counters={counter: tuple(services) for counter, services in one["counters"].items()},
        staff=tuple((_time(shift["from"]), frozenset(shift["open"])) for shift in one["staff"]),
        nominal=one["nominal"],
        service_mean=data["service_mean_min"] * MINUTE,
        service_cv=data["service_cv"],
        priority_share=data["priority_share"],
        centre=_centre(data, one),
    )


def _centre(data: Mapping[str, Any], one: Mapping[str, Any]) -> Centre:
    """Give the configuration of a centre that works as the scenario says."""
    return parse_centre({
        "centre": {"id": "simulated", "name": {"vi": "Mô phỏng"}, "public_url": "http://127.0.0.1"},
        "hours": [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "open": ["00:00-24:00"]}],
        "group": [{"id": "all", "name": {"vi": "Tất cả"}}],
        "service": [
            {
                "id": service, "group": "all", "series": service.upper(), "name": {"vi": service},
                "mean_service_min": data["service_mean_min"], "target_wait_min": data["normal_target_min"],
            }
            for service in one["services"]
        ],
        "counter": [
            {"id": counter, "label": {"vi": counter}, "zone": "hall", "services": services}
            for counter, services in one["counters"].items()
        ],
        "priority": [{
            "id": PRIORITY, "name": {"vi": "Ưu tiên"}, "weight": data["priority_weight"],
            "target_wait_min": data["priority_target_min"], "grant": "kiosk",
        }],
        "calling": {"most_priority_in_a_row": data["most_priority_in_a_row"]},
    })  # fmt: skip


def _time(text: str) -> int:
    hour, minute = text.split(":")
    return (int(hour) * 60 + int(minute)) * MINUTE
