"""The first screen, also while nothing is issued, and its hints while nobody is there; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from kiosk.flow.hours import is_open, next_opening, spans
from kiosk.flow.state import Welcome
from kiosk.flow.step import closes_in
from kiosk.views.dates import date_words

if TYPE_CHECKING:
    from kiosk.views.context import ViewContext


@dataclass(frozen=True, slots=True)
class Calm:
    """How a first screen stands while nobody is there: a hint, and by how many millimetres it is shifted."""

    hint: str = ""
    right_mm: float = 0.0
    up_mm: float = 0.0


AWAKE = Calm()
"""Somebody is there, or was a moment ago."""


@dataclass(frozen=True, slots=True)
class WelcomeBody:
    """The first screen."""

    greeting: str
    start: str
    hint: str
    hours_label: str
    hours: str
    find: str
    find_note: str
    read: str = ""
    read_note: str = ""
    calm: Calm = AWAKE


@dataclass(frozen=True, slots=True)
class ClosedBody:
    """Nothing is issued at present."""

    title: str
    note: str
    hours_label: str
    hours: str
    find: str
    find_note: str
    read: str = ""
    read_note: str = ""
    calm: Calm = AWAKE


CALM_AFTER_S = 60.0
STEP_S = 20.0
"""So long a hint stands, and what is drawn stands at one place."""
SHIFTS_MM = ((0.0, 0.0), (3.0, 1.0), (-2.0, 2.0), (4.0, -1.0), (-4.0, 1.0), (2.0, -2.0), (-3.0, -1.0))
"""To the right and upwards. No step comes back to the same pixels with the same hint for a while."""


def welcome(context: ViewContext) -> WelcomeBody:
    """Give the first screen."""
    return WelcomeBody(
        context.say("welcome.greeting"), context.say("welcome.start"), context.say("welcome.hint"),
        context.say("welcome.hours"), _hours(context), *doors(context), calm(context),
    )  # fmt: skip


def closed(context: ViewContext) -> ClosedBody:
    """Give the first screen while nothing is issued: why, and when the centre opens."""
    label, hours, rest = context.say("welcome.hours"), _hours(context), (*doors(context), calm(context))
    if is_open(context.config, context.local):
        return ClosedBody(context.say("closed.services"), context.say("closed.services.note"), label, hours, *rest)
    return ClosedBody(context.say("closed.hours"), _opens(context), label, hours, *rest)


def _opens(context: ViewContext) -> str:
    opening = next_opening(context.config, context.local)
    if opening is None:
        return context.say("closed.next.unknown")
    time = f"{opening.minute // 60:02d}:{opening.minute % 60:02d}"
    if opening.day == context.local.date():
        return context.say("closed.next", time=time)
    noon = datetime(opening.day.year, opening.day.month, opening.day.day, 12, tzinfo=UTC)
    return context.say("closed.next.day", time=time, date=date_words(noon, context.say("date"), context.state.lang))


def _hours(context: ViewContext) -> str:
    today = spans(context.config, context.local.date())
    if not today:
        return context.say("welcome.hours.none") if context.config.hours or context.config.days else ""
    return "  ·  ".join(span.words for span in today)


def calm(context: ViewContext) -> Calm:
    """Give the hint and the shift of the present moment; `AWAKE` while somebody is there."""
    state, moment = context.state, context.moment
    quiet = moment.real - state.touched - CALM_AFTER_S
    if not isinstance(state.view, Welcome) or quiet < 0 or closes_in(state, moment) is not None:
        return AWAKE
    at, said = int(quiet // STEP_S), hints(context)
    return Calm(said[at % len(said)], *SHIFTS_MM[at % len(SHIFTS_MM)])


def doors(context: ViewContext) -> tuple[str, str, str, str]:
    """Give what can be done without a number: looking for a slip, and reading about procedures where there are some."""
    ways = ["welcome.find", "welcome.find.note", "welcome.read", "welcome.read.note"]
    find, find_note, read, read_note = (context.say(way) for way in ways)
    return (find, find_note, read, read_note) if context.state.book.titles else (find, find_note, "", "")


def hints(context: ViewContext) -> tuple[str, ...]:
    """Give what a first screen tells in turn; each names the button that it speaks of as it is written there."""
    buttons = {"number": "welcome.start", "slip": "welcome.find", "read": "welcome.read", "access": "access.open"}
    if not context.state.book.titles:
        del buttons["read"]
    return tuple(context.say(f"calm.{hint}", button=context.say(button)) for hint, button in buttons.items())
