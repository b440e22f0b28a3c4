"""The rating pad of a counter: `step(state, event, moment)`; pure.

It asks about the visit that ended last, while the controller still takes the answer: `window_s` after its end, by the
controller's clock. A level without a reason is sent at once; one that asks for reasons waits for them, and what is
complete when the window is about to close is sent then.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from kiosk.flow import rating_scale
from kiosk.flow.actions import GiveScore, GoBack, GoOn, Speak, ToggleReason
from kiosk.flow.effects import Ask, Forget
from kiosk.flow.rating_scale import Answers

if TYPE_CHECKING:
    from broker.contract.payloads import CounterState
    from kiosk.flow.actions import Action
    from kiosk.flow.config import RaterConfig
    from kiosk.flow.effects import Effect

THANKS_S = 4.0
SORRY_S = 8.0
MARGIN_S = 1.0
"""Real seconds before the controller's window closes at which the pad closes, so that an answer still arrives in time;
at most a tenth of the window."""
REPLY_S = 10.0
IDENTIFY_S = 10.0


@dataclass(frozen=True, slots=True)
class RaterContext:
    """What a step is handed: `real` seconds, the controller's `instant` and its `speed`, and a fresh `id`."""

    real: float
    instant: int
    speed: float
    id: str


@dataclass(frozen=True, slots=True)
class Idle:
    """Nobody is asked."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A visit is being rated; `closes` is the instant from which the pad takes no answer."""

    visit: str
    number: str
    closes: int
    answers: Answers = field(default_factory=Answers)


@dataclass(frozen=True, slots=True)
class Sending:
    """The rating is on its way."""

    request: str
    since: float


@dataclass(frozen=True, slots=True)
class Thanked:
    """It was taken."""

    since: float


@dataclass(frozen=True, slots=True)
class Sorry:
    """It was not; `code` says why."""

    code: str
    since: float


PadView = Idle | Asking | Sending | Thanked | Sorry


@dataclass(frozen=True, slots=True)
class RaterState:
    """A pad at one moment. `asked` are the visits that need no asking again, the newest last."""

    device: str
    config: RaterConfig | None = None
    view: PadView = field(default_factory=Idle)
    lang: str = "vi"
    live: bool = False
    asked: tuple[str, ...] = ()
    identify_until: float = 0.0


# ---- what can happen ----


@dataclass(frozen=True, slots=True)
class PadTick:
    """Time has passed."""


@dataclass(frozen=True, slots=True)
class PadTouched:
    """A finger did something."""

    action: Action


@dataclass(frozen=True, slots=True)
class PadConfigured:
    """The configuration came, or (None) was taken away."""

    config: RaterConfig | None


@dataclass(frozen=True, slots=True)
class PadCounter:
    """The state of the pad's counter came."""

    state: CounterState | None


@dataclass(frozen=True, slots=True)
class PadLive:
    """The controller is heard, or has not been for 15 s."""

    live: bool


@dataclass(frozen=True, slots=True)
class PadReplied:
    """The rating was answered: None for taken, else the code of the refusal."""

    request: str
    code: str | None


@dataclass(frozen=True, slots=True)
class PadIdentify:
    """Somebody wants to see which device this is."""


PadEvent = PadTick | PadTouched | PadConfigured | PadCounter | PadLive | PadReplied | PadIdentify
Next = tuple[RaterState, tuple["Effect", ...]]


def step(state: RaterState, event: PadEvent, moment: RaterContext) -> Next:
    """Give the state after an event, and what is to be done."""
    match event:
        case PadTick():
            return _tick(state, moment)
        case PadTouched(action):
            return _touch(state, action, moment)
        case PadConfigured(config):
            lang = state.lang if config is None or state.lang in config.centre.languages else config.centre.languages[0]
            view = state.view if config is not None else Idle()
            return replace(state, config=config, lang=lang, view=view), ()
        case PadCounter(heard):
            return _counter(state, heard, moment), ()
        case PadReplied():
            return _reply(state, event, moment), ()
        case PadLive(live):
            return replace(state, live=live), ()
        case PadIdentify():
            return replace(state, identify_until=moment.real + IDENTIFY_S), ()


