from __future__ import annotations

from deploy.driver.atlas import AIMS, Atlas, Spot, label, spot

WELCOME = spot("welcome", "vi", ["Lấy số thứ tự | Chạm vào đây", "English"])
GROUPS = spot("groups", "vi", ["Đất đai", "Quay lại"])
FIND = spot("find", "vi", ["A", "B", "7", "Tra cứu"])


def test_a_target_is_called_by_what_stays_of_its_words() -> None:
    assert label("A | Nộp hồ sơ đất đai | 3 người đang chờ") == "Nộp hồ sơ đất đai"
    assert label("Đóng sau 28 giây") == label("Đóng sau 7 giây")
    assert label("7") == "7"


def test_the_nearest_target_that_was_not_touched_is_gone_to() -> None:
    atlas = Atlas("vi")
    atlas.led(WELCOME, "Lấy số thứ tự", GROUPS)
    atlas.led(WELCOME, "English", WELCOME)

    assert atlas.towards_open(WELCOME) == ["Lấy số thứ tự", "Quay lại"]
    assert atlas.towards(GROUPS, "welcome") is None


def test_a_target_counts_once_for_a_kind_of_screen() -> None:
    atlas = Atlas("vi")
    atlas.led(FIND, "A", FIND)
    other = Spot("find", "vi", FIND.labels | {"C"})
    atlas.meet(other)

    assert "A" not in atlas.open(other)
    assert ("find", "C") in atlas.untouched()


def test_keys_are_touched_after_the_other_targets_and_what_did_nothing_last() -> None:
    atlas = Atlas("vi")
    atlas.meet(FIND)
    atlas.still(FIND, "Tra cứu")

    assert atlas.open(FIND) == ["7", "A", "B", "Tra cứu"]


def test_a_quick_walk_touches_few_keys() -> None:
    atlas = Atlas("vi", quick=True)
    for words in ("A", "B"):
        atlas.led(FIND, words, FIND)

    assert atlas.open(FIND) == ["Tra cứu"]


def test_a_quick_walk_touches_what_stands_on_every_screen_on_two_of_them() -> None:
    atlas = Atlas("vi", quick=True)
    one, other, third = (spot(name, "vi", ["Quay lại"]) for name in ("groups", "services", "choice"))
    atlas.led(one, "Quay lại", WELCOME)
    assert atlas.open(third) == ["Quay lại"]

    atlas.led(other, "Quay lại", WELCOME)
    assert atlas.open(third) == []


def test_what_ends_the_program_is_left_alone() -> None:
    atlas = Atlas("vi", shy=frozenset({"Thoát"}))
    menu = spot("staff", "vi", ["Thoát", "Quay lại"])
    atlas.meet(menu)

    assert atlas.open(menu) == ["Quay lại"]


def test_targets_of_another_language_are_not_asked_for() -> None:
    atlas = Atlas("vi")
    english = spot("groups", "en", ["Land", "Back"])
    atlas.meet(english)

    assert atlas.open(english) == []
    assert atlas.untouched() == set()


def test_only_what_never_did_anything_leads_nowhere() -> None:
    atlas = Atlas("vi")
    atlas.gave_up(GROUPS, "Quay lại")
    atlas.gave_up(FIND, "Tra cứu")
    atlas.led(FIND, "Tra cứu", GROUPS)

    assert atlas.nowhere() == ["groups: Quay lại"]


def test_a_touch_that_led_further_than_was_seen_at_first_is_put_right() -> None:
    atlas = Atlas("vi")
    atlas.led(WELCOME, "Lấy số thứ tự", WELCOME)
    atlas.meet(GROUPS)
    atlas.corrected(WELCOME, "Lấy số thứ tự", GROUPS)

    assert atlas.towards(WELCOME, "groups") == ["Lấy số thứ tự"]
    assert atlas.reachable(("welcome",))


def test_what_is_met_only_by_chance_is_not_walked_to_for_ever() -> None:
    atlas = Atlas("vi")
    atlas.led(WELCOME, "Lấy số thứ tự", GROUPS)
    atlas.led(WELCOME, "English", WELCOME)
    atlas.led(GROUPS, "Đất đai", GROUPS)

    steps = [atlas.aim(WELCOME) for _ in range(AIMS + 1)]

    assert steps == ["Lấy số thứ tự"] * AIMS + [None]
    assert ("groups", "Quay lại") in atlas.untouched()


def test_a_touch_that_was_slow_once_takes_no_known_way_away() -> None:
    atlas = Atlas("vi")
    atlas.led(WELCOME, "Lấy số thứ tự", GROUPS)
    atlas.led(WELCOME, "Lấy số thứ tự", WELCOME)

    assert atlas.towards(WELCOME, "groups") == ["Lấy số thứ tự"]
