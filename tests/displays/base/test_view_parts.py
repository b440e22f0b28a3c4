from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.payloads import Board, CentreCard, ServiceState, Wait
from broker.runtime.catalogue import catalogue
from displays.base.view_parts import NOTHING, DisplaySettings, TextPair, ViewContext
from displays.board.flow import BoardFlow, hear_board, hear_call
from displays.board.view import PAGE_ROWS, PAGE_S, BoardView, board_view, wait_words
from displays.board.view import picture_name as board_name
from displays.sign.flow import SignFlow, hear_state
from displays.sign.view import picture_name as sign_name
from displays.sign.view import sign_view

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Call, CounterState

CARD = CentreCard(
    id="quang-ngai", name={"vi": "Trung tâm", "en": "Centre"}, timezone="Asia/Ho_Chi_Minh",
    languages=["vi", "en"], public_url="http://127.0.0.1:8000",
)  # fmt: skip
SETTING = DisplaySettings(catalogue("displays"), "sign-1", CARD)


@pytest.fixture
def live(noon: int) -> ViewContext:
    return ViewContext(100.0, noon, stale=False)


@pytest.fixture
def stale(noon: int) -> ViewContext:
    return ViewContext(100.0, noon, stale=True)


# ---- what both share ----


def test_times_and_dates_are_the_centres(noon: int) -> None:
    assert SETTING.time(noon) == "23:00"
    assert SETTING.date(noon) == "Thứ Hai, 24/11/2025"


def test_a_centre_of_one_language_shows_no_second() -> None:
    only = DisplaySettings(SETTING.words, "x", CARD.model_copy(update={"languages": ["vi"]}))

    assert only.say("sign.closed") == TextPair("Quầy đóng", "")
    assert SETTING.say("sign.closed") == TextPair("Quầy đóng", "Closed")


def test_a_second_text_that_says_the_same_is_not_repeated() -> None:
    assert SETTING.pair({"vi": "VIP", "en": "VIP"}) == TextPair("VIP", "")


def test_every_text_of_the_catalogue_exists_in_both_languages() -> None:
    words = SETTING.words.words

    assert set(words["vi"]) == set(words["en"])


# ---- sign ----


def test_a_sign_that_calls_shows_the_number_and_where_to_go(
    make_state: Callable[..., CounterState], live: ViewContext
) -> None:
    look = sign_view(hear_state(SignFlow("c1"), make_state("calling", "A007"), 0, 100.0), SETTING, live)

    assert (look.number, look.label, look.tone, look.light) == ("A007", TextPair("Quầy 1", "Counter 1"), "called", True)
    assert look.headline.first == "Mời đến quầy"


@pytest.mark.parametrize(
    ("status", "words"), [("closed", "Quầy đóng"), ("open", "Xin chờ gọi số"), ("paused", "Tạm dừng phục vụ")]
)
def test_a_sign_without_a_number_says_what_the_counter_does(
    make_state: Callable[..., CounterState], live: ViewContext, status: str, words: str
) -> None:
    look = sign_view(hear_state(SignFlow("c1"), make_state(status), 0, 100.0), SETTING, live)

    assert (look.number, look.headline.first, look.tone) == ("", words, "quiet")


def test_a_pause_tells_its_reason_and_a_recall_its_count(
    make_state: Callable[..., CounterState], live: ViewContext
) -> None:
    pause = hear_state(SignFlow("c1"), make_state("paused", reason={"vi": "Nghỉ giải lao"}), 0, 100.0)
    recall = hear_state(SignFlow("c1"), make_state("calling", "A007", recall=2), 0, 100.0)

    assert sign_view(pause, SETTING, live).detail.first == "Nghỉ giải lao"
    assert sign_view(recall, SETTING, live).detail.first == "Gọi lại lần 2"


def test_a_sign_out_of_date_shows_no_number_but_says_so(
    make_state: Callable[..., CounterState], stale: ViewContext
) -> None:
    look = sign_view(hear_state(SignFlow("c1"), make_state("calling", "A007"), 0, 100.0), SETTING, stale)

    assert look.number == ""
    assert not look.light
    assert look.headline == TextPair("Mất kết nối", "Out of date")
    assert look.detail.first == "Số gần nhất lúc 23:00: A007"


def test_a_sign_that_knows_nothing_shows_its_configured_label(live: ViewContext) -> None:
    look = sign_view(SignFlow("c1"), SETTING, live, {"vi": "Quầy 9"})

    assert look.label.first == "Quầy 9"
    assert look.headline.first == "Đang kết nối"


def test_a_sign_that_is_to_identify_itself_shows_its_name(noon: int) -> None:
    assert sign_view(SignFlow("c1"), SETTING, ViewContext(1.0, noon, stale=False, identify=True)).identify == (
        "Thiết bị: sign-1"
    )


def test_pictures_of_signs_are_named_by_what_stands_on_them(
    make_state: Callable[..., CounterState], live: ViewContext, stale: ViewContext
) -> None:
    flow = hear_state(SignFlow("c1"), make_state("calling", "A007"), 0, 100.0)

    assert sign_name(sign_view(flow, SETTING, live)) == "sign-called-light"
    assert sign_name(sign_view(flow, SETTING, stale)) == "sign-out-of-date"


# ---- board ----


def services(count: int) -> list[ServiceState]:
    return [ServiceState(service=f"s{i}", name={"vi": f"Dịch vụ {i}"}, open=True, waiting=i) for i in range(count)]


