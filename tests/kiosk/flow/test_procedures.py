"""Reading procedures: who gets where by touch, and that nothing of a text is lost on its way to the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.runtime.catalogue import catalogue
from kiosk.flow.actions import (
    EraseKey,
    GoBack,
    GoHome,
    NumberForThis,
    OpenGroup,
    OpenProcedures,
    OpenSearch,
    ReadProcedure,
    TakeNumber,
    TurnList,
    TypeKey,
)
from kiosk.flow.events import Configured, LiveChanged, ProceduresChanged, ServiceChanged
from kiosk.flow.procedure_list import NO_BOOK, bind
from kiosk.flow.procedures import ELSE, PIECE, STRETCH, groups_of, pieces, sections_of, services_for
from kiosk.flow.state import Confirm, Issuing, ProcedureGroups, Procedures, Reading, Search, Services, Welcome
from kiosk.flow.step import IDLE_RESET_S, READING_MORE_S
from kiosk.views.build import build
from kiosk.views.menus import GroupsBody
from kiosk.views.messages import BusyBody
from kiosk.views.procedures import ReadBody, TitlesBody
from kiosk.views.search import MOST_FOUND, SearchBody
from kiosk.views.welcome import ClosedBody, WelcomeBody
from tests.gallery.kiosk.rehearsal import Rehearsal
from tests.gallery.kiosk.specimens import a_kiosk, a_procedure, a_service, procedures_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from broker.contract.payloads import Procedure

SHORT, LONG = "1.000001.000.00.00.H48", "1.000002.000.00.00.H48"


def a_reader(procedures: Sequence[Procedure] | None = None) -> Rehearsal:
    kiosk = Rehearsal.configured()
    kiosk.play(ProceduresChanged(bind("r1", procedures_data() if procedures is None else procedures)))
    return kiosk


def body(kiosk: Rehearsal) -> Any:
    return build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body


# ---- by touch ----


def test_a_procedure_is_found_by_its_field_read_and_a_number_taken_for_it() -> None:
    kiosk = a_reader()

    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))
    assert isinstance(body(kiosk), ReadBody)
    kiosk.touch(NumberForThis())
    assert kiosk.showing(Confirm).service == "land-change"
    kiosk.touch(TakeNumber())

    assert kiosk.showing(Issuing).service == "land-change"
    assert kiosk.asked().fields["service"] == "land-change"


def test_every_screen_has_a_way_back() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT), NumberForThis())

    backs = []
    for _ in range(4):
        kiosk.touch(GoBack())
        backs.append(type(kiosk.view()))
    assert backs == [Reading, Procedures, ProcedureGroups, Welcome]

    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT), GoHome())
    assert isinstance(kiosk.view(), Welcome)


def test_typing_without_marks_or_the_code_finds_procedures_and_no_services() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenSearch(), *(TypeKey(key) for key in "cap ddooir giay"))

    found = body(kiosk)
    assert isinstance(found, SearchBody)
    assert [tile.name for tile in found.titles] == ["Cấp đổi Giấy chứng nhận quyền sử dụng đất"]
    assert found.tiles == ()
    kiosk.touch(ReadProcedure(found.titles[0].id), GoBack())
    assert kiosk.showing(Search).typed == "cap đổi giay"
    kiosk.touch(*[EraseKey()] * 30, *(TypeKey(key) for key in "1.000002"))
    assert [tile.id for tile in body(kiosk).titles] == [LONG]
    kiosk.touch(GoBack())
    assert isinstance(kiosk.view(), ProcedureGroups)


def test_of_many_that_are_found_some_are_listed_and_the_rest_is_counted() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenSearch(), TypeKey("t"))

    found = body(kiosk)

    assert len(found.titles) == MOST_FOUND
    assert found.hint_note.startswith("Còn 4")


def test_touches_that_belong_elsewhere_do_nothing() -> None:
    kiosk = a_reader()
    kiosk.touch(ReadProcedure(SHORT), TurnList(1), NumberForThis())
    assert isinstance(kiosk.view(), Welcome)
    kiosk.touch(OpenProcedures(), OpenGroup("nothing"), ReadProcedure(SHORT))
    assert isinstance(kiosk.view(), ProcedureGroups)
    kiosk.touch(OpenGroup("land"), ReadProcedure("none"), OpenGroup("health"), OpenProcedures())
    assert kiosk.showing(Procedures).group == "land"


def test_there_is_a_way_to_them_only_where_there_are_some_also_when_nothing_is_open() -> None:
    kiosk = a_reader()
    assert isinstance(body(kiosk), WelcomeBody)
    assert body(kiosk).read == "Tra cứu thủ tục"
    kiosk.instant += 12 * 3600 * 1000
    kiosk.play(LiveChanged(False))
    closed = body(kiosk)
    assert isinstance(closed, ClosedBody)
    assert closed.read == "Tra cứu thủ tục"
    kiosk.touch(OpenProcedures())
    assert isinstance(body(kiosk), GroupsBody)

    empty = a_reader([])
    assert body(empty).read == ""
    empty.touch(OpenProcedures())
    assert isinstance(empty.view(), Welcome)


def test_a_procedure_of_a_whole_field_leads_to_the_services_of_the_field() -> None:
    whole = a_procedure("1.1", service=None, group="land")
    single = a_procedure("1.2", service=None, group="health")
    kiosk = a_reader([whole, single])

    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure("1.1"), NumberForThis())
    assert kiosk.showing(Services).group == "land"
    kiosk.touch(GoHome(), OpenProcedures(), OpenGroup("health"), ReadProcedure("1.2"), NumberForThis())
    assert kiosk.showing(Confirm).service == "health"


def test_no_number_is_offered_while_the_service_is_closed_or_where_the_kiosk_does_not_have_it() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))
    kiosk.play(ServiceChanged("land-change", a_service("land-change", open=False)))
    assert (body(kiosk).take, body(kiosk).note) == ("", "Hiện chưa lấy số được cho thủ tục này.")
    kiosk.touch(NumberForThis())
    assert isinstance(kiosk.view(), Reading)

    kiosk = a_reader([a_procedure("1.1", service="gone", group="land")])
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure("1.1"), NumberForThis())
    assert isinstance(kiosk.view(), Reading)
    assert "quầy hướng dẫn" in body(kiosk).note


def test_a_reader_has_longer_than_others_before_the_screen_goes_back() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))
    warned = []
    for seconds in (IDLE_RESET_S + READING_MORE_S - 25, 10):
        kiosk.wait(seconds)
        warned.append(kiosk.state.warned)
    assert warned == [False, True]
    kiosk.wait(16)
    assert isinstance(kiosk.view(), Welcome)


def test_another_list_leaves_a_reader_where_that_still_makes_sense() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))

    kiosk.play(ProceduresChanged(bind("r2", [a_procedure(SHORT), a_procedure("1.1")])))
    assert isinstance(kiosk.view(), Reading)
    kiosk.play(ProceduresChanged(bind("r3", [a_procedure("1.1")])))
    assert kiosk.showing(Procedures).group == "land"
    kiosk.play(ProceduresChanged(bind("r4", [a_procedure("1.1", service="health")])))
    assert isinstance(kiosk.view(), ProcedureGroups)
    kiosk.play(ProceduresChanged(NO_BOOK))
    assert isinstance(kiosk.view(), Welcome)


def test_procedures_stand_with_the_group_of_their_service_in_the_order_of_the_centre() -> None:
    kiosk = a_reader([
        a_procedure("1.1", service="health"), a_procedure("1.2", group="results"), a_procedure("1.3", service="x"),
        a_procedure("1.4", service="x", group="building"),
    ])  # fmt: skip

    assert groups_of(kiosk.state) == {"land": 1, "building": 1, "health": 1, ELSE: 1}
    kiosk.play(Configured(None))
    assert groups_of(kiosk.state) == {}


def test_the_services_for_a_procedure_are_its_own_or_those_of_its_group() -> None:
    config = a_kiosk()
    book = bind("r1", [a_procedure("1.1"), a_procedure("1.2", service=None, group="land")])

    assert services_for(config, book.titles[0]) == ("land-change",)
    assert services_for(config, book.titles[1]) == ("land", "land-change", "land-info", "environment")


def test_a_procedure_that_is_not_there_yet_is_being_opened() -> None:
    kiosk = a_reader()
    kiosk.touch(OpenProcedures(), OpenGroup("land"), ReadProcedure(SHORT))
    kiosk.state = Rehearsal.configured().state.__class__(device="kiosk-1", config=kiosk.state.config, view=kiosk.view())

    assert isinstance(body(kiosk), BusyBody)


# ---- long lists, long texts ----


def test_every_procedure_of_a_long_list_stands_in_exactly_one_stretch() -> None:
    many = [a_procedure(f"1.{at}") for at in range(3 * STRETCH + 1)]
    kiosk = a_reader(many)
    kiosk.touch(OpenProcedures(), OpenGroup("land"))
    codes: list[str] = []
    said = []
    for _ in range(5):
        found = body(kiosk)
        assert isinstance(found, TitlesBody)
        codes += [tile.id for tile in found.tiles]
        said.append((found.which, found.has_before, found.has_after))
        if not found.has_after:
            break
        kiosk.touch(TurnList(1))

    assert codes == [one.code for one in many]
    assert said == [
        ("1–12 trong 37", False, True), ("13–24 trong 37", True, True), ("25–36 trong 37", True, True),
        ("37–37 trong 37", True, False),
    ]  # fmt: skip
    kiosk.touch(TurnList(1), TurnList(1))
    assert kiosk.showing(Procedures).stretch == 3
    kiosk.touch(*[TurnList(-1)] * 9)
    assert kiosk.showing(Procedures).stretch == 0


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_of_a_procedure_is_read_under_its_heads(lang: str) -> None:
    whole = next(one for one in procedures_data() if one.code == LONG)

    sections = sections_of(whole, lang)

    assert [section.head for section in sections] == ["papers", "fee", "time", "where"]
    said = [" ".join(part.text for part in section.parts) for section in sections]
    assert said[0] == " ".join(paper[lang] for paper in whole.papers)
    assert said[1] == whole.fee[lang].replace("\n", " ")
    assert [part.number for part in sections[0].parts if part.number] == list(range(1, len(whole.papers) + 1))


def test_what_a_procedure_says_nothing_of_has_no_head() -> None:
    assert [section.head for section in sections_of(a_procedure("1.1", where={}, fee={}), "vi")] == ["papers", "time"]


@given(st.lists(st.text("abcđ.,;", min_size=1, max_size=40), min_size=1, max_size=120))
def test_pieces_hold_every_word_once_in_order_and_are_short(words: list[str]) -> None:
    found = list(pieces(" ".join(words)))

    assert [word for piece in found for word in piece.split()] == words
    assert all(len(piece) <= PIECE for piece in found)


def test_a_text_is_cut_after_a_sentence_where_that_can_be() -> None:
    assert list(pieces("Một câu ngắn. Câu sau dài", 20)) == ["Một câu ngắn.", "Câu sau dài"]
    assert list(pieces("Một hai ba bốn năm", 9)) == ["Một hai", "ba bốn", "năm"]
