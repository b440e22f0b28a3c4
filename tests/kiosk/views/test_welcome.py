"""The first screen while nobody is there, and the choice among many languages."""

from __future__ import annotations

import pytest

from broker.runtime.theme import load_theme
from kiosk.flow.actions import Begin, GoBack, GoHome, OpenLanguages, OpenModes, Speak, Stay, TakeService
from kiosk.flow.events import Configured, LiveChanged
from kiosk.flow.state import Groups, Welcome
from kiosk.views.accessibility import AccessBody
from kiosk.views.languages import LanguagesBody
from kiosk.views.menus import GroupsBody
from kiosk.views.ticket import TicketBody
from kiosk.views.welcome import AWAKE, CALM_AFTER_S, SHIFTS_MM, STEP_S, Calm, ClosedBody, WelcomeBody
from tests.gallery.kiosk.scene import Scene
from tests.gallery.kiosk.specimens import a_kiosk, many_languages_data, ticket_data


def calm(kiosk: Scene) -> Calm:
    body = kiosk.face().body
    assert isinstance(body, WelcomeBody | ClosedBody)
    return body.calm


def crowded() -> Scene:
    return Scene.set_up("vi", a_kiosk(**many_languages_data()))


# ---- calm ----


def test_the_first_screen_is_calm_once_nobody_has_touched_it_for_a_minute() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.wait(CALM_AFTER_S - 1)
    assert calm(kiosk) == AWAKE
    kiosk.wait(1)
    assert calm(kiosk).hint


def test_between_two_steps_nothing_changes_so_that_nothing_is_drawn() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.wait(CALM_AFTER_S)
    first = calm(kiosk)
    kiosk.wait(STEP_S - 1)
    assert calm(kiosk) == first
    kiosk.wait(1)
    assert calm(kiosk) != first


def test_every_hint_is_told_in_turn_and_names_its_button_as_it_is_written() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.wait(CALM_AFTER_S)
    told = []
    for _ in range(5):
        told.append(calm(kiosk).hint)
        kiosk.wait(STEP_S)
    assert told[4] == told[0]
    for hint, button in zip(
        told, ("Lấy số thứ tự", "Tôi đã có phiếu", "Tra cứu thủ tục", "Chữ to, hỗ trợ"), strict=False
    ):
        assert f"“{button}”" in hint


def test_no_hint_speaks_of_procedures_where_there_are_none() -> None:
    kiosk = Scene.configured()
    stage = Scene(kiosk.state)
    stage.wait(CALM_AFTER_S)
    for _ in range(4):
        assert "Tra cứu thủ tục" not in calm(stage).hint
        stage.wait(STEP_S)


def test_what_is_drawn_moves_by_a_few_millimetres_within_its_margin() -> None:
    margin = load_theme().spaces
    assert max(abs(right) for right, _ in SHIFTS_MM) <= margin["l"] / 2
    assert max(abs(up) for _, up in SHIFTS_MM) < margin["s"]
    assert all(before != after for before, after in zip(SHIFTS_MM, (*SHIFTS_MM[1:], SHIFTS_MM[0]), strict=True))


def test_a_touch_on_a_calm_screen_does_at_once_what_it_always_does() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.wait(CALM_AFTER_S + 1000)
    kiosk.touch(Begin())
    assert kiosk.state.view == Groups()
    assert isinstance(kiosk.face().body, GroupsBody)


def test_a_touch_beside_every_button_ends_the_calm() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.wait(CALM_AFTER_S + 5)
    kiosk.touch(Stay())
    assert (kiosk.state.view, calm(kiosk)) == (Welcome(), AWAKE)


def test_a_screen_that_somebody_chose_otherwise_is_not_calm_before_it_is_as_usual() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(Speak("en"))
    kiosk.wait(CALM_AFTER_S)
    assert (kiosk.state.lang, calm(kiosk)) == ("vi", AWAKE)
    kiosk.wait(CALM_AFTER_S)
    assert calm(kiosk) != AWAKE


def test_a_kiosk_that_has_just_got_its_configuration_is_not_calm() -> None:
    kiosk = Scene()
    kiosk.play(Configured(a_kiosk()))
    assert kiosk.state.touched == kiosk.real


def test_a_closed_screen_moves_too() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.play(LiveChanged(False))
    kiosk.instant += 12 * 3600 * 1000
    kiosk.wait(CALM_AFTER_S + STEP_S)
    assert isinstance(kiosk.face().body, ClosedBody)
    assert (calm(kiosk).right_mm, calm(kiosk).up_mm) == SHIFTS_MM[1]


# ---- many languages ----


def test_up_to_three_languages_stand_side_by_side_and_more_behind_one_button() -> None:
    usual, many = Scene.set_up("vi").face().top, crowded().face().top
    assert (usual.tongues, many.tongues) == ("", "Ngôn ngữ / Language")
    assert [language.code for language in usual.languages] == ["vi", "en"]


def test_the_page_names_each_language_in_itself_and_one_that_no_catalogue_has_by_its_code() -> None:
    kiosk = crowded()
    kiosk.touch(OpenLanguages())
    body = kiosk.face().body
    assert isinstance(body, LanguagesBody)
    names = [tile.name for tile in body.choices]
    assert names == ["Tiếng Việt", "English", "Français", "Hrê", "Xơ Đăng", "Ba Na", "Gia Rai", "CUA"]
    assert [tile.id for tile in body.choices if tile.chosen] == ["vi"]


def test_a_language_that_is_chosen_closes_the_page_over_any_view() -> None:
    kiosk = crowded()
    kiosk.touch(Begin(), OpenLanguages(), TakeService("land"))
    assert kiosk.state.view == Groups()
    kiosk.touch(Speak("hre"))
    assert (kiosk.state.view, kiosk.state.lang, kiosk.state.languages_open) == (Groups(), "hre", False)


def test_back_leads_from_the_page_to_the_view_beneath_and_home_to_the_first_screen() -> None:
    kiosk = crowded()
    kiosk.touch(Begin(), OpenLanguages(), GoBack())
    assert (kiosk.state.view, kiosk.state.languages_open) == (Groups(), False)
    kiosk.touch(OpenLanguages(), GoHome())
    assert (kiosk.state.view, kiosk.state.languages_open) == (Welcome(), False)


def test_one_sheet_takes_the_place_of_the_other() -> None:
    kiosk = crowded()
    kiosk.touch(OpenLanguages(), OpenModes())
    assert isinstance(kiosk.face().body, AccessBody)
    kiosk.touch(OpenLanguages())
    assert isinstance(kiosk.face().body, LanguagesBody)
    kiosk.touch(OpenLanguages())
    assert isinstance(kiosk.face().body, WelcomeBody)


@pytest.mark.parametrize("waits", [41, 61])
def test_the_page_asks_whether_somebody_is_there_and_goes_by_time(waits: float) -> None:
    kiosk = crowded()
    kiosk.touch(OpenLanguages())
    kiosk.wait(waits)
    assert (kiosk.state.warned, kiosk.state.languages_open) == ((True, True) if waits < 60 else (False, False))


def test_a_number_that_comes_closes_the_page() -> None:
    kiosk = crowded()
    kiosk.touch(Begin(), TakeService("land"), OpenLanguages())
    kiosk.reply({"ticket": ticket_data()})
    assert isinstance(kiosk.face().body, TicketBody)
