"""The definitions of all metrics, in a registry of their own: the only module that knows the library of Prometheus.

Labels are names of the configuration or of the contract: never a number, a ticket, an officer or a person. Each metric
is described in `docs/metrics.md`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE: Final = CONTENT_TYPE_LATEST

WAITS: Final = (60, 300, 600, 900, 1200, 1800, 2700, 3600, 5400, 7200, 10800)
SERVICES: Final = (60, 120, 300, 600, 900, 1200, 1800, 2700, 3600)
ERRORS: Final = (-3600, -1800, -900, -600, -300, -120, 0, 120, 300, 600, 900, 1800, 3600)
LATENCIES: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
BATCHES: Final = (1, 2, 5, 10, 20, 50, 100, 256)


class Definitions:
    """Every metric of one controller."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._define_flow()
        self._define_hall()
        self._define_machine()

    def _define_flow(self) -> None:
        own: dict[str, Any] = {"registry": self.registry}
        by_service: dict[str, Any] = own | {"labelnames": ("service",)}
        self.tickets = {
            name: Counter(f"luot_tickets_{name}", f"Tickets {name} since the process started", **by_service)
            for name in ("issued", "called", "served", "no_show", "cancelled", "expired")
        }
        self.wait = Histogram("luot_wait_seconds", "From issue to the first call", buckets=WAITS, **by_service)
        self.serve = Histogram("luot_service_seconds", "From start, else call, to end", buckets=SERVICES, **by_service)
        self.ratings = Counter("luot_ratings", "Ratings", labelnames=("level",), **own)
        self.error = Histogram(
            "luot_estimate_error_seconds", "Wait minus the middle of the told range", buckets=ERRORS, **by_service
        )
        self.covered = Counter(
            "luot_estimates", "Tickets whose wait had been told", labelnames=("service", "within"), **own
        )

    def _define_hall(self) -> None:
        own: dict[str, Any] = {"registry": self.registry}
        self.waiting = Gauge("luot_waiting", "Tickets that wait", labelnames=("service",), **own)
        self.oldest = Gauge("luot_oldest_wait_seconds", "Longest wait so far", labelnames=("service",), **own)
        self.open = Gauge("luot_service_open_counters", "Counters that can call it now", labelnames=("service",), **own)
        self.disabled = Gauge(
            "luot_configuration_disabled", "1 for each stored key that is not used", labelnames=("place",), **own
        )
        self.counters = Gauge("luot_counters", "Counters", labelnames=("status",), **own)
        self.online = Gauge("luot_device_online", "1 while the device is there", labelnames=("kind", "device"), **own)
        self.heartbeat = Gauge(
            "luot_device_heartbeat_age_seconds", "Since its last birth", labelnames=("kind", "device"), **own
        )
        self.sessions = Gauge("luot_device_reconnects", "New sessions", labelnames=("kind", "device"), **own)
        self.printer = Gauge("luot_printer_status", "1 for its status", labelnames=("device", "status"), **own)
        self.reports = Gauge(
            "luot_highest_refused", "Reports of numbers not believed after a restore", labelnames=("device",), **own
        )
        self.refused = Gauge("luot_numbers_refused", "Own numbers that are in no queue", labelnames=("device",), **own)

    def _define_machine(self) -> None:
        own: dict[str, Any] = {"registry": self.registry}
        self.prints = Gauge("luot_prints", "What became of slips", labelnames=("outcome",), **own)
        self.dropped = Gauge("luot_messages_dropped", "Messages not acted upon", labelnames=("reason",), **own)
        self.strangers = Gauge("luot_strangers_refused", "Refused over HTTP, by reason", labelnames=("reason",), **own)
        self.reconnects = Gauge("luot_broker_reconnects", "Connections to the broker after the first", **own)
        self.connected = Gauge("luot_broker_connected", "1 while the broker can be reached", **own)
        self.broker_restarts = Gauge("luot_broker_restarts", "Of the own broker", labelnames=("reason",), **own)
        self.floods = Gauge("luot_device_floods", "Floods of a device", labelnames=("device",), **own)
        self.suspended = Gauge("luot_device_suspended", "1 while it may not sign in", labelnames=("device",), **own)
        self.commit = Histogram("luot_commit_seconds", "From decision to disk", buckets=LATENCIES, **own)
        self.batch = Histogram("luot_batch_commands", "Commands committed together", buckets=BATCHES, **own)
        self.head = Gauge(
            "luot_journal_head_info", "1; the head of the journal at its last closing", ("day", "seq", "head"), **own
        )
        self.purge = Gauge("luot_purge_age_seconds", "Since rows past their date were deleted", **own)
        self.restarts = Counter("luot_loop_restarts", "Failures of loops", labelnames=("loop",), **own)
        self.set_aside = Gauge("luot_rows_set_aside", "Stored rows that cannot be used", labelnames=("table",), **own)
        self.held = Gauge("luot_clock_held", "1 while the clock is not believed", **own)
        self.skew = Gauge("luot_clock_skew_seconds", "How far a held clock is ahead of the time in use", **own)
        self.ahead = Gauge("luot_clock_journal_ahead_seconds", "How far the journal is later than the clock", **own)
        self.depth = Gauge("luot_outbox_commands", "Device commands without a final result", **own)

    def render(self) -> bytes:
        """Return all figures in Prometheus' text form."""
        return generate_latest(self.registry)

    @property
    def names(self) -> list[str]:
        """Return the names of all metrics as Prometheus shows them."""
        return sorted({family.name for family in self.registry.collect()})


def set_each(gauge: Gauge, figures: Mapping[str, int]) -> None:
    """Set a gauge with one label to a figure for each value of the label."""
    for label, figure in figures.items():
        gauge.labels(label).set(figure)
