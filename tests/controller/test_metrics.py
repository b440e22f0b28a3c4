"""The figures of a running centre, and that each of them is described."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from broker.contract.payloads import DeviceState, Kind
from broker.link.link_counts import LinkCounts
from controller.domain.centre.centre import parse_centre
from controller.domain.commands import PublishCentre, Rate, Tick
from controller.metrics.collector import MetricsCollector
from controller.services.counts import Counts
from controller.services.devices.presence import Presence
from controller.services.journal.ports import Version

DOCUMENT = Path(__file__).parents[2] / "docs" / "metrics.md"


@pytest.fixture
def parts(rig: Any) -> tuple[MetricsCollector, Presence, Counts, LinkCounts]:
    presence, counts, link = Presence(rig.clock), Counts(), LinkCounts()
    metrics = MetricsCollector(
        presence, counts, link, lambda: 3, lambda: rig.clock.now() - 90_000, rig.engine.guard,
        lambda: rig.store.closing,
    )  # fmt: skip
    rig.engine.listen(metrics.count_commit)
    return metrics, presence, counts, link


def figures(metrics: MetricsCollector) -> dict[str, float]:
    lines = (line for line in metrics.render().decode().splitlines() if not line.startswith("#"))
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


async def test_what_happens_to_tickets_is_counted_by_service(rig: Any, parts: Any) -> None:
    await rig.act("open")
    served = await rig.serve_one()
    await rig.engine.do(Rate(token=served["token"], score=3, version=1))
    await rig.issue()
    rig.clock.pass_seconds(700)
    await rig.act("next")
    await rig.act("recall")
    await rig.act("no_show")

    said = figures(parts[0])

    assert said['luot_tickets_issued_total{service="land"}'] == 2
    assert said['luot_tickets_called_total{service="land"}'] == 2
    assert said['luot_tickets_served_total{service="land"}'] == 1
    assert said['luot_tickets_no_show_total{service="land"}'] == 1
    assert said['luot_wait_seconds_sum{service="land"}'] == 700
    assert said['luot_ratings_total{level="3"}'] == 1
    assert said["luot_commit_seconds_count"] > 0


async def test_the_head_of_the_last_closing_alone_is_shown(rig: Any, parts: Any) -> None:
    def heads() -> list[str]:
        return [line for line in parts[0].render().decode().splitlines() if line.startswith("luot_journal_head_info")]

    await rig.issue()
    before = heads()
    for _ in range(2):
        rig.clock.pass_seconds(24 * 3600)
        await rig.engine.do(Tick())
    shown = heads()

    assert before == []
    assert re.fullmatch(r'luot_journal_head_info\{day="2026-11-24",head="[0-9a-f]{64}",seq="2"\} 1.0', "".join(shown))
    assert rig.store.closing.head in shown[0]


async def test_how_long_ago_rows_past_their_date_were_deleted_is_shown(rig: Any, parts: Any) -> None:
    await rig.engine.ask(parts[0].collect_hall)
    assert figures(parts[0])["luot_purge_age_seconds"] == 90


async def test_how_far_the_journal_is_later_than_the_clock_is_shown(rig: Any, parts: Any) -> None:
    await rig.issue()
    before = figures(parts[0])["luot_clock_journal_ahead_seconds"]
    rig.clock.at -= 3600_000
    await rig.engine.ask(lambda hall, _: rig.engine.guard.look(hall.last_at))

    assert (before, figures(parts[0])["luot_clock_journal_ahead_seconds"]) == (0, 3600)


async def test_the_hall_is_shown_as_it_stands(rig: Any, parts: Any) -> None:
    await rig.issue()
    rig.clock.pass_seconds(90)
    await rig.issue()
    await rig.act("open")
    await rig.engine.ask(parts[0].collect_hall)

    said = figures(parts[0])

    assert said['luot_waiting{service="land"}'] == 2
    assert said['luot_oldest_wait_seconds{service="land"}'] == 90
    assert said['luot_oldest_wait_seconds{service="result"}'] == 0
    assert said['luot_counters{status="open"}'] == 1
    assert said["luot_outbox_commands"] == 3


async def test_a_service_tells_how_many_counters_can_call_it(rig: Any, parts: Any) -> None:
    async def open_for(service: str) -> float:
        await rig.engine.ask(parts[0].collect_hall)
        return figures(parts[0])[f'luot_service_open_counters{{service="{service}"}}']

    assert (await open_for("land"), await open_for("result")) == (0, 0)
    await rig.act("open", "c1")
    await rig.act("open", "c2")
    assert (await open_for("land"), await open_for("result")) == (2, 1)
    await rig.issue()
    await rig.act("next", "c2")
    await rig.act("pause", "c1", reason="break")
    assert (await open_for("land"), await open_for("result")) == (1, 0)


class ToldAlways:
    """Tells everybody five to ten minutes."""

    expected_s, low_s, high_s = 450, 300, 600

    def estimate(self, hall: Any, service: str, now: int, ticket: Any = None) -> Any:
        assert (hall, service, now) != (ticket, "", 0)
        return self


async def test_what_was_told_is_held_against_the_first_call_by_service(rig: Any, parts: Any) -> None:
    await rig.engine.ask(lambda hall, _: setattr(hall, "estimator", ToldAlways()))
    await rig.act("open")
    for wait_s in (400, 900):
        await rig.issue()
        rig.clock.pass_seconds(wait_s)
        await rig.act("next")
        await rig.act("park")
    await rig.act("walk_in", service="land")

    said = figures(parts[0])

    assert said['luot_estimates_total{service="land",within="yes"}'] == 1
    assert said['luot_estimates_total{service="land",within="no"}'] == 1
    assert said['luot_estimate_error_seconds_count{service="land"}'] == 2
    assert said['luot_estimate_error_seconds_bucket{le="-120.0",service="land"}'] == 0
    assert said['luot_estimate_error_seconds_bucket{le="0.0",service="land"}'] == 1
    assert said['luot_estimate_error_seconds_bucket{le="300.0",service="land"}'] == 1
    assert said['luot_estimate_error_seconds_bucket{le="600.0",service="land"}'] == 2


async def test_devices_and_printers_are_shown_by_what_they_say_of_themselves(rig: Any, parts: Any) -> None:
    metrics, presence, _, _ = parts
    state = DeviceState(
        online=True, session="s", kind=Kind.PRINTER, at=rig.clock.now(), detail={"printer": "paper_out"}
    )
    presence.heard("printer-1", state)
    rig.clock.pass_seconds(20)
    await rig.engine.ask(metrics.collect_hall)

    said = figures(metrics)

    assert said['luot_device_online{device="printer-1",kind="printer"}'] == 1
    assert said['luot_device_online{device="sign-1",kind="sign"}'] == 0
    assert said['luot_device_heartbeat_age_seconds{device="printer-1",kind="printer"}'] == 20
    assert said['luot_printer_status{device="printer-1",status="paper_out"}'] == 1
    assert said['luot_printer_status{device="printer-1",status="ok"}'] == 0
    rig.clock.pass_seconds(60)
    assert figures(metrics)['luot_printer_status{device="printer-1",status="unknown"}'] == 1


async def test_numbers_that_were_refused_for_good_are_counted_by_kiosk(rig: Any, parts: Any) -> None:
    metrics, presence, _, _ = parts
    told = [{"number": "Z1-007", "service": "land", "name": {}, "code": "unknown_service"}]
    for kiosk, refused in (("kiosk-1", told), ("kiosk-2", "something else")):
        state = DeviceState(online=True, session="s", kind=Kind.KIOSK, at=rig.clock.now(), detail={"refused": refused})
        presence.heard(kiosk, state)
    await rig.engine.ask(metrics.collect_hall)
    said = figures(metrics)
    assert said['luot_numbers_refused{device="kiosk-1"}'] == 1
    assert said['luot_numbers_refused{device="kiosk-2"}'] == 0


def test_what_was_dropped_is_shown_by_reason(parts: Any) -> None:
    metrics, _, counts, link = parts
    counts.dropped["unknown_device"] += 2
    counts.prints["paper_out"] += 1
    link.unreadable["malformed"] += 3
    link.connects = 4

    said = figures(metrics)

    assert said['luot_messages_dropped{reason="unknown_device"}'] == 2
    assert said['luot_messages_dropped{reason="malformed"}'] == 3
    assert said['luot_prints{outcome="paper_out"}'] == 1
    assert said["luot_broker_reconnects"] == 3


async def test_no_number_and_nobody_stands_in_a_label(rig: Any, parts: Any) -> None:
    await rig.act("open")
    ticket = await rig.serve_one()
    await rig.engine.ask(parts[0].collect_hall)

    text = parts[0].render().decode()

    for secret in (ticket["number"], ticket["token"], ticket["id"], "officer"):
        assert secret not in text


def test_every_metric_is_described_and_every_description_is_a_metric(parts: Any) -> None:
    described = set(re.findall(r"^\| `(luot_[a-z_]+)`", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))

    assert described == set(parts[0].names)


async def test_a_stored_key_that_is_not_used_is_named(rig: Any, parts: Any, small_centre: dict[str, Any]) -> None:
    centre = parse_centre(small_centre | {"dossier": {"pattern": "(?=H)"}}, stored=True)
    await rig.engine.do(
        PublishCentre(centre=centre, version=2),
        also=lambda batch: batch.versions.append(Version(2, rig.clock.now(), centre.to_document())),
    )
    await rig.engine.ask(parts[0].collect_hall)

    assert figures(parts[0])['luot_configuration_disabled{place="dossier.pattern"}'] == 1
