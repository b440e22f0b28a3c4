"""What administrators see of a running centre, for Prometheus: the only place that knows its library.

Labels are names of the configuration or of the contract: never a number, a ticket, an officer or a person. Each metric
is described in `docs/metrics.md`.
"""

from __future__ import annotations

from collections import Counter as Counting
from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from broker.contract.payloads import CounterStatus
from controller.domain.events import FactType

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from broker.link.link_counts import LinkCounts
    from controller.domain.centre.centre import Centre
    from controller.domain.events import Fact
    from controller.domain.queue.counter import Counter as CounterOfHall
    from controller.domain.queue.hall import Hall
    from controller.services.counts import Counts
    from controller.services.devices.presence import Presence
    from controller.services.engine.clock_guard import ClockGuard
    from controller.services.engine.engine import Commit
    from controller.services.journal.chain import Checkpoint

WAITS: Final = (60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800)
SERVICES: Final = (60, 120, 300, 600, 900, 1200, 1800, 2700, 3600)
ERRORS: Final = (-3600, -1800, -900, -600, -300, -120, 0, 120, 300, 600, 900, 1800, 3600)
LATENCIES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
BATCHES: Final = (1, 2, 5, 10, 20, 50, 100, 256)
PRINTER_STATES: Final = ("ok", "paper_low", "paper_out", "cover_open", "cutter", "offline", "unknown")

ENDINGS: Final = {
    FactType.ISSUED: "issued",
    FactType.FINISHED: "served",
    FactType.NO_SHOW: "no_show",
    FactType.CANCELLED: "cancelled",
    FactType.EXPIRED: "expired",
}


def _callable_at(hall: Hall, counter: CounterOfHall) -> tuple[str, ...]:
    """Give the services that a counter can call from, with the officer who sits there; none when closed or paused."""
    away = counter.status in (CounterStatus.CLOSED, CounterStatus.PAUSED)
    return () if away else hall.services_at(counter)


