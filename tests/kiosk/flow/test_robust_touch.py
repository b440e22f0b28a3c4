"""A child that presses everything: one number for many touches, and nothing that its screen does not offer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.actions import (
    Begin,
    GiveScore,
    GoBack,
    GoHome,
    GoOn,
    LookUp,
    OpenFind,
    OpenGroup,
    OpenPriorities,
    OpenStaff,
    PinEnter,
    PinErase,
    PinKey,
    Speak,
    Stay,
    TakePriority,
    TakeService,
    TakeTask,
    ToggleReason,
    TypeKey,
)
from kiosk.flow.effects import Ask, CheckPin, Leave
from kiosk.flow.state import Issuing, Shown, Staff
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, ticket_data

if TYPE_CHECKING:
    from kiosk.flow.actions import Action

EVERY: list[Action] = [
    Begin(), GoHome(), GoBack(), Stay(), Speak("en"), Speak("vi"), Speak("xx"), OpenGroup("land"), OpenGroup("nothing"),
    TakeService("land"), TakeService("land-info"), TakeService("nothing"), OpenPriorities(), TakePriority("elderly"),
    TakePriority("king"), OpenFind(), TypeKey("A"), TypeKey("\n"), LookUp(), GiveScore(3), GiveScore(99),
    ToggleReason("slow"), GoOn(), OpenStaff(), PinKey("1"), PinKey(""), PinErase(), PinEnter(), TakeTask("exit"),
    TakeTask("restart"), TakeTask("assist"), TakeTask("reprint"),
]  # fmt: skip


def issued(kiosk: Rehearsal) -> list[Ask]:
    return [effect for effect in kiosk.effects if isinstance(effect, Ask) and effect.op == "issue"]


@pytest.mark.parametrize("again", [TakeService("land"), TakeService("land-info")])
def test_a_button_that_is_pressed_twice_or_another_beside_it_gives_one_number(again: Action) -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"), again, again)
    assert len(issued(kiosk)) == 1
    kiosk.reply({"ticket": ticket_data()})
    kiosk.touch(again, again)
    kiosk.showing(Shown)
    assert len(issued(kiosk)) == 1


def test_a_number_on_its_way_is_left_by_no_touch() -> None:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x"))
    kiosk.touch(Begin(), TakeService("land"), *EVERY)
    kiosk.showing(Issuing)
    assert len(issued(kiosk)) == 1


@given(touches=st.lists(st.sampled_from(EVERY), max_size=60), waits=st.lists(st.floats(0, 40), max_size=10))
def test_whatever_is_pressed_nobody_gets_behind_the_pin_and_each_number_is_asked_for_once(
    touches: list[Action], waits: list[float]
) -> None:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x"))
    for at, action in enumerate(touches):
        kiosk.touch(action)
        if at % 6 == 5 and waits:
            kiosk.wait(waits.pop())
        assert not isinstance(kiosk.view(), Staff)
    asked = [ask.id for ask in issued(kiosk)]
    assert len(asked) == len(set(asked))
    assert not [effect for effect in kiosk.effects if isinstance(effect, Leave)]
    assert all(effect.pin for effect in kiosk.effects if isinstance(effect, CheckPin))


def test_a_touch_of_nothing_changes_nothing_but_when_somebody_was_last_there() -> None:
    kiosk = Rehearsal.configured()
    before = kiosk.state
    kiosk.real += 5
    kiosk.touch(TakeService("land"), GiveScore(1), TypeKey("A"))
    assert replace(kiosk.state, touched=before.touched) == before
