"""How a citizen wants the screen: chosen on a sheet over any view, combined, gone when they leave."""

from __future__ import annotations

import pytest

from kiosk.flow.actions import Begin, GoBack, GoHome, OpenFind, OpenGroup, OpenModes, TakeService, ToggleMode, WalkAway
from kiosk.flow.modes import NO_MODES, Mode
from kiosk.flow.state import Find, Groups, Services, Shown, Welcome
from kiosk.views.accessibility import AccessBody
from kiosk.views.ticket import TicketBody
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.scene import Scene
from tests.gallery.kiosk.specimens import ticket_data


def test_modes_combine_and_each_is_taken_back_by_the_touch_that_chose_it() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes(), ToggleMode("low"), ToggleMode("large"), ToggleMode("contrast"), ToggleMode("low"))
    assert kiosk.state.modes == {Mode.LARGE, Mode.CONTRAST}


def test_the_sheet_stands_over_the_view_and_goes_back_to_it() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(Begin(), OpenGroup("land"), OpenModes())
    assert isinstance(kiosk.face().body, AccessBody)
    kiosk.touch(TakeService("land"))
    assert isinstance(kiosk.state.view, Services)
    kiosk.touch(GoBack())
    assert kiosk.state.view == Services("land")
    assert not kiosk.state.modes_open


def test_a_mode_that_nobody_knows_changes_nothing() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes(), ToggleMode("unheard-of"))
    assert kiosk.state.modes == NO_MODES


def test_a_key_chooses_a_mode_without_the_sheet() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), ToggleMode("spoken"))
    assert kiosk.state.modes == {Mode.SPOKEN}
    assert kiosk.state.view == Groups()


def test_who_goes_back_to_the_first_screen_on_the_way_keeps_the_modes() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes(), ToggleMode("spoken"), GoBack(), Begin(), GoHome())
    assert kiosk.state.view == Welcome()
    assert kiosk.state.modes == {Mode.SPOKEN}


def test_the_modes_are_gone_when_the_person_has_a_number_and_leaves() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(OpenModes(), ToggleMode("large"), GoBack())
    kiosk.issued()
    assert kiosk.state.modes == {Mode.LARGE}
    kiosk.touch(GoHome())
    assert kiosk.state.modes == NO_MODES


def test_who_says_that_nobody_is_there_takes_the_modes_away() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes(), ToggleMode("large"), GoBack(), Begin(), WalkAway())
    assert (kiosk.state.view, kiosk.state.modes) == (Welcome(), NO_MODES)


@pytest.mark.parametrize(("mode", "seconds"), [("large", 61), ("spoken", 121)])
def test_time_takes_the_modes_away_on_the_first_screen_too(mode: str, seconds: float) -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes(), ToggleMode(mode), GoBack())
    kiosk.wait(seconds - 3)
    assert kiosk.state.modes == {mode}
    kiosk.wait(3)
    assert kiosk.state.modes == NO_MODES


def test_the_sheet_asks_whether_somebody_is_there_before_it_goes() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenModes())
    kiosk.wait(45)
    assert kiosk.state.warned
    kiosk.wait(20)
    assert not kiosk.state.modes_open


def test_a_number_that_comes_closes_the_sheet() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(Begin(), TakeService("land"), OpenModes(), ToggleMode("large"))
    kiosk.wait(1)
    kiosk.reply({"ticket": ticket_data()})
    assert isinstance(kiosk.state.view, Shown)
    assert isinstance(kiosk.face().body, TicketBody)
    assert kiosk.face().modes == {Mode.LARGE}


def test_back_on_the_sheet_changes_nothing_beneath() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenFind(), OpenModes(), GoBack())
    assert isinstance(kiosk.state.view, Find)
    kiosk.touch(GoHome(), Begin(), OpenModes(), OpenModes())
    assert isinstance(kiosk.state.view, Groups)
    assert not kiosk.state.modes_open
