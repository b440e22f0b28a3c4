"""Each pair of a state and a command: what is allowed does something, the rest gives the contract's error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from broker.contract.errors import Code
from controller.domain.commands import Action, Cancel, Rate, Reprint, Reprioritise
from controller.domain.events import EventType

if TYPE_CHECKING:
    from controller.domain.commands import Command
    from controller.domain.queue.ticket import Ticket
    from tests.controller.domain.conftest import Stage

STATES = ("closed", "open", "paused", "calling", "serving")
ALLOWED = {
    "open": {"closed": "open"},
    "close": {"open": "closed", "paused": "closed"},
    "next": {"open": "calling", "calling": "calling", "serving": "calling"},
    "recall": {"calling": "calling"},
    "start": {"calling": "serving"},
    "finish": {"calling": "open", "serving": "open"},
    "no_show": {"calling": "open"},
    "park": {"calling": "open", "serving": "open"},
    "pause": {"open": "paused"},
    "resume": {"paused": "open"},
    "undo": {"open": "calling", "paused": "calling", "calling": "open", "serving": "open"},
    "transfer": {"calling": "open", "serving": "open"},
    "call": {"open": "calling", "calling": "calling", "serving": "calling"},
    "return": {state: state for state in STATES},
    "continue": {"calling": "serving", "serving": "serving"},
    "walk_in": {"open": "serving", "calling": "serving", "serving": "serving"},
    "hand_over": {"calling": "calling", "serving": "serving"},
}
FIELDS = {
    "transfer": {"service": "result"},
    "continue": {"service": "result"},
    "walk_in": {"service": "land"},
    "hand_over": {"to_officer": "u9"},
    "call": {"reason": "ill"},
}


def bring(stage: Stage, state: str) -> tuple[str, str]:
    """Bring counter c1 into a state, with tickets to call, one of them a no-show."""
    missing = stage.issue("result").number
    stage.press("open", "c3")
    stage.press("next", "c3")
    stage.press("no_show", "c3")
    waiting = [stage.issue().number for _ in range(3)]
    if state != "closed":
        stage.press("open")
    if state in ("open", "paused"):
        stage.press("next")
        stage.press("finish")
    if state == "paused":
        stage.press("pause")
    if state in ("calling", "serving"):
        stage.press("next")
    if state == "serving":
        stage.press("start")
    assert stage.counter().status == state
    return missing, waiting[-1]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", [action.value for action in Action])
def test_each_action_in_each_state_of_a_counter(stage: Stage, state: str, action: str) -> None:
    missing, last = bring(stage, state)
    fields = dict(FIELDS.get(action, {}))
    if action in ("call", "return"):
        fields["number"] = last if action == "call" else missing
    after = ALLOWED[action].get(state)
    if after is None:
        with stage.refused(Code.COUNTER_CLOSED if state == "closed" else Code.BAD_STATE):
            stage.press(action, **fields)
    else:
        assert stage.press(action, **fields).status == after
        assert stage.events[-1].type in EventType


def test_all_actions_stand_in_the_table() -> None:
    assert set(ALLOWED) == {action.value for action in Action}


TICKET_STATES = ("waiting", "called", "serving", "parked", "done", "no_show", "cancelled")


def ticket_in(stage: Stage, status: str) -> Ticket:
    """Bring a ticket into a status."""
    ticket = stage.issue(device="kiosk-1", printer=None)
    stage.press("open")
    if status == "cancelled":
        stage.do(Cancel(token=stage.token(ticket)))
    elif status != "waiting":
        stage.press("next")
        if status in ("serving", "done"):
            stage.press("start")
        ends = {"parked": "park", "done": "finish", "no_show": "no_show"}
        if status in ends:
            stage.press(ends[status])
    assert ticket.status == status
    return ticket


def command_on(stage: Stage, name: str, ticket: Ticket) -> Command:
    """Give a command about a ticket, by name."""
    commands: dict[str, Command] = {
        "cancel": Cancel(token=stage.token(ticket)),
        "reprint": Reprint(token=stage.token(ticket), printer="printer-1"),
        "rate": Rate(token=stage.token(ticket), score=3, version=2),
        "reprioritise": Reprioritise(number=ticket.number, priority="child", reason="alone"),
    }
    return commands[name]


ON_TICKETS: dict[str, tuple[set[str], Code | None]] = {
    "cancel": ({"waiting", "parked"}, Code.BAD_STATE),
    "reprint": (set(TICKET_STATES), None),
    "rate": ({"done"}, Code.NOT_RATEABLE),
    "reprioritise": ({"waiting"}, Code.BAD_STATE),
}


@pytest.mark.parametrize("status", TICKET_STATES)
@pytest.mark.parametrize("name", ON_TICKETS)
def test_each_command_about_a_ticket_in_each_of_its_states(stage: Stage, status: str, name: str) -> None:
    ticket = ticket_in(stage, status)
    allowed, code = ON_TICKETS[name]
    if status in allowed or code is None:
        assert len(stage.do(command_on(stage, name, ticket)).events) == 1
    else:
        with stage.refused(code):
            stage.do(command_on(stage, name, ticket))


CALLABLE = {"waiting", "parked", "no_show"}
RETURNABLE = {"parked", "no_show"}


@pytest.mark.parametrize("status", TICKET_STATES)
@pytest.mark.parametrize(("action", "allowed"), [("call", CALLABLE), ("return", RETURNABLE)])
def test_call_and_return_in_each_state_of_a_ticket(stage: Stage, status: str, action: str, allowed: set[str]) -> None:
    ticket = ticket_in(stage, status)
    stage.press("open", "c2")
    fields = {"number": ticket.number, "reason": "ill"}
    if status in allowed:
        stage.press(action, "c2", **fields)
        assert ticket.status == ("called" if action == "call" else "waiting")
    else:
        with stage.refused(Code.BAD_STATE):
            stage.press(action, "c2", **fields)


@pytest.mark.parametrize("action", [action.value for action in Action])
def test_an_unknown_counter_is_not_found(stage: Stage, action: str) -> None:
    with stage.refused(Code.NOT_FOUND):
        stage.press(action, "c9")
