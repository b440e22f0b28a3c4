from __future__ import annotations

from kiosk.screens.screen_stability import Look, Seen, Settling

RAW = Seen("groups", "groups-vi", {"Đất đai": (50, 50)})
LAID_OUT = Seen("groups", "groups-vi", {"Đất đai": (270, 300)})
OTHER = Seen("services", "services-vi", {"Nộp hồ sơ": (270, 300)})


def looks(settling: Settling, *seen: Seen) -> list[Look]:
    return [settling.look(one) for one in seen]


def test_a_screen_is_told_once_two_looks_in_a_row_found_it_the_same() -> None:
    assert looks(Settling(), RAW, LAID_OUT, LAID_OUT) == [Look.AGAIN, Look.AGAIN, Look.NEWS]


def test_what_has_been_told_is_not_told_again_at_every_second() -> None:
    settling = Settling()
    looks(settling, LAID_OUT, LAID_OUT)

    assert looks(settling, LAID_OUT, LAID_OUT) == [Look.KNOWN, Look.KNOWN]


def test_targets_that_change_on_a_standing_screen_are_told_once_they_stand() -> None:
    settling = Settling()
    looks(settling, LAID_OUT, LAID_OUT)
    moved = Seen("groups", "groups-vi", {"Đất đai": (270, 340)})

    assert looks(settling, moved, moved, moved) == [Look.AGAIN, Look.NEWS, Look.KNOWN]


def test_a_change_that_was_taken_back_in_between_is_not_half_remembered() -> None:
    settling = Settling()
    looks(settling, LAID_OUT, LAID_OUT)

    assert looks(settling, RAW, LAID_OUT, RAW, RAW) == [Look.AGAIN, Look.KNOWN, Look.AGAIN, Look.NEWS]


def test_a_screen_that_comes_back_is_told_again() -> None:
    settling = Settling()
    looks(settling, LAID_OUT, LAID_OUT, OTHER)

    assert looks(settling, LAID_OUT, LAID_OUT) == [Look.AGAIN, Look.NEWS]
