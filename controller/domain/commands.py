"""What may be asked of the hall. Each command is decided by `controller.domain.decide`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from broker.contract.payloads import Origin
    from controller.domain.centre.centre import Centre


class Rank(StrEnum):
    """On whose authority a counter acts."""

    KEYPAD = "keypad"
    OFFICER = "officer"
    SUPERVISOR = "supervisor"  # administrators too
    TIMER = "timer"


class Action(StrEnum):
    """Actions of a counter: those of contract 5, and three that only programs and pages have."""

    OPEN = "open"
    CLOSE = "close"
    NEXT = "next"
    RECALL = "recall"
    START = "start"
    FINISH = "finish"
    NO_SHOW = "no_show"
    PARK = "park"
    PAUSE = "pause"
    RESUME = "resume"
    UNDO = "undo"
    TRANSFER = "transfer"
    CALL = "call"
    RETURN = "return"
    CONTINUE = "continue"  # the same visit goes on with another service
    WALK_IN = "walk_in"  # somebody without a ticket is served at once
    HAND_OVER = "hand_over"  # another officer goes on with the visit in hand


class NotGiven:
    """The sender did not say which number it saw in hand."""


UNSAID: Final = NotGiven()


@dataclass(frozen=True, slots=True, kw_only=True)
class Offline:
    """A number that a kiosk gave while nobody answered.

    `at` is already corrected by (arrival - the request's `at`); the rules clamp it between `not_before` (that kiosk's
    last answered request, if the caller knows one) and now. `made` is the ticket of an earlier day that `replaces`
    made: the data of its last event, from the store; one of today is known to the hall. `past` is the same of a
    ticket of an earlier day that has this token already.
    """

    number: str
    token: str
    at: int
    replaces: str | None = None
    not_before: int | None = None
    made: Mapping[str, Any] | None = None
    past: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Give a number. `request` is the request's id, for the print command and for a later `replaces`.

    `person` is the mark of a person under the key of the day: a service gives it one number a day.
    """

    service: str
    origin: Origin
    priority: str = "normal"
    staff: bool = False
    lang: str = "vi"
    dossier: str | None = None
    person: str | None = None
    device: str | None = None
    printer: str | None = None
    officer: str | None = None
    request: str | None = None
    offline: Offline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """Take a waiting ticket back, by its holder."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprint:
    """Print a slip once more, marked as a copy; `device` is the kiosk that asks."""

    token: str
    printer: str | None
    request: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Rate a visit: by the ticket's token, or at a counter's pad by the visit that just ended there.

    `arrived` is when the request's id first arrived, if that was earlier: the pad's window is judged by it.
    """

    score: int
    version: int
    token: str | None = None
    visit: str | None = None
    counter: str | None = None
    reasons: tuple[str, ...] = ()
    comment: str | None = None
    answers: dict[str, int] = field(default_factory=dict)
    arrived: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterCommand:
    """Do an action at a counter. `seen` is the number in hand as the sender saw it, None for nobody, or UNSAID.

    `number` and `reason`: of `call`, `return`; `reason` also of `pause`. A reason that is a code stands in the event,
    any other words are kept apart. `service`, `to_counter`, `to_officer`: one of them for `transfer`; `service` also
    for `continue` and `walk_in` (with `priority`, `lang`), `to_officer` for `hand_over`. `minutes`: after which a
    parked ticket waits again. `outcome` (a configured code) and `quantity`: of the visit that ends.
    """

    action: Action
    counter: str
    rank: Rank
    officer: str | None = None
    seen: str | NotGiven | None = UNSAID
    number: str | None = None
    reason: str | None = None
    service: str | None = None
    to_counter: str | None = None
    to_officer: str | None = None
    note: str | None = None
    minutes: int | None = None
    outcome: str | None = None
    quantity: int | None = None
    priority: str = "normal"
    lang: str = "vi"
    bounce_ms: int | None = None
    """For a plain-text press: `next` within this many ms of the counter's last one is ignored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprioritise:
    """Give a waiting ticket another priority class, with the reason."""

    number: str
    priority: str
    reason: str
    officer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipOutcome:
    """What became of a slip: printed (True), not printed (False), not known (None).

    `final` is False for an interim None, after which the printer may still give its final word: until then the slip
    is undecided.
    """

    ticket: str
    ok: bool | None
    error: str | None = None
    copy: bool = False
    printer: str | None = None
    final: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCentre:
    """Put a new version of the configuration in force."""

    centre: Centre
    version: int
    officer: str | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Let time act: close a day that is over, bring back parked tickets, end what has a time limit."""


Command = Issue | Cancel | Reprint | Rate | CounterCommand | Reprioritise | SlipOutcome | PublishCentre | Tick
