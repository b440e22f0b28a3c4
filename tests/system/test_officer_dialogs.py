"""The officer's dialogs raced by a keypad: an action falls on the number that was seen, or on none."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from tests.support.examples import LONG
from tests.system.client import eventually

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

    from tests.system.centre import Centre
    from tests.system.client import Json, Peer

pytestmark = pytest.mark.system

ROUNDS = 500 if LONG else 40
QUANTITY = 7
"""Tells a visit that the dialog finished from one that the keypad ended."""
DONE_BY_DIALOG: dict[str, Callable[[Json], bool]] = {
    "transferred": lambda _data: True,
    "parked": lambda _data: True,
    "finished": lambda data: data.get("quantity") == QUANTITY,
    "called": lambda data: data.get("rule") in {"manual", "continued", "walk_in"},
    "counter_paused": lambda _data: True,
}


@pytest.fixture
def keypad(own_centre: Centre) -> Peer:
    """The buttons of counter 1."""
    return own_centre.peer("keypad-1").hear_own("reply").hear("counter/c1/state")


def press_next(keypad: Peer) -> str:
    """Press and do not wait."""
    key = str(uuid.uuid4())
    keypad.say("device/keypad-1/press", {"id": key, "button": "next", "at": keypad_time(keypad)})
    return key


def keypad_time(keypad: Peer) -> str:
    return str(keypad.wait("controller/state")["at"])


def test_a_dialog_closes_and_says_so_when_another_number_is_in_hand(
    own_centre: Centre, officer: Page, keypad: Peer
) -> None:
    chief = own_centre.user("chief", "supervisor")
    for _ in range(9):
        chief.post("/tickets", json={"service": "land"})
    keypad.hear("controller/state")
    officer.click("[data-action=open]")
    expect(officer.locator(".desk[data-status=open]")).to_be_visible()

    for opener, dialog in (("p", "pause"), ("t", "transfer"), ("m", "more"), ("#list-waiting .give >> nth=3", "call")):
        if len(opener) == 1:
            expect(officer.locator(f"[data-key={opener.upper()}]:visible").first).to_be_enabled()
            officer.keyboard.press(opener)
        else:
            officer.hover("#list-waiting li >> nth=3")
            officer.click(opener)
        expect(officer.locator(f"#dialog-{dialog}")).to_be_visible()
        before = officer.locator("#number").text_content()
        press_next(keypad)
        expect(officer.locator(f"#dialog-{dialog}")).to_be_hidden()
        number = officer.locator("#number").text_content()
        assert number != before
        expect(officer.locator("#told")).to_contain_text(f"Số tại quầy đã đổi thành {number}.")

    kinds = [event["type"] for event in chief.get("/events", params={"limit": 200}).json()["items"]]
    assert not {"transferred", "parked", "counter_paused"} & set(kinds)


@pytest.mark.timeout(1200)
def test_no_dialog_acts_on_a_number_that_was_not_seen(own_centre: Centre, officer: Page, keypad: Peer) -> None:
    chief = own_centre.user("chief", "supervisor")
    keypad.hear("controller/state")
    officer.click("[data-action=open]")
    expect(officer.locator(".desk[data-status=open]")).to_be_visible()
    race = Race(own_centre, officer, keypad, chief)
    for number in range(ROUNDS):
        race.round(number)

    # The race is one only when both sides win it often.
    assert race.done >= ROUNDS // 10, race.done
    assert race.done <= ROUNDS * 9 // 10, race.done


class Race:
    """Opens a dialog, presses next at the keypad, confirms the dialog, and reads what the journal says was done."""

    def __init__(self, centre: Centre, page: Page, keypad: Peer, chief: Any) -> None:
        self.centre, self.page, self.keypad, self.chief = centre, page, keypad, chief
        self.chance = random.Random(13)  # noqa: S311 - which dialog comes next is no secret
        self.seq = 0
        self.in_hand: str | None = None
        self.last_ended: str | None = None
        self.seen: str | None = None
        self.done = 0

    def round(self, number: int) -> None:
        """Run one race; an action on another number than the one that was seen is a failure."""
        self._settle()
        press_first, choose = self.chance.random() < 0.5, self.chance.choice(self._choices())
        key = press_next(self.keypad) if press_first else ""
        confirmed = choose()
        key = key or press_next(self.keypad)
        self.keypad.wait("device/keypad-1/reply", lambda reply: reply["id"] == key)
        expect(self.page.locator("dialog[open]")).to_have_count(0)
        self._judge(f"round {number}, confirmed: {confirmed}")

    def _settle(self) -> None:
        """Bring the counter to a number in hand that the page shows, with people left to call."""
        if self.chief.get("/counters/c1").json()["waiting"] < 5:
            for _ in range(10):
                self.chief.post("/tickets", json={"service": "land"})
        state = self.chief.get("/counters/c1").json()
        if state["status"] == "paused":
            self.chief.post("/counters/c1/resume")
        if state["status"] in {"open", "paused"}:
            assert self.chief.post("/counters/c1/next").status_code == 200
        self._judge("between two rounds")
        expect(self.page.locator("#number")).to_have_text(self.in_hand or "—")
        expect(self.page.locator("[data-action=transfer]")).to_be_enabled()

    def _choices(self) -> list[Callable[[], bool]]:
        return [self._transfer, lambda: self._more("finish"), lambda: self._more("park"),
                lambda: self._more("continue"), self._call]  # fmt: skip

    def _transfer(self) -> bool:
        return self._dialog(
            "transfer", "document.querySelector('[data-action=transfer]').click()",
            "document.getElementById('to-service').value = 'result'", "go",
        )  # fmt: skip

    def _more(self, does: str) -> bool:
        fill = f"document.getElementById('more-quantity').value = {QUANTITY};"
        fill += "document.getElementById('more-service').value = 'result'"
        return self._dialog("more", "document.getElementById('more').click()", fill, does)

    def _call(self) -> bool:
        fill = "document.getElementById('call-reason').value = 'khẩn'"
        return self._dialog("call", "[...document.querySelectorAll('#list-waiting .give')].at(-1).click()", fill, "go")

    def _dialog(self, name: str, opening: str, fill: str, value: str) -> bool:
        """Open, fill and confirm within the page, as fast as it can; return whether it was still open to be confirmed.

        `seen` becomes the number that the page showed when the dialog opened: after a press it may be the next one.
        """
        pause_ms = self.chance.choice([0, 5, 20, 60, 120, 250])
        self.seen, confirmed = self.page.evaluate(
            f"""async () => {{
                    const seen = document.getElementById("number").textContent;
                    {opening};
                    await new Promise((done) => setTimeout(done, {pause_ms}));
                    const dialog = document.getElementById("dialog-{name}");
                    if (!dialog.open) return [seen, false];
                    {fill};
                    const button = dialog.querySelector("button[value={value}]");
                    if (button.disabled) {{ dialog.close(""); return [seen, false]; }}
                    const closed = new Promise((done) => dialog.addEventListener("close", () => setTimeout(done)));
                    button.click();
                    await closed;
                    return [seen, true];
                }}"""
        )
        return bool(confirmed)

    def _judge(self, what: str) -> None:
        """Follow the journal: what is in hand at counter 1, and which of it a dialog has done."""
        for event in eventually(self._fresh_events, "answered action of the page"):
            data, kind = event["data"], event["type"]
            if data.get("counter") != "c1" and kind not in {"transferred", "parked", "finished"}:
                continue
            if kind in DONE_BY_DIALOG and DONE_BY_DIALOG[kind](data):
                ended = kind != "called"
                assert (data["number"] if ended else self.last_ended) == self.seen, (what, self.seen, event)
                self.done += 1
            self._follow(kind, data)

    def _follow(self, kind: str, data: Json) -> None:
        if kind == "called":
            self.in_hand = data["number"]
        elif kind in {"finished", "transferred", "parked", "no_show"} and data["number"] == self.in_hand:
            self.last_ended, self.in_hand = self.in_hand, None

    def _fresh_events(self) -> list[Json] | None:
        """Give the new events once the page has its answer: its buttons live again."""
        if self.page.evaluate("document.querySelector('[data-action=next]').disabled"):
            return None
        found: list[Json] = []
        while items := self.chief.get("/events", params={"after": self.seq, "limit": 500}).json()["items"]:
            found += items
            self.seq = items[-1]["seq"]
        return found or [{"type": "nothing", "data": {}}]
