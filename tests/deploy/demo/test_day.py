from __future__ import annotations

import statistics
import tomllib
from importlib import resources
from typing import Any

import pytest

from deploy.demo.day import MINUTE, MIX, PROFILE, DayPlan, plan_day


@pytest.fixture(scope="module")
def centre() -> dict[str, Any]:
    return tomllib.loads((resources.files("deploy") / "centres" / "quang-ngai.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def many(centre: dict[str, Any]) -> DayPlan:
    return plan_day(centre, seed=1, citizens=10_000)


def share(plan: DayPlan, those: int) -> float:
    return those / len(plan.citizens)


def test_the_same_seed_gives_the_same_day_and_another_seed_another(centre: dict[str, Any]) -> None:
    assert plan_day(centre, 7) == plan_day(centre, 7)
    assert plan_day(centre, 7) != plan_day(centre, 8)
    assert len(plan_day(centre, 7).citizens) == 460


def test_citizens_come_in_order_while_numbers_are_given(centre: dict[str, Any], many: DayPlan) -> None:
    cut_off = {service["id"]: service.get("stop_before_close_min", 0) for service in centre["service"]}
    times = [citizen.at_ms for citizen in many.citizens]

    assert times == sorted(times)
    assert times[0] >= 7 * 60 * MINUTE
    for citizen in many.citizens:
        minute = citizen.at_ms / MINUTE
        closing = 11.5 * 60 if minute < 12 * 60 else 17 * 60
        assert minute < 11.5 * 60 or minute >= 13.5 * 60
        assert minute < closing - cut_off[citizen.service]


def test_the_peak_is_in_the_first_hours_and_a_second_one_after_the_break(many: DayPlan) -> None:
    def between(start: float, end: float) -> float:
        return share(many, sum(start * 60 <= citizen.at_ms / MINUTE < end * 60 for citizen in many.citizens))

    assert 0.20 < between(7.5, 8.5) < 0.23
    assert between(8, 9) > 2 * between(10.5, 11.5)
    assert between(14, 15) > 2 * between(15.5, 16.5)


def test_every_service_of_the_shipped_centre_has_its_part_and_land_is_the_heaviest(
    centre: dict[str, Any], many: DayPlan
) -> None:
    services = {service["id"]: service for service in centre["service"]}
    minutes: dict[str, float] = {}
    for citizen in many.citizens:
        group = services[citizen.service]["group"]
        minutes[group] = minutes.get(group, 0) + citizen.service_ms / MINUTE

    assert set(MIX) == set(services) == {citizen.service for citizen in many.citizens}
    assert max(minutes, key=lambda group: minutes[group]) == "land"
    assert sum(MIX.values()) == 100


def test_service_times_have_the_mean_of_their_service_and_a_cv_near_0_9(many: DayPlan) -> None:
    times = [citizen.service_ms / MINUTE for citizen in many.citizens if citizen.service == "land"]

    assert statistics.fmean(times) == pytest.approx(12, rel=0.1)
    assert statistics.stdev(times) / statistics.fmean(times) == pytest.approx(0.9, rel=0.15)


def test_the_shares_of_priority_language_absence_and_opinion_are_those_of_a_real_day(many: DayPlan) -> None:
    citizens = many.citizens
    rated = [citizen.opinion for citizen in citizens if citizen.opinion]

    assert share(many, sum(citizen.priority != "normal" for citizen in citizens)) == pytest.approx(0.12, abs=0.01)
    assert share(many, sum(citizen.lang == "en" for citizen in citizens)) == pytest.approx(0.03, abs=0.01)
    assert share(many, sum(citizen.no_show for citizen in citizens)) == pytest.approx(0.04, abs=0.01)
    assert share(many, sum(citizen.cancels_after_ms is not None for citizen in citizens)) == pytest.approx(
        0.02, abs=0.005
    )
    assert share(many, len(rated)) == pytest.approx(0.45 * 0.96, abs=0.02)
    assert {opinion.score for opinion in rated} == {1, 2, 3}
    assert not any(citizen.no_show and (citizen.opinion or citizen.cancels_after_ms) for citizen in citizens)


def test_who_is_not_satisfied_says_why_and_the_others_need_not(many: DayPlan) -> None:
    for citizen in many.citizens:
        if citizen.opinion:
            assert bool(citizen.opinion.reasons) == (citizen.opinion.score == 1)


def test_only_the_priorities_that_a_kiosk_may_grant_are_asked_for(many: DayPlan) -> None:
    asked = {citizen.priority for citizen in many.citizens}

    assert asked == {"normal", "elderly", "disabled", "pregnant", "merit"}


def test_a_centre_without_priorities_ratings_or_english_has_a_day_too() -> None:
    small = {"centre": {"languages": ["vi"]}, "service": [{"id": "one", "mean_service_min": 5}]}

    day = plan_day(small, 1, citizens=50)

    assert {(citizen.service, citizen.priority, citizen.lang, citizen.opinion) for citizen in day.citizens} == {
        ("one", "normal", "vi", None)
    }


def test_the_wait_estimates_are_measured_on_the_same_arrivals() -> None:
    text = resources.files("deploy.bench.wait_estimate").joinpath("scenarios.toml").read_text(encoding="utf-8")
    measured = {entry["from"]: tuple(entry["parts"]) for entry in tomllib.loads(text)["profile"]}

    assert measured == {f"{start // 60:02d}:{start % 60:02d}": tuple(parts) for start, parts in PROFILE.items()}
