"""The rating pad's flow."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.contract.payloads import CounterState
from broker.contract.times import format_instant
from broker.runtime.catalogue import catalogue
from kiosk.flow.actions import GiveScore, GoBack, GoOn, Speak, ToggleReason
from kiosk.flow.effects import Ask, Forget
from kiosk.flow.rater import (
    REPLY_S,
    Asking,
    Idle,
    PadConfigured,
    PadCounter,
    PadIdentify,
    PadLive,
    PadReplied,
    PadTick,
    PadTouched,
    PadView,
    RaterContext,
    RaterState,
    Sending,
    Sorry,
    Thanked,
    step,
)
from kiosk.views.messages import MessageBody
from kiosk.views.rater import build_rater
from kiosk.views.rating import RateBody
from tests.gallery.kiosk.specimens import MONDAY_MORNING, a_rater, rating_data
from tests.support.examples import examples

if TYPE_CHECKING:
    from kiosk.flow.actions import Action
    from kiosk.flow.effects import Effect
    from kiosk.flow.rater import PadEvent

V = TypeVar("V", bound=PadView)


@dataclass
class Pad:
    state: RaterState = field(default_factory=lambda: RaterState("rater-3"))
    real: float = 100.0
    speed: float = 1.0
    serial: int = 0
    effects: list[Effect] = field(default_factory=list)

    @property
    def moment(self) -> RaterContext:
        instant = MONDAY_MORNING + int((self.real - 100.0) * 1000 * self.speed)
        return RaterContext(self.real, instant, self.speed, str(uuid.UUID(int=self.serial)))

    def play(self, *events: PadEvent) -> tuple[Effect, ...]:
        effects: tuple[Effect, ...] = ()
        for event in events:
            self.serial += 1
            self.state, effects = step(self.state, event, self.moment)
            self.effects.extend(effects)
        return effects

    def touch(self, *actions: Action) -> tuple[Effect, ...]:
        return self.play(*(PadTouched(action) for action in actions))

    def wait(self, seconds: float) -> tuple[Effect, ...]:
        self.real += seconds
        return self.play(PadTick())

    def showing(self, kind: type[V]) -> V:
        assert isinstance(self.state.view, kind), self.state.view
        return self.state.view


def counter(visit: str | None = "v1", ended_ms: int = MONDAY_MORNING, number: str | None = None) -> CounterState:
    ended = {"visit": visit, "number": "A007", "at": format_instant(ended_ms)} if visit else None
    told = {"counter": "c3", "label": {"vi": "Quầy 3"}, "status": "calling" if number else "open", "number": number}
    return CounterState.model_validate({**told, "since": format_instant(MONDAY_MORNING), "ended": ended})


@pytest.fixture
def pad() -> Pad:
    made = Pad()
    made.play(PadConfigured(a_rater()), PadLive(True))
    return made


@pytest.fixture
def asking(pad: Pad) -> Pad:
    pad.play(PadCounter(counter()))
    return pad


def test_a_visit_that_has_just_ended_is_asked_about(asking: Pad) -> None:
    assert asking.showing(Asking).number == "A007"


def test_one_touch_rates_a_good_visit(asking: Pad) -> None:
    (effect,) = asking.touch(GiveScore(3))
    assert isinstance(effect, Ask)
    assert (effect.op, effect.fields) == ("rate", {"visit": "v1", "score": 3, "version": 3})
    asking.play(PadReplied(effect.id, None))
    asking.showing(Thanked)
    asking.wait(5)
    asking.showing(Idle)


def test_a_bad_level_asks_for_a_reason_before_it_is_sent(asking: Pad) -> None:
    assert asking.touch(GiveScore(1), GoOn()) == ()
    (effect,) = asking.touch(ToggleReason("slow"), GoOn())
    assert isinstance(effect, Ask)
    assert effect.fields == {"visit": "v1", "score": 1, "version": 3, "reasons": ["slow"]}


def test_the_level_can_be_chosen_again(asking: Pad) -> None:
    asking.touch(GiveScore(1), ToggleReason("slow"), GoBack())
    (effect,) = asking.touch(GiveScore(2))
    assert isinstance(effect, Ask)
    assert "reasons" not in effect.fields


def test_nobody_who_touches_nothing_is_rated_for(asking: Pad) -> None:
    assert asking.wait(29) == ()
    asking.showing(Idle)
    assert asking.effects == []


def test_an_answer_is_taken_until_just_before_the_controllers_window_closes(asking: Pad) -> None:
    asking.wait(28.5)
    (effect,) = asking.touch(GiveScore(2))
    assert isinstance(effect, Ask)


def test_what_is_complete_when_the_window_closes_is_sent(asking: Pad) -> None:
    asking.touch(GiveScore(1), ToggleReason("other"))
    (effect,) = asking.wait(29)
    assert isinstance(effect, Ask)
    assert effect.fields["reasons"] == ["other"]


def test_a_required_reason_that_never_came_is_told_and_nothing_is_sent(asking: Pad) -> None:
    asking.touch(GiveScore(1))
    assert asking.wait(29) == ()
    assert asking.showing(Sorry).code == "not_rateable"
    asking.wait(8)
    asking.showing(Idle)


def test_the_same_end_heard_again_asks_no_second_time(asking: Pad) -> None:
    asking.touch(GiveScore(3))
    asking.play(PadReplied(asking.showing(Sending).request, None), PadCounter(counter()))
    asking.showing(Thanked)
    asking.wait(5)
    asking.play(PadCounter(counter()))
    asking.showing(Idle)


def test_an_end_of_long_ago_is_not_asked_about_after_a_restart(pad: Pad) -> None:
    pad.play(PadCounter(counter(ended_ms=MONDAY_MORNING - 29_500)))
    pad.showing(Idle)


def test_an_undone_end_is_not_asked_about_any_more(asking: Pad) -> None:
    asking.play(PadCounter(counter(None)))
    asking.showing(Idle)


def test_the_next_call_does_not_take_the_question_away(asking: Pad) -> None:
    asking.play(PadCounter(counter(number="A008")))
    asking.showing(Asking)


def test_the_next_visit_that_ends_replaces_the_question(asking: Pad) -> None:
    asking.touch(GiveScore(1))
    asking.play(PadCounter(counter("v2")))
    assert asking.showing(Asking).visit == "v2"
    assert asking.showing(Asking).answers.score is None


@pytest.mark.parametrize("code", ["already_rated", "not_rateable", "bad_request"])
def test_a_refusal_is_told(asking: Pad, code: str) -> None:
    asking.touch(GiveScore(3))
    asking.play(PadReplied(asking.showing(Sending).request, code))
    assert asking.showing(Sorry).code == code


def test_a_rating_that_nobody_answers_ends(asking: Pad) -> None:
    asking.touch(GiveScore(3))
    request = asking.showing(Sending).request
    assert asking.wait(REPLY_S) == (Forget(request),)
    asking.showing(Sorry)


def test_a_scale_without_levels_asks_nothing() -> None:
    pad = Pad()
    pad.play(PadConfigured(a_rater(rating={**rating_data(), "levels": []})), PadCounter(counter()))
    pad.showing(Idle)


def test_without_a_configuration_nothing_is_asked_or_touched() -> None:
    pad = Pad()
    assert pad.play(PadCounter(counter()), PadTouched(GiveScore(3))) == ()
    pad.showing(Idle)


def test_a_driven_clock_shortens_the_window_in_real_seconds() -> None:
    pad = Pad(speed=10.0)
    pad.play(PadConfigured(a_rater()), PadCounter(counter()))
    pad.wait(2.6)
    pad.showing(Asking)
    pad.wait(0.2)
    pad.showing(Idle)


def test_the_language_goes_back_to_the_centres_for_the_next_person(asking: Pad) -> None:
    asking.touch(Speak("en"))
    assert asking.state.lang == "en"
    asking.wait(29)
    assert asking.state.lang == "vi"


def test_the_faces_say_which_number_and_how_long(asking: Pad) -> None:
    words = catalogue("kiosk")
    body = build_rater(asking.state, asking.moment, words).body
    assert isinstance(body, RateBody)
    assert "A007" in body.title
    assert body.closes == ""
    assert [level.icon for level in body.levels] == ["face_happy", "face_content", "face_unhappy"]
    asking.wait(20)
    late = build_rater(asking.state, asking.moment, words).body
    assert isinstance(late, RateBody)
    assert late.closes == "Còn 9 giây"


def test_a_pad_that_hears_nobody_says_so_and_can_be_found(pad: Pad) -> None:
    pad.play(PadLive(False), PadIdentify())
    shown = build_rater(pad.state, pad.moment, catalogue("kiosk"))
    assert shown.top.note == "Đang mất kết nối"
    assert "rater-3" in shown.top.device
    assert isinstance(shown.body, MessageBody)


TOUCHES = [GiveScore(1), GiveScore(3), GiveScore(9), GoOn(), GoBack(), Speak("en"), ToggleReason("slow")]
ANYTHING = st.one_of(
    st.just(PadTick()),
    st.builds(PadTouched, st.sampled_from(TOUCHES)),
    st.builds(PadCounter, st.sampled_from([None, counter(), counter("v2"), counter(None)])),
    st.builds(PadConfigured, st.sampled_from([None, a_rater()])),
    st.builds(PadReplied, st.just("?"), st.sampled_from([None, "already_rated"])),
)


@examples()
@given(st.lists(st.tuples(ANYTHING, st.sampled_from([0.0, 1.0, 29.0])), max_size=25))
def test_anything_may_happen_and_time_alone_leads_back_to_idle(story: list[tuple[PadEvent, float]]) -> None:
    pad = Pad()
    pad.play(PadConfigured(a_rater()))
    for event, seconds in story:
        if isinstance(event, PadReplied) and isinstance(pad.state.view, Sending):
            event = PadReplied(pad.state.view.request, event.code)  # noqa: PLW2901 - the id that only the flow knows
        pad.play(event)
        pad.wait(seconds)
    rated = [effect.fields["visit"] for effect in pad.effects if isinstance(effect, Ask)]
    assert len(rated) == len(set(rated))
    for _ in range(20):
        pad.wait(5)
    pad.showing(Idle)
