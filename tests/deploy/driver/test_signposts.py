from __future__ import annotations

from broker.runtime.catalogue import catalogue
from deploy.driver.signposts import signposts

WORDS = signposts(("vi", "en"), catalogue("kiosk"))


def test_languages_and_accessibility_are_tried_apart_whatever_the_size_of_the_letters() -> None:
    assert {"Tiếng Việt", "English", "VI", "EN", "Chữ to, hỗ trợ", "Thoát chương trình"} <= WORDS.apart
    assert WORDS.others == ("English",)


def test_the_shortest_way_home_is_tried_first() -> None:
    assert WORDS.homewards({"Đất đai", "Quay lại", "Trang đầu"}) == ["Trang đầu", "Quay lại"]
    assert WORDS.homewards({"Đất đai"}) == []


def test_where_procedures_are_chosen_is_another_kind_of_screen() -> None:
    assert WORDS.kind("groups", {"Tìm thủ tục", "Đất đai"}) != WORDS.kind("groups", {"Tìm dịch vụ", "Đất đai"})
    assert WORDS.kind("read", {"Tìm thủ tục"}) == "read"
