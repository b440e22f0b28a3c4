"""What a key means on a screen, and where the focus goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.flow.actions import Begin, EraseKey, GoBack, OpenFind, OpenModes, OpenStaff, Stay, ToggleMode, TypeKey
from kiosk.flow.keys import Key
from kiosk.input.focus import Place, neighbour, reading_order
from kiosk.input.key_operation import Choose, Do, Go, Nth, Pass, operation
from tests.gallery.kiosk.scene import Scene
from tests.gallery.kiosk.specimens import a_kiosk

PLACES = st.lists(
    st.builds(Place, st.integers(0, 900), st.integers(0, 1800), st.integers(80, 400), st.integers(80, 200)), min_size=1
)


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        (Key("tab"), Pass()),
        (Key("down"), Go((0, 1))),
        (Key("left"), Go((-1, 0))),
        (Key("enter"), Choose()),
        (Key("space", " ", " "), Choose()),
        (Key("3", "3", "3"), Nth(3)),
        (Key("numpad9", "9", "9"), Nth(9)),
        (Key("4", "4", "ề"), Nth(4)),
        (Key("0", "0", "0"), Do(OpenModes())),
        (Key("numpad*", "*", "*"), Do(ToggleMode("spoken"))),
        (Key("escape"), Do(GoBack())),
        (Key("backspace"), Do(GoBack())),
        (Key("q", "q", "q"), None),
        (Key("f4"), None),
    ],
)
def test_keys_operate_a_screen_of_choices(key: Key, meant: object) -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(Begin())
    assert operation(key, kiosk.face()) == meant


def test_where_something_is_typed_letters_and_digits_are_for_that() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(OpenFind())
    assert operation(Key("a", "a", "a"), kiosk.face()) == Do(TypeKey("a"))
    assert operation(Key("7", "7", "7"), kiosk.face()) == Do(TypeKey("7"))
    assert operation(Key("backspace"), kiosk.face()) == Do(EraseKey())
    assert operation(Key("escape"), kiosk.face()) == Do(GoBack())
    assert operation(Key("down"), kiosk.face()) == Go((0, 1))


def test_the_keys_of_a_pin_stay_with_it() -> None:
    kiosk = Scene.set_up("vi", a_kiosk(pin="$argon2id$"))
    kiosk.touch(OpenStaff())
    assert operation(Key("4", "4", "4"), kiosk.face()) is None
    assert operation(Key("backspace"), kiosk.face()) is None
    assert operation(Key("escape"), kiosk.face()) == Do(GoBack())


def test_escape_answers_that_somebody_is_there() -> None:
    kiosk = Scene.set_up("vi")
    kiosk.touch(Begin())
    kiosk.wait(45)
    assert operation(Key("escape"), kiosk.face()) == Do(Stay())


def test_targets_are_read_row_by_row() -> None:
    places = [Place(500, 10, 100, 100), Place(0, 0, 100, 100), Place(0, 300, 100, 100), Place(500, 290, 100, 100)]
    assert reading_order(places) == [1, 0, 2, 3]


def test_an_arrow_goes_straight_ahead_before_aside() -> None:
    grid = [Place(x * 200, y * 200, 150, 150) for y in range(3) for x in range(2)]
    assert neighbour(grid, 0, (0, 1)) == 2
    assert neighbour(grid, 0, (1, 0)) == 1
    assert neighbour(grid, 5, (0, -1)) == 3
    assert neighbour(grid, 0, (0, -1)) is None


@given(PLACES)
def test_every_target_has_exactly_one_place_in_the_order(places: list[Place]) -> None:
    assert sorted(reading_order(places)) == list(range(len(places)))


@given(PLACES, st.sampled_from([(0, 1), (0, -1), (1, 0), (-1, 0)]))
def test_an_arrow_never_stays_and_never_goes_the_other_way(places: list[Place], step: tuple[int, int]) -> None:
    to = neighbour(places, 0, step)
    if to is not None:
        assert to != 0
        ahead = [
            (there - here) * way for there, here, way in zip(places[to].centre, places[0].centre, step, strict=True)
        ]
        assert sum(ahead) > 0
