"""Faces: what the screen says, in every language, without a window."""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass

import pytest

from broker.contract.payloads import Status
from broker.runtime.catalogue import catalogue
from broker.runtime.theme import load_theme
from kiosk.flow.actions import Begin, LookUp, OpenFind, OpenGroup, OpenModes, OpenPriorities, TakeService, TypeKey
from kiosk.flow.events import CounterChanged, LiveChanged, ServiceChanged, SlipEnded
from kiosk.flow.hours import local
from kiosk.views.accessibility import AccessBody
from kiosk.views.build import build
from kiosk.views.find import FindBody, FoundBody
from kiosk.views.menus import ChoiceBody, GroupsBody, ServicesBody
from kiosk.views.messages import MessageBody
from kiosk.views.ticket import TicketBody, in_one
from kiosk.views.welcome import ClosedBody, WelcomeBody
from tests.gallery.kiosk.every_screen import kiosk_faces, pad_faces
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.scene import Scene
from tests.gallery.kiosk.specimens import a_kiosk, a_service, ticket_data

WORDS = catalogue("kiosk")


def texts(value: object) -> list[str]:
    """Give every text below a value."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, tuple):
        return [text for item in value for text in texts(item)]
    if is_dataclass(value):
        return [text for item in fields(value) for text in texts(getattr(value, item.name))]
    return []


def shown(kiosk: Rehearsal) -> object:
    return build(kiosk.state, kiosk.moment(), WORDS).body


def test_both_languages_have_every_word() -> None:
    assert set(WORDS.words["en"]) == set(WORDS.words["vi"])


def test_both_languages_have_places_for_the_same_values() -> None:
    for key in WORDS.keys:
        places = [sorted(re.findall(r"\{(\w+)\}", WORDS.words[lang][key])) for lang in ("vi", "en")]
        assert places[0] == places[1], key


def test_the_polite_address_is_always_written_the_same() -> None:
    assert [key for key, word in WORDS.words["vi"].items() if "quý khách" in word or "Quý Khách" in word] == []


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_no_face_shows_an_unfilled_place_or_an_unknown_icon(lang: str) -> None:
    for name, made in (*kiosk_faces(lang), *pad_faces(lang)):
        assert not [text for text in texts(made) if "{" in text], name
        icons = [getattr(made.body, part, "") for part in ("icon", "slip_icon")]
        assert {icon for icon in icons if icon} <= set(load_theme().icons), name


def test_the_languages_show_different_words() -> None:
    both = [dict(kiosk_faces(lang)) for lang in ("vi", "en")]
    assert both[0].keys() == both[1].keys()
    assert [name for name in both[0] if texts(both[0][name].body) == texts(both[1][name].body)] == []


def test_every_state_of_the_flow_has_a_face() -> None:
    assert len({name for lang in WORDS.languages for name, _ in kiosk_faces(lang)}) >= 40
    assert len({name for lang in WORDS.languages for name, _ in pad_faces(lang)}) >= 10


def test_the_head_tells_local_time_and_date() -> None:
    top = Scene.set_up("vi").face().top
    assert (top.clock, top.date, top.note) == ("08:15", "Thứ Hai, 23/11/2026", "")
    assert Scene.set_up("en").face().top.date == "Monday, 23 November 2026"


def test_the_first_screen_tells_todays_hours() -> None:
    body = shown(Rehearsal.configured())
    assert isinstance(body, WelcomeBody)
    assert body.hours == "07:00–11:30  ·  13:30–17:00"


def test_groups_have_their_letter_icon_and_people() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(ServiceChanged("health", a_service("health", waiting=1)))
    kiosk.touch(Begin())
    body = shown(kiosk)
    assert isinstance(body, GroupsBody)
    health = next(tile for tile in body.tiles if tile.id == "health")
    assert (health.letter, health.icon, health.note) == ("F", "health", "1 người đang chờ")


def test_services_tell_people_and_wait_only_while_the_controller_is_heard() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(ServiceChanged("land", a_service("land", waiting=5)))
    kiosk.touch(Begin(), OpenGroup("land"))
    body = shown(kiosk)
    assert isinstance(body, ServicesBody)
    assert (body.tiles[0].note, body.tiles[0].wait) == ("5 người đang chờ", "khoảng 10–20 phút")
    kiosk.play(LiveChanged(False))
    away = shown(kiosk)
    assert isinstance(away, ServicesBody)
    assert (away.tiles[0].note, away.tiles[0].wait) == ("", "")


def test_a_service_without_numbers_is_marked_by_a_word() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(ServiceChanged("land", a_service("land", open=False)))
    kiosk.touch(Begin(), OpenGroup("land"))
    body = shown(kiosk)
    assert isinstance(body, ServicesBody)
    assert (body.tiles[0].closed, body.tiles[0].note) == (True, "Hiện không nhận thêm số")


def test_the_ticket_tells_place_wait_and_counters_by_their_labels() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(*(CounterChanged(f"c{at}", {"vi": f"Quầy {at}"}) for at in (1, 2)))
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    body = shown(kiosk)
    assert isinstance(body, TicketBody)
    assert [detail.value for detail in body.details] == ["2 người", "khoảng 10–20 phút", "Quầy 1, Quầy 2, c3"]
    assert body.qr == f"http://127.0.0.1:8000/t/{'s' * 22}"


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (["Quầy 1", "Quầy 2", "Quầy 12"], "Quầy 1, 2, 12"),
        (["Quầy 1"], "Quầy 1"),
        (["Quầy 1", "Bàn 2"], "Quầy 1, Bàn 2"),
        (["Quầy A", "Quầy B"], "Quầy A, Quầy B"),
        (["1", "2"], "1, 2"),
        ([], ""),
    ],
)
def test_a_word_that_all_counters_begin_with_is_said_once(names: list[str], told: str) -> None:
    assert in_one(names) == told


def test_while_nothing_is_given_the_note_of_a_lost_connection_promises_no_number() -> None:
    kiosk = Rehearsal.configured()
    kiosk.play(LiveChanged(False))
    assert "vẫn lấy số được" in build(kiosk.state, kiosk.moment(), WORDS).top.note
    kiosk.instant += 12 * 3600 * 1000
    assert build(kiosk.state, kiosk.moment(), WORDS).top.note == "Đang mất kết nối"


@pytest.mark.parametrize(
    ("code", "title"), [("quota_reached", "Đã hết số hôm nay"), ("bad_state", "Chưa thực hiện được")]
)
def test_a_refusal_says_in_its_title_what_it_is_about(code: str, title: str) -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply(code=code)
    body = shown(kiosk)
    assert isinstance(body, MessageBody)
    assert body.title == title


@pytest.mark.parametrize("status", list(Status))
def test_where_a_ticket_stands_is_told_by_a_picture_beside_the_words(status: Status) -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(OpenFind(), TypeKey("A"), LookUp())
    kiosk.reply({"ticket": ticket_data(status=status.value, position=None, wait=None)})
    body = shown(kiosk)
    assert isinstance(body, FoundBody)
    assert body.icon in load_theme().icons
    assert body.status


def test_every_priority_and_every_mode_has_a_picture_of_its_own() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), OpenPriorities())
    priorities = shown(kiosk)
    kiosk.touch(OpenModes())
    modes = shown(kiosk)
    assert isinstance(priorities, ChoiceBody)
    assert isinstance(modes, AccessBody)
    for body in (priorities, modes):
        icons = [choice.icon for choice in body.choices]
        assert len(set(icons)) == len(icons)
        assert set(icons) <= set(load_theme().icons)


def test_a_slip_that_failed_tells_the_reason_and_that_the_number_counts() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    kiosk.play(SlipEnded(ticket_data()["id"], False, "cover_open"))
    body = shown(kiosk)
    assert isinstance(body, TicketBody)
    assert (body.slip_icon, body.slip) == ("alert", "Phiếu chưa in được")
    assert body.slip_note.startswith("Nắp máy in đang mở. Số của Quý khách vẫn có hiệu lực")


def test_out_of_hours_the_kiosk_tells_when_it_opens() -> None:
    kiosk = Rehearsal.configured(live=False)
    kiosk.instant += 4 * 3600 * 1000
    noon = shown(kiosk)
    assert isinstance(noon, ClosedBody)
    assert noon.note == "Trung tâm mở cửa lúc 13:30"
    kiosk.instant += 8 * 3600 * 1000
    evening = shown(kiosk)
    assert isinstance(evening, ClosedBody)
    assert evening.note == "Trung tâm mở cửa lúc 07:00, Thứ Ba, 24/11/2026"
    assert local(kiosk.instant, "Asia/Ho_Chi_Minh").hour == 20


def test_a_kiosk_without_link_and_own_series_is_out_of_service_but_a_shown_ticket_stays() -> None:
    kiosk = Rehearsal.configured(a_kiosk(offline=None))
    kiosk.touch(Begin(), TakeService("land"))
    kiosk.reply({"ticket": ticket_data()})
    kiosk.play(LiveChanged(False))
    assert isinstance(shown(kiosk), TicketBody)
    kiosk.wait(40)
    assert isinstance(shown(kiosk), MessageBody)


def test_the_letters_to_type_are_those_that_numbers_begin_with() -> None:
    body = dict(kiosk_faces("vi"))["find"].body
    assert isinstance(body, FindBody)
    assert "".join("".join(row) for row in body.keys.rows) == "ABCDEFGHKTXZ1234567890-"


def test_a_name_without_end_is_cut_before_it_is_laid_out() -> None:
    config = a_kiosk()
    first = config.services[0].model_copy(update={"name": {"vi": "W" * 4000}})
    kiosk = Rehearsal.configured(config.model_copy(update={"services": (first, *config.services[1:])}))
    kiosk.touch(Begin(), OpenGroup(first.group))
    shown = build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body
    assert isinstance(shown, ServicesBody)
    assert "W" * 79 + "…" in repr(shown)
    assert "W" * 80 not in repr(shown)
