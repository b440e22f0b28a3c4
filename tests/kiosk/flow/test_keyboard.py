"""Typing on the screen's keys and on those of a keyboard."""

from __future__ import annotations

import pytest

from broker.runtime.catalogue import catalogue
from kiosk.flow.actions import (
    Begin,
    EraseKey,
    GoBack,
    LookUp,
    OpenGroup,
    OpenSearch,
    Speak,
    TakeService,
    ToggleTelex,
    TypeKey,
)
from kiosk.flow.effects import Ask
from kiosk.flow.keyboard import LONGEST_SEARCH
from kiosk.flow.keys import Key
from kiosk.flow.state import Confirm, Groups, Search
from kiosk.input.key_operation import Do, operation
from kiosk.views.build import build
from kiosk.views.search import SearchBody
from tests.gallery.kiosk.rehearsal import Rehearsal


@pytest.fixture
def kiosk() -> Rehearsal:
    kiosk = Rehearsal.configured()
    kiosk.touch(Begin(), OpenSearch())
    return kiosk


def typed(kiosk: Rehearsal, keys: str) -> str:
    kiosk.touch(*(TypeKey(key) for key in keys))
    return kiosk.showing(Search).typed


def found(kiosk: Rehearsal) -> list[str]:
    """Give what the screen lists."""
    body = build(kiosk.state, kiosk.moment(), catalogue("kiosk")).body
    assert isinstance(body, SearchBody)
    return [tile.id for tile in body.tiles]


def test_the_keys_of_the_screen_type_vietnamese_with_telex(kiosk: Rehearsal) -> None:
    assert typed(kiosk, "DDAATS DDAI") == "đất đai"
    assert found(kiosk)[0] == "land"


def test_words_without_marks_find_the_same(kiosk: Rehearsal) -> None:
    assert typed(kiosk, "DAT DAI") == "dat dai"
    plain = found(kiosk)
    kiosk.touch(*[EraseKey()] * 7)
    typed(kiosk, "ddaats ddai")
    assert found(kiosk) == plain


def test_without_telex_every_key_stands_for_itself(kiosk: Rehearsal) -> None:
    kiosk.touch(ToggleTelex())
    assert typed(kiosk, "ddaats") == "ddaats"
    kiosk.touch(EraseKey())
    assert kiosk.showing(Search).typed == "ddaat"


def test_another_language_begins_without_telex() -> None:
    kiosk = Rehearsal.configured()
    kiosk.touch(Speak("en"), Begin(), OpenSearch())
    assert kiosk.view() == Search(telex=False)


def test_spaces_stand_only_between_words_and_no_text_grows_for_ever(kiosk: Rehearsal) -> None:
    assert typed(kiosk, "  a  b") == "a b"
    assert len(typed(kiosk, "b" * 100)) == LONGEST_SEARCH


def test_the_way_back_leads_to_the_groups(kiosk: Rehearsal) -> None:
    kiosk.touch(GoBack())
    assert kiosk.view() == Groups()
    kiosk.touch(OpenGroup("land"), OpenSearch(), GoBack())
    assert kiosk.view() == Groups()


def test_a_service_that_was_found_is_confirmed_first(kiosk: Rehearsal) -> None:
    typed(kiosk, "dat")
    found = kiosk.showing(Search)
    kiosk.touch(TakeService("land"))
    assert kiosk.view() == Confirm("land", found)
    kiosk.touch(GoBack())
    assert kiosk.view() == found
    assert not any(isinstance(effect, Ask) for effect in kiosk.effects)


def test_a_keyboard_types_on_the_screens_where_something_is_typed(kiosk: Rehearsal) -> None:
    shown = build(kiosk.state, kiosk.moment(), catalogue("kiosk"))
    assert operation(Key("d", "d", "d"), shown) == Do(TypeKey("d"))
    assert operation(Key("", typed="ư"), shown) == Do(TypeKey("ư"))
    assert operation(Key("1", "1", "1"), shown) == Do(TypeKey("1"))
    assert operation(Key("backspace"), shown) == Do(EraseKey())


def test_a_letter_that_an_input_method_gives_is_typed_as_it_is(kiosk: Rehearsal) -> None:
    kiosk.touch(TypeKey("đ"), TypeKey("ấ"), TypeKey("t"))
    assert kiosk.showing(Search).typed == "đất"


def test_looking_up_belongs_to_a_number_only(kiosk: Rehearsal) -> None:
    typed(kiosk, "dat")
    kiosk.touch(LookUp())
    assert kiosk.showing(Search).typed == "dat"