def seconds_left(view: Asking, moment: RaterContext) -> float:
    """Give the real seconds in which the pad still takes an answer."""
    return (view.closes - moment.instant) / 1000 / moment.speed


def _idle(state: RaterState) -> RaterState:
    lang = state.config.centre.languages[0] if state.config else state.lang
    return replace(state, view=Idle(), lang=lang)


def _counter(state: RaterState, heard: CounterState | None, moment: RaterContext) -> RaterState:
    config = state.config
    if config is None or heard is None or not config.rating.levels:
        return state
    if heard.ended is None:
        return _idle(state) if isinstance(state.view, Asking) else state
    if heard.ended.visit in state.asked or isinstance(state.view, Sending):
        return state
    window = config.rating.window_s * 1000
    closes = heard.ended.at + window - min(int(MARGIN_S * 1000 * moment.speed), window // 10)
    asking = Asking(heard.ended.visit, heard.ended.number, closes)
    if seconds_left(asking, moment) <= 0:
        return state
    return replace(_idle(state), view=asking, asked=(*state.asked[-20:], heard.ended.visit))


def _tick(state: RaterState, moment: RaterContext) -> Next:
    view = state.view
    match view:
        case Asking() if seconds_left(view, moment) <= 0:
            return _close(state, view, moment)
        case Sending() if moment.real - view.since >= REPLY_S:
            return replace(state, view=Sorry("try_again", moment.real)), (Forget(view.request),)
        case Thanked(since) if moment.real - since >= THANKS_S:
            return _idle(state), ()
        case Sorry(_, since) if moment.real - since >= SORRY_S:
            return _idle(state), ()
        case _:
            return state, ()


def _close(state: RaterState, view: Asking, moment: RaterContext) -> Next:
    """End the asking: what is complete is sent, what is not is dropped, and a half answer is told."""
    if state.config is None or view.answers.score is None:
        return _idle(state), ()
    if rating_scale.may_go_on(state.config.rating, view.answers):
        return _send(state, view, moment)
    return replace(state, view=Sorry("not_rateable", moment.real)), ()


def _touch(state: RaterState, action: Action, moment: RaterContext) -> Next:
    view, config = state.view, state.config
    if config is None:
        return state, ()
    if isinstance(action, Speak):
        return replace(state, lang=action.lang if action.lang in config.centre.languages else state.lang), ()
    if not isinstance(view, Asking) or seconds_left(view, moment) <= 0:
        return state, ()
    answers = _answered(config, view.answers, action)
    view = replace(view, answers=answers)
    if answers.score is None or rating_scale.question(config.rating, answers) is not rating_scale.Question.NOTHING:
        return replace(state, view=view), ()
    return _send(state, view, moment)


def _answered(config: RaterConfig, answers: Answers, action: Action) -> Answers:
    match action:
        case GiveScore(score):
            return rating_scale.choose_level(config.rating, answers, score)
        case ToggleReason(code) if rating_scale.question(config.rating, answers) is rating_scale.Question.REASONS:
            return rating_scale.toggle_reason(config.rating, answers, code)
        case GoOn():
            return rating_scale.leave_reasons(config.rating, answers)
        case GoBack():
            return Answers()
        case _:
            return answers


def _send(state: RaterState, view: Asking, moment: RaterContext) -> Next:
    if state.config is None:
        return state, ()
    fields = {"visit": view.visit, **rating_scale.rate_fields(state.config.rating, view.answers)}
    return replace(state, view=Sending(moment.id, moment.real)), (Ask(moment.id, "rate", fields),)


def _reply(state: RaterState, reply: PadReplied, moment: RaterContext) -> RaterState:
    if not isinstance(state.view, Sending) or state.view.request != reply.request:
        return state
    return replace(state, view=Sorry(reply.code, moment.real) if reply.code else Thanked(moment.real))
