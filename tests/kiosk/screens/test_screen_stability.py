from __future__ import annotations

from kiosk.screens.screen_stability import Observation, Snapshot, StabilityCheck

RAW = Observation("groups", "groups-vi", {"Đất đai": (50, 50)})
LAID_OUT = Observation("groups", "groups-vi", {"Đất đai": (270, 300)})
OTHER = Observation("services", "services-vi", {"Nộp hồ sơ": (270, 300)})


def looks(settling: StabilityCheck, *seen: Observation) -> list[Snapshot]:
    return [settling.look(one) for one in seen]


def test_a_screen_is_told_once_two_looks_in_a_row_found_it_the_same() -> None:
    assert looks(StabilityCheck(), RAW, LAID_OUT, LAID_OUT) == [Snapshot.AGAIN, Snapshot.AGAIN, Snapshot.NEWS]


def test_what_has_been_told_is_not_told_again_at_every_second() -> None:
    settling = StabilityCheck()
    looks(settling, LAID_OUT, LAID_OUT)

    assert looks(settling, LAID_OUT, LAID_OUT) == [Snapshot.KNOWN, Snapshot.KNOWN]


def test_targets_that_change_on_a_standing_screen_are_told_once_they_stand() -> None:
    settling = StabilityCheck()
    looks(settling, LAID_OUT, LAID_OUT)
    moved = Observation("groups", "groups-vi", {"Đất đai": (270, 340)})

    assert looks(settling, moved, moved, moved) == [Snapshot.AGAIN, Snapshot.NEWS, Snapshot.KNOWN]


def test_a_change_that_was_taken_back_in_between_is_not_half_remembered() -> None:
    settling = StabilityCheck()
    looks(settling, LAID_OUT, LAID_OUT)

    assert looks(settling, RAW, LAID_OUT, RAW, RAW) == [Snapshot.AGAIN, Snapshot.KNOWN, Snapshot.AGAIN, Snapshot.NEWS]


def test_a_screen_that_comes_back_is_told_again() -> None:
    settling = StabilityCheck()
    looks(settling, LAID_OUT, LAID_OUT, OTHER)

    assert looks(settling, LAID_OUT, LAID_OUT) == [Snapshot.AGAIN, Snapshot.NEWS]
