"""Plays events into the kiosk's flow without a window, a link or a clock: for tests and the contact sheet."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from kiosk.flow.context import StepContext
from kiosk.flow.effects import Ask, CheckPin, Effect, PrintTrial
from kiosk.flow.events import Configured, Event, LiveChanged, PrinterAttached, Replied, Tick, Touched
from kiosk.flow.state import State, View
from kiosk.flow.step import step
from tests.gallery.kiosk.specimens import MONDAY_MORNING, a_kiosk

if TYPE_CHECKING:
    from kiosk.flow.actions import Action
    from kiosk.flow.config import KioskConfig

V = TypeVar("V", bound=View)


@dataclass
class Rehearsal:
    """A kiosk that is played: its state, its time (`real` in seconds, `instant` in milliseconds), every effect."""

    state: State = field(default_factory=lambda: State("kiosk-1"))
    real: float = 1000.0
    instant: int = MONDAY_MORNING
    day: str = "2026-11-23"
    effects: list[Effect] = field(default_factory=list)
    steps: int = 0

    @classmethod
    def configured(cls, config: KioskConfig | None = None, *, live: bool = True, own_printer: bool = True) -> Rehearsal:
        """Give a kiosk that has its configuration and, when `live`, hears the controller."""
        played = cls()
        played.play(Configured(config or a_kiosk()), LiveChanged(live), PrinterAttached(own_printer))
        played.effects.clear()
        return played

    def moment(self) -> StepContext:
        """Give the present moment with an id and a token of its own."""
        self.steps += 1
        return StepContext(
            self.real, self.instant, self.day, str(uuid.UUID(int=self.steps)), f"token-{self.steps:020d}"
        )

    def play(self, *events: Event) -> tuple[Effect, ...]:
        """Take events one after another and give the effects of the last."""
        effects: tuple[Effect, ...] = ()
        for event in events:
            self.state, effects = step(self.state, event, self.moment())
            self.effects.extend(effects)
        return effects

    def touch(self, *actions: Action) -> tuple[Effect, ...]:
        """Touch, one after another, and give the effects of the last."""
        return self.play(*(Touched(action) for action in actions))

    def wait(self, seconds: float) -> tuple[Effect, ...]:
        """Let time pass and give the effects."""
        self.real += seconds
        self.instant += int(seconds * 1000)
        return self.play(Tick())

    def reply(self, result: dict[str, object] | None = None, code: str | None = None) -> tuple[Effect, ...]:
        """Answer the last request and give the effects."""
        return self.play(Replied(self.asked().id, result, code))

    def view(self) -> View:
        """Give the view that is shown."""
        return self.state.view

    def showing(self, kind: type[V]) -> V:
        """Give the view that is shown, which must be of a kind; another one is a TypeError."""
        if not isinstance(self.state.view, kind):
            raise TypeError(f"{self.state.view} is shown, not {kind.__name__}")
        return self.state.view

    def looked_at(self) -> str:
        """Give the id under which the last PIN was looked at."""
        return next(effect.id for effect in reversed(self.effects) if isinstance(effect, CheckPin))

    def tested(self) -> str:
        """Give the id of the last test slip."""
        return next(effect.id for effect in reversed(self.effects) if isinstance(effect, PrintTrial))

    def asked(self) -> Ask:
        """Give the last request; a LookupError when there was none."""
        for effect in reversed(self.effects):
            if isinstance(effect, Ask):
                return effect
        raise LookupError("nothing was asked")