class Metrics:
    """The figures of one controller, in a registry of their own."""

    def __init__(
        self,
        presence: Presence,
        counts: Counts,
        link: LinkCounts,
        outbox: Callable[[], int],
        purged_at: Callable[[], int],
        guard: ClockGuard,
        closing: Callable[[], Checkpoint | None],
    ) -> None:
        self._closing = closing
        self._guard = guard
        self._registry = CollectorRegistry()
        self._presence = presence
        self._counts = counts
        self._link = link
        self._outbox = outbox
        self._purged_at = purged_at
        self._centre: Centre | None = None
        self._restarts_shown = Counting[str]()
        self._make_flow()
        self._make_hall()
        self._make_machine()

    def _make_flow(self) -> None:
        own: dict[str, Any] = {"registry": self._registry}
        by_service: dict[str, Any] = own | {"labelnames": ("service",)}
        self._tickets = {
            name: Counter(f"luot_tickets_{name}", f"Tickets {name} since the process started", **by_service)
            for name in ("issued", "called", "served", "no_show", "cancelled", "expired")
        }
        self._wait = Histogram("luot_wait_seconds", "From issue to the first call", buckets=WAITS, **by_service)
        self._serve = Histogram("luot_service_seconds", "From start, else call, to end", buckets=SERVICES, **by_service)
        self._ratings = Counter("luot_ratings", "Ratings", labelnames=("level",), **own)
        self._error = Histogram(
            "luot_estimate_error_seconds", "Wait minus the middle of the told range", buckets=ERRORS, **by_service
        )
        self._covered = Counter(
            "luot_estimates", "Tickets whose wait had been told", labelnames=("service", "within"), **own
        )

    def _make_hall(self) -> None:
        own: dict[str, Any] = {"registry": self._registry}
        self._waiting = Gauge("luot_waiting", "Tickets that wait", labelnames=("service",), **own)
        self._oldest = Gauge("luot_oldest_wait_seconds", "Longest wait so far", labelnames=("service",), **own)
        self._open = Gauge(
            "luot_service_open_counters", "Counters that can call it now", labelnames=("service",), **own
        )
        self._disabled = Gauge(
            "luot_configuration_disabled", "1 for each stored key that is not used", labelnames=("place",), **own
        )
        self._counters = Gauge("luot_counters", "Counters", labelnames=("status",), **own)
        self._online = Gauge("luot_device_online", "1 while the device is there", labelnames=("kind", "device"), **own)
        self._heartbeat = Gauge(
            "luot_device_heartbeat_age_seconds", "Since its last birth", labelnames=("kind", "device"), **own
        )
        self._sessions = Gauge("luot_device_reconnects", "New sessions", labelnames=("kind", "device"), **own)
        self._printer = Gauge("luot_printer_status", "1 for its status", labelnames=("device", "status"), **own)
        self._reports = Gauge(
            "luot_highest_refused", "Reports of numbers not believed after a restore", labelnames=("device",), **own
        )
        self._refused = Gauge("luot_numbers_refused", "Own numbers that are in no queue", labelnames=("device",), **own)

    def _make_machine(self) -> None:
        own: dict[str, Any] = {"registry": self._registry}
        self._prints = Gauge("luot_prints", "What became of slips", labelnames=("outcome",), **own)
        self._dropped = Gauge("luot_messages_dropped", "Messages not acted upon", labelnames=("reason",), **own)
        self._strangers = Gauge("luot_strangers_refused", "Refused over HTTP, by reason", labelnames=("reason",), **own)
        self._reconnects = Gauge("luot_broker_reconnects", "Connections to the broker after the first", **own)
        self._connected = Gauge("luot_broker_connected", "1 while the broker can be reached", **own)
        self._broker_restarts = Gauge("luot_broker_restarts", "Of the own broker", labelnames=("reason",), **own)
        self._floods = Gauge("luot_device_floods", "Floods of a device", labelnames=("device",), **own)
        self._suspended = Gauge("luot_device_suspended", "1 while it may not sign in", labelnames=("device",), **own)
        self._commit = Histogram("luot_commit_seconds", "From decision to disk", buckets=LATENCIES, **own)
        self._batch = Histogram("luot_batch_commands", "Commands committed together", buckets=BATCHES, **own)
        self._head = Gauge(
            "luot_journal_head_info", "1; the head of the journal at its last closing", ("day", "seq", "head"), **own
        )
        self._purge = Gauge("luot_purge_age_seconds", "Since rows past their date were deleted", **own)
        self._restarts = Counter("luot_loop_restarts", "Failures of loops", labelnames=("loop",), **own)
        self._set_aside = Gauge("luot_rows_set_aside", "Stored rows that cannot be used", labelnames=("table",), **own)
        self._held = Gauge("luot_clock_held", "1 while the clock is not believed", **own)
        self._skew = Gauge("luot_clock_skew_seconds", "How far a held clock is ahead of the time in use", **own)
        self._ahead = Gauge("luot_clock_journal_ahead_seconds", "How far the journal is later than the clock", **own)
        self._depth = Gauge("luot_outbox_commands", "Device commands without a final result", **own)

    # ---- what happens ----

    def committed(self, commit: Commit) -> None:
        """Count a commit and its facts."""
        self._commit.observe(commit.seconds)
        self._batch.observe(commit.commands)
        for written in commit.batch.journal:
            self._count(written.fact)

    def _count(self, fact: Fact) -> None:
        data = fact.data
        name = ENDINGS.get(fact.type)
        if name is not None and data.get("carried_from") is None:
            self._tickets[name].labels(data["service"]).inc()
        if fact.type is FactType.CALLED and data["called_at"] == fact.at:
            self._tickets["called"].labels(data["service"]).inc()
            self._first_call(fact)
        elif fact.type is FactType.FINISHED:
            begun = data["started_at"] or data["last_called_at"]
            self._serve.labels(data["service"]).observe((fact.at - begun) / 1000)
        elif fact.type is FactType.RATED:
            self._ratings.labels(str(data["score"])).inc()

    def _first_call(self, fact: Fact) -> None:
        service, told = fact.data["service"], fact.data["told"]
        waited = (fact.at - fact.data["issued_at"]) / 1000
        self._wait.labels(service).observe(waited)
        if told is not None:
            self._error.labels(service).observe(waited - (told["low_s"] + told["high_s"]) / 2)
            within = told["low_s"] <= waited <= told["high_s"]
            self._covered.labels(service, "yes" if within else "no").inc()

    def look(self, hall: Hall, now: int) -> None:
        """Take what stands in the hall: asked between two commits."""
        self._centre = hall.centre
        self._purge.set((now - self._purged_at()) / 1000)
        for gauge in (self._waiting, self._oldest, self._open):
            gauge.clear()
        for service in hall.centre.services:
            self._waiting.labels(service).set(hall.waiting_for(service))
            first = [line.tickets[0].issued_at for line in hall.lines.of_service.get(service, ()) if line.tickets]
            self._oldest.labels(service).set((now - min(first)) / 1000 if first else 0)
        calling = Counting(one for counter in hall.counters.values() for one in _callable_at(hall, counter))
        for service in hall.centre.services:
            self._open.labels(service).set(calling[service])
        self._disabled.clear()
        for place in hall.centre.disabled:
            self._disabled.labels(place).set(1)
        statuses = [counter.status for counter in hall.counters.values()]
        for status in CounterStatus:
            self._counters.labels(status.value).set(statuses.count(status))

    # ---- what is asked ----

    def render(self) -> bytes:
        """Give all figures in Prometheus' text form."""
        self._look_at_devices()
        for device in self._counts.reports_refused:
            self._reports.labels(device).set(1)
        self._replace(self._prints, self._counts.prints)
        self._replace(self._dropped, self._counts.dropped + self._link.unreadable)
        self._replace(self._set_aside, self._counts.set_aside)
        for loop, failures in self._counts.restarts.items():
            self._restarts.labels(loop).inc(failures - self._restarts_shown[loop])
        self._restarts_shown = self._counts.restarts.copy()
        self._replace(self._broker_restarts, self._counts.broker_restarts)
        self._replace(self._floods, self._counts.floods)
        self._connected.set(self._link.connected)
        self._suspended.clear()
        self._replace(self._suspended, dict.fromkeys(self._counts.suspended, 1))
        self._replace(self._strangers, self._counts.strangers)
        self._reconnects.set(self._link.reconnects)
        self._head.clear()
        closing = self._closing()
        if closing is not None:
            self._head.labels(closing.day, closing.seq, closing.head).set(1)
        self._depth.set(self._outbox())
        self._held.set(self._guard.held is not None)
        self._skew.set(self._guard.skew_s)
        ahead = self._guard.ahead
        self._ahead.set(0 if ahead is None else ahead.seconds)
        return generate_latest(self._registry)

    def page(self) -> tuple[bytes, str]:
        """Give `render()` with its media type."""
        return self.render(), CONTENT_TYPE_LATEST

    @property
    def names(self) -> list[str]:
        """Give the names of all metrics as Prometheus shows them."""
        return sorted({name for family in self._registry.collect() for name in [family.name]})

    def _look_at_devices(self) -> None:
        for gauge in (self._online, self._heartbeat, self._sessions, self._printer, self._refused):
            gauge.clear()
        for device in self._centre.device if self._centre is not None else ():
            kind, name = device.kind.value, device.id
            self._online.labels(kind, name).set(self._presence.online(name))
            age = self._presence.age_s(name)
            if age is not None:
                self._heartbeat.labels(kind, name).set(age)
            self._sessions.labels(kind, name).set(self._presence.reconnects(name))
            if kind == "printer":
                self._look_at_printer(name)
            if kind == "kiosk":
                seen = self._presence.seen(name)
                told = seen.detail.get("refused") if seen is not None else None
                self._refused.labels(name).set(len(told) if isinstance(told, list) else 0)

    def _look_at_printer(self, device: str) -> None:
        seen = self._presence.seen(device)
        told = seen.detail.get("printer") if seen is not None and self._presence.online(device) else None
        status = told if told in PRINTER_STATES else "unknown"
        for state in PRINTER_STATES:
            self._printer.labels(device, state).set(state == status)

    def _replace(self, gauge: Gauge, figures: Mapping[str, int]) -> None:
        for label, figure in figures.items():
            gauge.labels(label).set(figure)