def looked(flow: BoardFlow, moment: ViewContext, *, silent: bool = False) -> BoardView:
    return board_view(flow, SETTING, moment, silent=silent)


def test_a_board_shows_who_is_called_where(
    make_call: Callable[..., Call], make_board: Callable[..., Board], live: ViewContext
) -> None:
    flow = hear_board(BoardFlow("hall"), make_board(make_call("B001", "c2")), 50.0)
    look = looked(hear_call(flow, make_call("A007", "c3"), 0, 100.0), live)

    assert [(card.number, card.label.first, card.light) for card in look.stage] == [("A007", "Quầy 3", True)]
    assert [card.number for card in look.earlier] == ["B001"]
    assert (look.time, look.centre) == ("23:00", TextPair("Trung tâm", "Centre"))
    assert look.lost == TextPair("")


def test_a_board_out_of_date_shows_the_calls_as_past_and_no_figures(
    make_call: Callable[..., Call], make_board: Callable[..., Board], stale: ViewContext
) -> None:
    flow = hear_board(BoardFlow("hall"), make_board(make_call(), queues=services(2)), 50.0)
    look = looked(hear_call(flow, make_call("A008", "c2"), 0, 100.0), stale)

    assert look.stage == ()
    assert [card.number for card in look.earlier] == ["A008", "A007"]
    assert look.lost.first == "Mất kết nối"
    assert "23:00" in look.lost_hint.first
    assert {(queue.last, queue.waiting, queue.wait) for queue in look.queues} == {(NOTHING,) * 3}


def test_a_board_that_knows_nothing_is_connecting(stale: ViewContext) -> None:
    assert looked(BoardFlow("hall"), stale).lost.first == "Đang kết nối"


def test_a_board_shows_no_time_before_it_knows_whose(stale: ViewContext) -> None:
    look = board_view(BoardFlow("hall"), DisplaySettings(SETTING.words, "board-1"), stale)

    assert (look.time, look.date) == ("", "")


def test_many_queues_take_turns_and_every_one_gets_its_turn(make_board: Callable[..., Board], noon: int) -> None:
    flow = hear_board(BoardFlow("hall"), make_board(queues=services(29)), 0.0)
    pages = [looked(flow, ViewContext(turn * PAGE_S, noon, stale=False)) for turn in range(4)]

    assert [page.page for page in pages] == ["Trang 1/4", "Trang 2/4", "Trang 3/4", "Trang 4/4"]
    assert max(len(page.queues) for page in pages) <= PAGE_ROWS
    seen = [queue.name.first for page in pages for queue in page.queues]
    assert seen == [f"Dịch vụ {i}" for i in range(29)]


def test_few_queues_need_no_pages(make_board: Callable[..., Board], live: ViewContext) -> None:
    assert looked(hear_board(BoardFlow("hall"), make_board(queues=services(PAGE_ROWS)), 0.0), live).page == ""


def test_a_closed_service_says_so_instead_of_a_wait(make_board: Callable[..., Board], live: ViewContext) -> None:
    closed = ServiceState(service="s", name={"vi": "Đất đai"}, open=False, wait=Wait(low_s=60, high_s=120))
    queue = looked(hear_board(BoardFlow("hall"), make_board(queues=[closed]), 0.0), live).queues[0]

    assert (queue.wait, queue.open) == ("đóng", False)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (600, 1200, "10–20 phút"), (0, 300, "dưới 5 phút"), (30, 61, "dưới 2 phút"), (300, 300, "khoảng 5 phút"),
        (0, 0, "dưới 1 phút"), (3600, 5400, "60–90 phút"),
    ],
)  # fmt: skip
def test_a_wait_is_told_as_a_range_of_minutes(low: int, high: int, words: str) -> None:
    assert wait_words(Wait(low_s=low, high_s=high), SETTING) == words


def test_no_estimate_is_a_dash() -> None:
    assert wait_words(None, SETTING) == NOTHING


def test_a_silent_voice_is_told_unless_the_centre_has_something_to_say(
    make_board: Callable[..., Board], live: ViewContext
) -> None:
    quiet = hear_board(BoardFlow("hall"), make_board(), 0.0)
    noted = hear_board(BoardFlow("hall"), make_board(notice={"vi": "Nghỉ trưa"}), 0.0)

    assert looked(quiet, live, silent=True).notice.first.startswith("Không có âm thanh")
    assert looked(quiet, live).notice == TextPair("")
    assert looked(noted, live, silent=True).notice.first == "Nghỉ trưa"


def test_pictures_of_boards_are_named_by_what_stands_on_them(
    make_call: Callable[..., Call], live: ViewContext, stale: ViewContext
) -> None:
    flow = hear_call(BoardFlow("hall"), make_call(), 0, 100.0)

    assert board_name(looked(flow, live)) == "board-1-light"
    assert board_name(looked(flow, stale)) == "board-out-of-date"


def test_looks_of_the_same_moment_are_equal_so_that_nothing_is_drawn_twice(
    make_call: Callable[..., Call], live: ViewContext, noon: int
) -> None:
    flow = hear_call(BoardFlow("hall"), make_call(), 0, 100.0)

    assert looked(flow, live) == looked(flow, ViewContext(100.2, noon, stale=False))
    assert looked(flow, live) != looked(flow, ViewContext(100.6, noon, stale=False))
