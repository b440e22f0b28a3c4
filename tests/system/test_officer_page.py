"""The officer's page in a real browser against `luot serve`: sign in, open, next, finish, and when it is alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

    from tests.system.centre import Centre

pytestmark = pytest.mark.system


def stands(page: Page, status: str, number: str) -> None:
    """Wait until the page shows a status and a number in hand, told by the stream and not by a reload."""
    expect(page.locator(f".desk[data-status={status}]")).to_be_visible()
    expect(page.locator("#number")).to_have_text(number)


def test_an_officer_signs_in_opens_calls_and_finishes(own_centre: Centre, officer: Page) -> None:
    reception = own_centre.user("chief", "supervisor")
    numbers = [reception.post("/tickets", json={"service": "land"}).json()["number"] for _ in range(3)]
    expect(officer.locator("#list-waiting li")).to_have_count(3)

    officer.click("[data-action=open]")
    stands(officer, "open", "—")
    officer.click("[data-action=next]")
    stands(officer, "calling", numbers[0])
    expect(officer.locator("[data-action=start]")).to_be_enabled()
    officer.keyboard.press("s")
    stands(officer, "serving", numbers[0])
    expect(officer.locator("[data-action=finish]")).to_be_enabled()
    officer.keyboard.press("f")
    stands(officer, "open", "—")
    expect(officer.locator("#count-waiting")).to_have_text("2")

    state = reception.get("/counters/c1").json()
    assert (state["status"], state["ended"]["number"]) == ("open", numbers[0])


def test_the_page_follows_what_is_done_elsewhere_and_refuses_what_has_passed(own_centre: Centre, officer: Page) -> None:
    chief = own_centre.user("chief", "supervisor")
    for _ in range(2):
        chief.post("/tickets", json={"service": "land"})
    officer.click("[data-action=open]")
    stands(officer, "open", "—")
    chief.post("/counters/c1/next")
    stands(officer, "calling", "A001")
    chief.post("/counters/c1/park")
    stands(officer, "open", "—")

    expect(officer.locator("#list-parked b")).to_have_text("A001")
    officer.hover("#list-parked li")
    officer.click("#list-parked .back")
    expect(officer.locator("#count-parked")).to_have_text("0")
    officer.hover("#list-waiting li >> nth=1")
    officer.click("#list-waiting .give >> nth=1")
    officer.fill("#call-reason", "Bệnh nặng")
    officer.click("#dialog-call button[value=go]")
    stands(officer, "calling", "A002")
    officer.keyboard.press("t")
    officer.select_option("#to-service", "result")
    officer.click("#dialog-transfer button[value=go]")
    stands(officer, "open", "—")
    events = chief.get("/events").json()["items"]

    called = [event for event in events if event["type"] == "called"]
    assert [event["data"]["number"] for event in called] == ["A001", "A002"]
    assert events[-1]["type"] == "transferred"
    assert "Bệnh nặng" not in json.dumps(events, ensure_ascii=False)


def test_the_officer_sets_aside_with_a_time_goes_on_and_serves_without_a_ticket(
    own_centre: Centre, officer: Page
) -> None:
    chief = own_centre.user("chief", "supervisor")
    chief.post("/tickets", json={"service": "land"})
    officer.click("[data-action=open]")
    stands(officer, "open", "—")

    def more(does: str, **fields: str) -> None:
        expect(officer.locator("#more")).to_be_enabled()
        officer.keyboard.press("m")
        for name, value in fields.items():
            officer.select_option(f"#more-{name}", value)
        officer.click(f"#dialog-more button[value={does}]")

    more("walk_in", service="land")
    stands(officer, "serving", "A002")
    more("continue", service="result")
    expect(officer.locator("#what")).to_contain_text("Trả kết quả")
    officer.keyboard.press("m")
    officer.fill("#more-quantity", "3")
    officer.click("#dialog-more button[value=finish]")
    stands(officer, "open", "—")
    officer.click("[data-action=next]")
    stands(officer, "calling", "A001")
    more("park", minutes="10")
    stands(officer, "open", "—")
    events = chief.get("/events").json()["items"]

    assert [event["data"]["quantity"] for event in events if event["type"] == "finished"] == [None, 3]
    assert (events[-1]["type"], events[-1]["data"]["reason"]) == ("parked", None)
    assert events[-1]["data"]["park_until"] is not None


def test_the_officer_asks_why_this_number_was_called(own_centre: Centre, officer: Page) -> None:
    chief = own_centre.user("chief", "supervisor")
    for priority in ("normal", "elderly"):
        chief.post("/tickets", json={"service": "land", "priority": priority})
    officer.click("[data-action=open]")
    expect(officer.locator("#why")).to_be_hidden()
    officer.click("[data-action=next]")
    expect(officer.locator("#status")).to_have_text("Đang gọi")
    number = officer.locator("#number").text_content()
    other = "A001" if number == "A002" else "A002"

    officer.click("text=Vì sao số này?")

    expect(officer.locator("#why-lines li").first).to_contain_text("Điểm chờ cao nhất")
    expect(officer.locator("#why-lines")).to_contain_text(f"Kế tiếp: {other}")
    for width, height in SIZES:
        officer.set_viewport_size({"width": width, "height": height})
        hand, lines = officer.locator(".hand").bounding_box(), officer.locator("#why-lines").bounding_box()
        assert hand is not None
        assert lines is not None
        assert hand["y"] <= lines["y"] <= lines["y"] + lines["height"] <= hand["y"] + hand["height"] + 1, width
        assert hand["x"] <= lines["x"] <= lines["x"] + lines["width"] <= hand["x"] + hand["width"], width
    officer.click("[data-action=next]")
    stands(officer, "calling", other)
    expect(officer.locator("#why-lines")).to_be_hidden()


def test_a_pause_has_a_reason_and_the_page_speaks_english_when_asked(own_centre: Centre, officer: Page) -> None:
    officer.click("[data-action=open]")
    stands(officer, "open", "—")
    officer.click("[data-action=pause]")
    officer.click("#dialog-pause .choice >> nth=1")
    stands(officer, "paused", "—")
    expect(officer.locator("#reason")).to_contain_text("Nghỉ trưa")
    officer.click("text=English")
    expect(officer.locator("[data-action=resume]")).to_be_enabled()
    expect(officer.locator("[data-action=resume]")).to_contain_text("Resume")
    officer.click("[data-action=resume]")
    stands(officer, "open", "—")

    officer.click("[data-sign-out]")
    officer.wait_for_url("**/sign-in")
    officer.goto(f"{own_centre.http}/desk")
    officer.wait_for_url("**/sign-in?next=%2Fdesk")


def test_the_page_says_when_the_controller_is_gone_and_lets_nothing_be_pressed(
    own_centre: Centre, officer: Page
) -> None:
    officer.click("[data-action=open]")
    stands(officer, "open", "—")
    expect(officer.locator("#offline")).to_be_hidden()

    own_centre.kill()

    expect(officer.locator("#offline")).to_be_visible()
    for action in ("next", "close", "pause"):
        expect(officer.locator(f"[data-action={action}]")).to_be_disabled()


SIZES = [(1366, 768), (1920, 1080), (1024, 768), (390, 844)]


def test_nothing_lies_outside_its_place_and_nothing_comes_from_elsewhere(own_centre: Centre, officer: Page) -> None:
    asked: list[str] = []
    faults: list[str] = []
    officer.on("request", lambda request: asked.append(request.url))
    officer.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    officer.on("pageerror", lambda error: faults.append(str(error)))
    own_centre.user("chief", "supervisor").post("/tickets", json={"service": "land", "priority": "elderly"})
    officer.reload()
    officer.click("[data-action=open]")
    officer.click("[data-action=next]")
    stands(officer, "calling", "A001")

    for width, height in SIZES:
        officer.set_viewport_size({"width": width, "height": height})
        hand = officer.locator(".hand").bounding_box()
        assert hand is not None
        for part in ("#status", "#number", "#what", "#priority"):
            box = officer.locator(part).bounding_box()
            assert box is not None, (part, width)
            assert hand["y"] <= box["y"], (part, width)
            assert box["y"] + box["height"] <= hand["y"] + hand["height"] + 1, (part, width)
            assert box["x"] >= 0, (part, width)
            assert box["x"] + box["width"] <= width, (part, width)
    assert faults == []
    assert asked
    assert all(url.startswith((own_centre.http, "data:")) for url in asked)


def test_the_page_tells_of_a_printer_without_paper_until_it_is_mended(own_centre: Centre, officer: Page) -> None:
    expect(officer.locator("#troubles")).to_be_hidden()
    printer = own_centre.peer("printer-1")
    printer.birth("printer", "s1", printer="paper_out")
    own_centre.peer("kiosk-1").hear_own("reply").request("issue", service="land")
    expect(officer.locator("#troubles")).to_have_text("printer-1: hết giấy in", timeout=20_000)
    officer.screenshot(path=own_centre.folder / "trouble.png")
    printer.birth("printer", "s1", printer="ok")
    expect(officer.locator("#troubles")).to_be_hidden(timeout=20_000)


def test_signing_in_without_script_puts_no_password_into_the_address(
    own_centre: Centre, browser: BrowserContext
) -> None:
    made = own_centre.luot("user", "add", "an", "--role", "officer", "--data", str(own_centre.data), "--json")
    password = json.loads(made.stdout)["password"]
    assert browser.browser is not None
    plain = browser.browser.new_context(java_script_enabled=False, locale="vi-VN")
    try:
        page, addresses = plain.new_page(), list[str]()
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(f"{own_centre.http}/desk/c1")
        page.fill("#user", "an")
        page.fill("#password", "not the password")
        page.click("button[type=submit]")
        expect(page.locator(".fault").first).to_have_text("Tên đăng nhập hoặc mật khẩu không đúng.")
        page.fill("#user", "an")
        page.fill("#password", password)
        page.click("button[type=submit]")
        page.wait_for_url("**/desk/c1")
    finally:
        plain.close()

    assert addresses
    assert not [address for address in addresses if "password" in address or password in address]
