"""What the doors count: messages that were dropped and why, and what became of slips."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Counts:
    """Figures since the process started.

    dropped    messages that were refused or not sent, by reason
    set_aside  stored rows that could not be used, by table
    restarts   failures of supervised loops, by loop
    floods     times that a device sent more than it may, by device
    suspended  the devices that may not sign in at the broker now because of it
    broker_restarts    of the controller's own broker, by cause: `died`, `hung`
    prints     final and interim results of slips, by outcome: `printed`, `unknown`, `silent` or the printer's error
    reports_refused    devices whose report of numbers lay too far above what a restore knew
    strangers  what was refused over HTTP to those without a session, by reason: `rate`, or why a connection was closed
    """

    dropped: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    restarts: Counter[str] = field(default_factory=Counter)
    prints: Counter[str] = field(default_factory=Counter)
    floods: Counter[str] = field(default_factory=Counter)
    suspended: set[str] = field(default_factory=set)
    broker_restarts: Counter[str] = field(default_factory=Counter)
    reports_refused: set[str] = field(default_factory=set)
    strangers: Counter[str] = field(default_factory=Counter)
