"""The staff at a kiosk: the PIN, the menu behind it, and nothing of either for anybody else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from kiosk.flow.actions import (
    Begin,
    GoHome,
    OpenFind,
    OpenGroup,
    OpenStaff,
    PinEnter,
    PinErase,
    PinKey,
    TakeService,
    TakeTask,
)
from kiosk.flow.effects import CheckPin, Leave, LookAround, PrintTrial
from kiosk.flow.events import Configured, LookedAround, PinChecked, Pressed, Scanned, TrialEnded
from kiosk.flow.keys import Key
from kiosk.flow.staff import PIN_S, TASK_S
from kiosk.flow.state import About, Find, Groups, Issuing, Pin, Services, Staff, Task, Welcome
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, ticket_data

PIN = "481572"
FURTHER = {"id": "archive", "group": "archive", "name": {"vi": "Lưu trữ"}, "series": "Y"}


def at_the_pin(**changes: Any) -> Rehearsal:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x", further=[FURTHER], **changes))
    kiosk.touch(OpenStaff())
    return kiosk


def in_the_menu(**changes: Any) -> Rehearsal:
    kiosk = at_the_pin(**changes)
    kiosk.touch(*(PinKey(digit) for digit in PIN), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=True))
    return kiosk


def test_without_a_pin_in_the_configuration_there_is_no_way_in() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenStaff())
    assert kiosk.view() == Welcome()
    kiosk.touch(TakeTask("exit"), TakeTask("exit"))
    assert not [effect for effect in kiosk.effects if isinstance(effect, Leave)]


def test_the_pin_is_typed_and_looked_at_once() -> None:
    kiosk = at_the_pin()
    kiosk.touch(*(PinKey(digit) for digit in "48157"), PinKey("9"), PinErase(), PinKey("2"), PinKey("x"), PinKey("12"))
    assert kiosk.showing(Pin).typed == PIN
    kiosk.touch(PinEnter())
    kiosk.touch(PinEnter(), PinKey("1"), PinErase())
    checks = [effect for effect in kiosk.effects if isinstance(effect, CheckPin)]
    assert [check.pin for check in checks] == [PIN]


def test_a_keyboard_types_the_pin_too() -> None:
    kiosk = at_the_pin()
    kiosk.play(*(Pressed(Key(name)) for name in ("4", "numpad8", "a", "1", "up", "7", "backspace", "5", "7", "2")))
    assert kiosk.showing(Pin).typed == PIN
    kiosk.play(Pressed(Key("enter")))
    assert isinstance(kiosk.effects[-1], CheckPin)


def test_the_right_pin_opens_the_menu_and_looks_around() -> None:
    kiosk = in_the_menu()
    kiosk.showing(Staff)
    assert isinstance(kiosk.effects[-1], LookAround)
    about = About("1.0", linked=True, printer="ok", waiting=0)
    kiosk.play(LookedAround(about))
    assert kiosk.showing(Staff).about == about


def test_a_wrong_pin_is_said_and_forgotten() -> None:
    kiosk = at_the_pin()
    kiosk.touch(PinKey("1"), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=False))
    assert (kiosk.showing(Pin).wrong, kiosk.showing(Pin).typed) == (True, "")


def test_while_the_pin_is_locked_nothing_is_typed() -> None:
    kiosk = at_the_pin()
    kiosk.touch(PinKey("1"), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=False, left_s=10))
    kiosk.touch(PinKey("1"), PinEnter())
    assert kiosk.showing(Pin).typed == ""
    kiosk.wait(10)
    kiosk.touch(PinKey("1"))
    assert kiosk.showing(Pin).typed == "1"


def test_a_verdict_that_comes_after_somebody_left_opens_nothing() -> None:
    kiosk = at_the_pin()
    kiosk.touch(PinKey("1"), PinEnter())
    late = PinChecked(kiosk.looked_at(), ok=True)
    kiosk.touch(GoHome())
    kiosk.play(late)
    assert kiosk.view() == Welcome()
    kiosk.touch(OpenStaff())
    kiosk.play(late)
    kiosk.showing(Pin)


def test_a_pin_that_nobody_finishes_is_forgotten() -> None:
    kiosk = at_the_pin()
    kiosk.touch(PinKey("4"))
    kiosk.wait(PIN_S)
    assert kiosk.view() == Welcome()


def test_the_menu_closes_when_nobody_touches_it() -> None:
    kiosk = in_the_menu()
    kiosk.wait(45)
    assert kiosk.state.warned
    kiosk.wait(16)
    assert kiosk.view() == Welcome()


def test_the_way_in_is_closed_while_a_number_is_on_its_way() -> None:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x"))
    kiosk.touch(Begin(), TakeService("land"), OpenStaff())
    kiosk.showing(Issuing)


def test_a_code_reader_types_no_pin_and_opens_nothing() -> None:
    kiosk = at_the_pin()
    kiosk.play(Scanned("k" * 22))
    assert kiosk.showing(Pin).typed == ""


def test_the_staff_take_numbers_of_every_service_and_the_next_citizen_does_not() -> None:
    kiosk = in_the_menu()
    kiosk.touch(TakeTask("assist"))
    kiosk.showing(Groups)
    kiosk.touch(OpenGroup("archive"))
    kiosk.showing(Services)
    kiosk.touch(TakeService("archive"))
    assert kiosk.asked().fields["service"] == "archive"
    kiosk.reply({"ticket": ticket_data(service="archive")})
    kiosk.touch(GoHome(), Begin(), OpenGroup("archive"))
    kiosk.showing(Groups)
    kiosk.touch(TakeService("archive"))
    assert not isinstance(kiosk.view(), Issuing)


def test_a_new_configuration_ends_the_wider_choice() -> None:
    kiosk = in_the_menu()
    kiosk.touch(TakeTask("assist"), OpenGroup("archive"))
    kiosk.play(Configured(a_kiosk(pin="$argon2id$x")))
    assert kiosk.view() == Groups()


def test_the_last_slip_is_printed_again_through_the_controller() -> None:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x"))
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    kiosk.touch(GoHome(), OpenStaff(), PinKey("4"), PinEnter())
    kiosk.play(PinChecked(kiosk.looked_at(), ok=True))
    kiosk.touch(TakeTask("reprint"), TakeTask("reprint"))
    asked = kiosk.asked()
    assert (asked.op, dict(asked.fields)) == ("reprint", {"token": ticket_data()["token"]})
    kiosk.reply({"ticket": ticket_data()})
    assert kiosk.showing(Staff).said == "ordered"
    kiosk.touch(TakeTask("reprint"))
    kiosk.reply(code="not_allowed")
    assert (kiosk.showing(Staff).said, kiosk.showing(Staff).code) == ("refused", "not_allowed")


def test_without_a_slip_nothing_is_printed_again() -> None:
    kiosk = in_the_menu()
    assert kiosk.touch(TakeTask("reprint")) == ()


@pytest.mark.parametrize(("ok", "said"), [(True, "printed"), (False, "failed"), (None, "unknown")])
def test_a_test_slip_tells_what_became_of_it(ok: bool | None, said: str) -> None:  # noqa: FBT001 - a case
    kiosk = in_the_menu()
    kiosk.touch(TakeTask("test"), TakeTask("test"))
    assert len([effect for effect in kiosk.effects if isinstance(effect, PrintTrial)]) == 1
    kiosk.play(TrialEnded(kiosk.tested(), ok, "paper_out" if ok is False else None))
    assert kiosk.showing(Staff).said == said
    assert kiosk.showing(Staff).request is None


def test_a_task_without_an_answer_is_not_waited_for_for_ever() -> None:
    kiosk = in_the_menu()
    kiosk.touch(TakeTask("test"))
    kiosk.wait(TASK_S)
    assert (kiosk.showing(Staff).said, kiosk.showing(Staff).request) == ("unknown", None)


@pytest.mark.parametrize(("task", "again"), [(Task.RESTART, True), (Task.EXIT, False)])
def test_leaving_needs_a_second_touch_of_the_same_task(task: Task, again: bool) -> None:  # noqa: FBT001 - a case
    kiosk = in_the_menu()
    kiosk.touch(TakeTask(task), TakeTask("test"))
    kiosk.play(TrialEnded(kiosk.tested(), ok=True))
    assert not [effect for effect in kiosk.effects if isinstance(effect, Leave)]
    kiosk.touch(TakeTask(task))
    assert kiosk.touch(TakeTask(task)) == (Leave(restart=again),)


@pytest.mark.parametrize("task", [*Task, "another"])
def test_no_task_is_taken_outside_the_menu(task: str) -> None:
    for view in (Welcome(), Groups(), Find(), Pin("4815")):
        kiosk = at_the_pin()
        kiosk.state = replace(kiosk.state, view=view)
        assert kiosk.touch(TakeTask(task), TakeTask(task)) == ()
        assert kiosk.view() == view


def test_finding_a_slip_is_no_way_into_the_menu() -> None:
    kiosk = Rehearsal.configured(a_kiosk(pin="$argon2id$x"))
    kiosk.touch(OpenFind(), PinEnter(), PinKey("4"))
    assert kiosk.view() == Find()
