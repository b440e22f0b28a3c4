"""What administrators see of a running centre: collects the figures of all metrics."""

from __future__ import annotations

from collections import Counter as Counting
from typing import TYPE_CHECKING, Final

from broker.contract.payloads import CounterStatus
from controller.domain.events import EventType
from controller.metrics.definitions import MEDIA_TYPE, Definitions, set_each

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.link.link_counts import LinkCounts
    from controller.domain.centre.centre import Centre
    from controller.domain.events import Event
    from controller.domain.queue.counter import Counter as CounterOfHall
    from controller.domain.queue.hall import Hall
    from controller.services.counts import Counts
    from controller.services.devices.presence import Presence
    from controller.services.engine.clock_guard import ClockGuard
    from controller.services.engine.engine import Commit
    from controller.services.journal.chain import Checkpoint

PRINTER_STATES: Final = ("ok", "paper_low", "paper_out", "cover_open", "cutter", "offline", "unknown")

ENDINGS: Final = {
    EventType.ISSUED: "issued",
    EventType.FINISHED: "served",
    EventType.NO_SHOW: "no_show",
    EventType.CANCELLED: "cancelled",
    EventType.EXPIRED: "expired",
}


def _callable_at(hall: Hall, counter: CounterOfHall) -> tuple[str, ...]:
    """Return the services that a counter can call from, with the officer who sits there; none when closed or paused."""
    away = counter.status in (CounterStatus.CLOSED, CounterStatus.PAUSED)
    return () if away else hall.services_at(counter)


class MetricsCollector:
    """Collects the figures of one controller."""

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
        self._metrics = Definitions()
        self._presence = presence
        self._counts = counts
        self._link = link
        self._outbox = outbox
        self._purged_at = purged_at
        self._centre: Centre | None = None
        self._restarts_shown = Counting[str]()

    # ---- what happens ----

    def count_commit(self, commit: Commit) -> None:
        """Count a commit and its events."""
        self._metrics.commit.observe(commit.seconds)
        self._metrics.batch.observe(commit.commands)
        for written in commit.batch.journal:
            self._count(written.event)

    def _count(self, event: Event) -> None:
        data = event.data
        name = ENDINGS.get(event.type)
        if name is not None and data.get("carried_from") is None:
            self._metrics.tickets[name].labels(data["service"]).inc()
        if event.type is EventType.CALLED and data["called_at"] == event.at:
            self._metrics.tickets["called"].labels(data["service"]).inc()
            self._first_call(event)
        elif event.type is EventType.FINISHED:
            begun = data["started_at"] or data["last_called_at"]
            self._metrics.serve.labels(data["service"]).observe((event.at - begun) / 1000)
        elif event.type is EventType.RATED:
            self._metrics.ratings.labels(str(data["score"])).inc()

    def _first_call(self, event: Event) -> None:
        service, estimate = event.data["service"], event.data["told"]
        waited = (event.at - event.data["issued_at"]) / 1000
        self._metrics.wait.labels(service).observe(waited)
        if estimate is not None:
            self._metrics.error.labels(service).observe(waited - (estimate["low_s"] + estimate["high_s"]) / 2)
            within = estimate["low_s"] <= waited <= estimate["high_s"]
            self._metrics.covered.labels(service, "yes" if within else "no").inc()

    def collect_hall(self, hall: Hall, now: int) -> None:
        """Collect the figures of the hall; called between two commits."""
        self._centre = hall.centre
        self._metrics.purge.set((now - self._purged_at()) / 1000)
        for gauge in (self._metrics.waiting, self._metrics.oldest, self._metrics.open):
            gauge.clear()
        for service in hall.centre.services:
            self._metrics.waiting.labels(service).set(hall.waiting_for(service))
            first = [line.tickets[0].issued_at for line in hall.lines.of_service.get(service, ()) if line.tickets]
            self._metrics.oldest.labels(service).set((now - min(first)) / 1000 if first else 0)
        calling = Counting(one for counter in hall.counters.values() for one in _callable_at(hall, counter))
        for service in hall.centre.services:
            self._metrics.open.labels(service).set(calling[service])
        self._metrics.disabled.clear()
        for place in hall.centre.disabled:
            self._metrics.disabled.labels(place).set(1)
        statuses = [counter.status for counter in hall.counters.values()]
        for status in CounterStatus:
            self._metrics.counters.labels(status.value).set(statuses.count(status))

    # ---- what is asked ----

    def render(self) -> bytes:
        """Return all figures in Prometheus' text form."""
        self._collect_devices()
        for device in self._counts.reports_refused:
            self._metrics.reports.labels(device).set(1)
        set_each(self._metrics.prints, self._counts.prints)
        set_each(self._metrics.dropped, self._counts.dropped + self._link.unreadable)
        set_each(self._metrics.set_aside, self._counts.set_aside)
        for loop, failures in self._counts.restarts.items():
            self._metrics.restarts.labels(loop).inc(failures - self._restarts_shown[loop])
        self._restarts_shown = self._counts.restarts.copy()
        set_each(self._metrics.broker_restarts, self._counts.broker_restarts)
        set_each(self._metrics.floods, self._counts.floods)
        self._metrics.connected.set(self._link.connected)
        self._metrics.suspended.clear()
        set_each(self._metrics.suspended, dict.fromkeys(self._counts.suspended, 1))
        set_each(self._metrics.strangers, self._counts.strangers)
        self._metrics.reconnects.set(self._link.reconnects)
        self._metrics.head.clear()
        closing = self._closing()
        if closing is not None:
            self._metrics.head.labels(closing.day, closing.seq, closing.head).set(1)
        self._metrics.depth.set(self._outbox())
        self._metrics.held.set(self._guard.held is not None)
        self._metrics.skew.set(self._guard.skew_s)
        ahead = self._guard.ahead
        self._metrics.ahead.set(0 if ahead is None else ahead.seconds)
        return self._metrics.render()

    def page(self) -> tuple[bytes, str]:
        """Return `render()` with its media type."""
        return self.render(), MEDIA_TYPE

    @property
    def names(self) -> list[str]:
        """Return the names of all metrics as Prometheus shows them."""
        return self._metrics.names

    def _collect_devices(self) -> None:
        own = self._metrics
        for gauge in (own.online, own.heartbeat, own.sessions, own.printer, own.refused):
            gauge.clear()
        for device in self._centre.device if self._centre is not None else ():
            kind, name = device.kind.value, device.id
            self._metrics.online.labels(kind, name).set(self._presence.online(name))
            age = self._presence.age_s(name)
            if age is not None:
                self._metrics.heartbeat.labels(kind, name).set(age)
            self._metrics.sessions.labels(kind, name).set(self._presence.reconnects(name))
            if kind == "printer":
                self._collect_printer(name)
            if kind == "kiosk":
                seen = self._presence.seen(name)
                reported = seen.detail.get("refused") if seen is not None else None
                self._metrics.refused.labels(name).set(len(reported) if isinstance(reported, list) else 0)

    def _collect_printer(self, device: str) -> None:
        seen = self._presence.seen(device)
        reported = seen.detail.get("printer") if seen is not None and self._presence.online(device) else None
        status = reported if reported in PRINTER_STATES else "unknown"
        for state in PRINTER_STATES:
            self._metrics.printer.labels(device, state).set(state == status)
