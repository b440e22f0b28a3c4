"""The light pages: what they say, how small the citizen's is, and that they run no script but ours."""

from __future__ import annotations

import gzip
import re
from typing import Any

import pytest

from broker.contract.payloads import Wait
from broker.runtime.catalogue import catalogue
from controller.domain.commands import Tick
from controller.http.pages.assets import asset
from controller.http.pages.report_table import duration, number, share
from controller.http.pages.sign_in import own_path
from controller.http.pages.ticket import place, wait
from controller.reports.registry import REPORTS

PATHS = re.compile(r'(?:src|href)="(/assets/[^"]+)"')


async def turn(house: Any, *actions: str) -> str:
    """Issue a ticket for land and act at counter 1; give its token."""
    async with house.client("officer") as client:
        token: str = (await client.post("/api/v1/tickets", json={"service": "land"})).json()["token"]
        for action in actions:
            assert (await client.post(f"/api/v1/counters/c1/{action}")).status_code == 200
    return token


async def test_the_first_page_leads_to_the_desk_and_on_to_sign_in(house: Any) -> None:
    async with house.client() as client:
        first = await client.get("/")
        desk = await client.get("/desk/c1")
        form = await client.get(desk.headers["location"])

    assert first.headers["location"] == "/desk"
    assert desk.headers["location"] == "/sign-in?next=%2Fdesk%2Fc1"
    assert 'data-next="/desk/c1"' in form.text
    assert "Đăng nhập" in form.text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("/reports?x=1", "/reports?x=1"),
        ("//evil.test", "/desk"),
        ("/\\evil.test", "/desk"),
        ("https://evil.test", "/desk"),
        ("javascript:alert(1)", "/desk"),
        ("", "/desk"),
    ],
)
def test_signing_in_leads_only_to_a_page_of_ours(asked: str, expected: str) -> None:
    assert own_path(asked) == expected


async def test_a_page_is_vietnamese_until_english_is_chosen_and_then_stays_so(house: Any) -> None:
    async with house.client() as client:
        plain = await client.get("/sign-in")
        chosen = await client.get("/sign-in?lang=en")
        next_one = await client.get("/sign-in")

    assert '<html lang="vi">' in plain.text
    assert '<html lang="en">' in chosen.text
    assert '<html lang="en">' in next_one.text
    assert "Trung tâm Phục vụ hành chính công" in plain.text
    assert "Public Administrative Service Centre" in next_one.text


async def test_the_desk_shows_every_button_of_the_counter(house: Any) -> None:
    async with house.client("officer") as client:
        page = (await client.get("/desk/c1")).text
        chooser = (await client.get("/desk")).text
        missing = await client.get("/desk/c9")

    found = set(re.findall(r'data-action="(\w+)"', page))
    assert found == {
        "open", "close", "next", "recall", "start", "finish", "no_show", "park", "pause", "resume", "undo", "transfer",
    }  # fmt: skip
    assert re.findall(r'<button class="act[^"]*" value="(\w+)"', page.partition('id="dialog-more"')[2]) == [
        "finish", "continue", "walk_in", "park", "hand_over",
    ]  # fmt: skip
    assert re.findall(r"<option>(\w+)</option>", page.partition('id="to-officer"')[2].partition("</select>")[0]) == [
        "administrator", "supervisor",
    ]  # fmt: skip
    assert re.findall(r'href="/desk/(c\d)"', chooser) == ["c1", "c2"]
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("actions", "words"),
    [
        ((), ["Đang chờ đến lượt", "Quý khách là người tiếp theo", "Quầy 1, Quầy 2"]),
        (("open", "next"), ["Mời quý khách đến quầy", "<strong>Quầy 1</strong>"]),
        (("open", "next", "start"), ["Đang được phục vụ", "<strong>Quầy 1</strong>"]),
        (("open", "next", "no_show"), ["Đã gọi nhưng quý khách chưa đến", "bàn hướng dẫn"]),
        (("open", "next", "finish"), ["Đã phục vụ xong", "Quý khách có hài lòng không?", "Chờ lâu"]),
    ],
)
async def test_the_citizens_page_tells_where_the_ticket_stands(
    house: Any, actions: tuple[str, ...], words: list[str]
) -> None:
    token = await turn(house, *actions)
    async with house.client() as client:
        page = await client.get(f"/t/{token}")

    assert page.status_code == 200
    for word in ["A001", *words]:
        assert word in page.text


@pytest.mark.parametrize(("actions", "count"), [((), 4), (("open", "next", "finish"), 3)])
async def test_the_citizens_page_with_all_it_loads_stays_under_30_kilobytes(
    house: Any, actions: tuple[str, ...], count: int
) -> None:
    token = await turn(house, *actions)
    async with house.client() as client:
        page = await client.get(f"/t/{token}")
        files = [await client.get(path) for path in set(PATHS.findall(page.text))]

    assert len(files) == count
    assert all(file.status_code == 200 for file in files)
    assert len(page.content) + sum(len(file.content) for file in files) < 30_000
    assert "ttf" not in page.text


async def test_a_slip_of_another_day_shows_as_expired_and_asks_nothing(house: Any) -> None:
    token = await turn(house)
    house.clock.pass_seconds(24 * 3600)
    await turn(house)
    async with house.client() as client:
        page = (await client.get(f"/t/{token}")).text

    assert "Đã hết hiệu lực" in page
    assert "<form" not in page
    assert "<script" not in page


async def test_a_wrong_slip_says_what_to_do(house: Any) -> None:
    async with house.client() as client:
        page = await client.get(f"/t/{'x' * 22}?lang=en")

    assert page.status_code == 404
    assert "This number was not found." in page.text


async def test_the_rating_form_works_without_script_and_only_once(house: Any) -> None:
    token = await turn(house, "open", "next", "finish")
    form = {"score": "1", "version": "1", "key": "k", "reason": "slow", "comment": "  "}
    async with house.client() as client:
        bare = await client.post(f"/t/{token}/rating", data=form | {"reason": ""})
        sent = await client.post(f"/t/{token}/rating", data=form | {"key": "k2"})
        thanks = (await client.get(sent.headers["location"])).text
        again = await client.post(f"/t/{token}/rating", data=form | {"key": "k3"})
        told = (await client.get(again.headers["location"])).text

    assert bare.headers["location"] == f"/t/{token}?told=bad_request"
    assert (sent.status_code, sent.headers["location"]) == (303, f"/t/{token}?told=thanks")
    assert "Cảm ơn quý khách" in thanks
    assert "<form" not in thanks
    assert "đã được đánh giá" in told


async def test_the_reports_page_shows_the_figures_and_links_the_files(house: Any) -> None:
    await turn(house, "open", "next", "finish")
    async with house.client("supervisor") as client:
        page = (await client.get("/reports?name=throughput&by=service")).text
        satisfaction = (await client.get("/reports?name=satisfaction")).text
        file = await client.get("/reports/throughput.csv?labels=vi")
        bad = await client.get("/reports?from=yesterday")

    assert "Nộp hồ sơ đất đai" in page
    assert "Rất" not in page
    assert "/reports/throughput.csv?from=2026-11-23&amp;to=2026-11-23&amp;by=service" in page
    assert "Tỷ lệ hài lòng" in satisfaction
    assert file.content.startswith(b"\xef\xbb\xbf")
    assert bad.status_code == 400


async def test_the_reports_page_shows_the_head_of_the_last_closing_to_be_copied(house: Any) -> None:
    await turn(house, "open", "next", "finish")
    async with house.client("supervisor") as client:
        while_it_lasts = (await client.get("/reports")).text
        house.clock.pass_seconds(24 * 3600)
        await house.parts.engine.do(Tick())
        vi, en = [(await client.get(f"/reports?lang={lang}")).text for lang in ("vi", "en")]
        before = (await client.get("/reports?from=2026-11-20&to=2026-11-20")).text

    head = house.parts.store.closing.head
    assert 'class="head"' not in while_it_lasts + before
    assert f"<span>{head[:4]}</span> <span>{head[4:8]}</span>" in vi
    assert "Mã nhật ký khi kết thúc ngày 23/11/2026" in vi
    assert "Head of the journal at the end of 23/11/2026" in en


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("staff.css", "text/css"),
        ("desk.js", "text/javascript"),
        ("icon.svg", "image/svg+xml"),
        ("heavy.ttf", "font/ttf"),
    ],
)
async def test_a_file_is_sent_as_what_it_is(house: Any, name: str, media_type: str) -> None:
    async with house.client() as client:
        answer = await client.get(f"/assets/{name}")

    assert answer.headers["content-type"].partition(";")[0] == media_type


async def test_assets_are_kept_for_ever_by_their_mark_and_checked_otherwise(house: Any) -> None:
    async with house.client() as client:
        page = (await client.get("/sign-in")).text
        marked = [await client.get(path) for path in set(PATHS.findall(page))]
        bare = await client.get("/assets/staff.css")
        same = await client.get("/assets/staff.css", headers={"If-None-Match": bare.headers["etag"]})
        missing = await client.get("/assets/secret.css")
        climbing = await client.get("/assets/..%2fpage.py")

    assert all("immutable" in answer.headers["cache-control"] for answer in marked)
    assert (bare.headers["cache-control"], same.status_code) == ("no-cache", 304)
    assert (missing.status_code, climbing.status_code) == (404, 404)


@pytest.mark.parametrize("weight", ["regular", "strong", "heavy"])
def test_the_letters_come_from_the_installed_package(weight: str) -> None:
    font = asset(f"{weight}.ttf")

    assert font is not None
    assert font.content[:4] == b"\x00\x01\x00\x00"
    assert len(gzip.compress(font.content)) > 20_000


def test_every_report_that_is_made_has_a_name_on_the_page() -> None:
    assert all(catalogue("controller").say(one.title, "vi") for one in REPORTS.values())


def test_the_catalogues_hold_the_same_keys() -> None:
    words = catalogue("controller").words

    assert words["vi"].keys() == words["en"].keys()


@pytest.mark.parametrize(
    ("estimate", "expected"),
    [
        (None, "Chưa dự kiến được thời gian chờ"),
        (Wait(low_s=720, high_s=1080), "Dự kiến chờ 12–18 phút"),
        (Wait(low_s=61, high_s=119), "Dự kiến chờ 1–2 phút"),
        (Wait(low_s=0, high_s=200), "Dự kiến chờ dưới 4 phút"),
        (Wait(low_s=0, high_s=0), "Dự kiến chờ dưới 1 phút"),
    ],
)
def test_a_wait_is_told_as_a_range_of_minutes(estimate: Wait | None, expected: str) -> None:
    assert wait(lambda key, **values: catalogue("controller").say(key, "vi", **values), estimate) == expected


def test_a_place_in_the_line_is_told_by_who_is_before() -> None:
    def words(key: str, **values: object) -> str:
        return catalogue("controller").say(key, "en", **values)

    assert [place(words, position) for position in (None, 1, 4)] == [None, "You are next", "3 before you"]


def test_figures_are_written_as_people_here_write_them() -> None:
    assert (duration(65.4), duration(3725)) == ("1:05", "1:02:05")
    assert (number(184353, "vi"), number(184353, "en")) == ("184.353", "184,353")
    assert (share(0.998, "vi"), share(0.998, "en")) == ("99,8 %", "99.8 %")
