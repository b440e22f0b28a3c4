"""When a device command is repeated, given up, and what its result belongs to."""

from __future__ import annotations

from typing import Any

from broker.contract.payloads import Result
from controller.services.engine.outbox import KEEP_UNKNOWN_S, Outbox
from controller.services.journal.ports import StoredCommand


def command(hand_clock: Any, op: str = "print", ttl_s: int = 12) -> StoredCommand:
    return StoredCommand("id-1", "printer-1", op, {}, ttl_s, hand_clock.now())


def test_it_is_due_at_once_and_every_five_seconds_until_its_time_is_over(hand_clock: Any) -> None:
    outbox = Outbox(hand_clock)
    outbox.add([command(hand_clock)])

    sent = []
    for second in range(20):
        if outbox.due():
            sent.append(second)
        hand_clock.pass_seconds(1)

    assert sent == [0, 5, 10]
    assert [live.sent.id for live in outbox.over()] == ["id-1"]


def test_it_is_judged_by_real_seconds_when_the_clock_is_driven(hand_clock: Any) -> None:
    hand_clock.speed = 60.0
    outbox = Outbox(hand_clock)
    outbox.add([command(hand_clock)])

    hand_clock.pass_seconds(11)
    before = outbox.over()
    hand_clock.pass_seconds(2)

    assert (before, len(outbox.over())) == ([], 1)


def test_after_an_interim_result_it_waits_two_days_for_the_final_one(hand_clock: Any) -> None:
    outbox = Outbox(hand_clock)
    outbox.add([command(hand_clock)])
    outbox.unknown(["id-1"])

    hand_clock.pass_seconds(KEEP_UNKNOWN_S - 1)
    assert (outbox.due(), outbox.over()) == ([], [])
    assert outbox.answered("printer-1", Result(id="id-1", ok=None)) is None
    assert outbox.answered("printer-1", Result(id="id-1", ok=True)) is not None
    hand_clock.pass_seconds(2)
    assert len(outbox.over()) == 1


def test_only_the_device_that_was_asked_can_answer_and_only_once(hand_clock: Any) -> None:
    outbox = Outbox(hand_clock)
    outbox.add([command(hand_clock)])

    assert outbox.answered("printer-2", Result(id="id-1", ok=True)) is None
    assert outbox.answered("printer-1", Result(id="other", ok=True)) is None
    assert outbox.answered("printer-1", Result(id="id-1", ok=True)) is not None
    outbox.settled(["id-1"])
    assert outbox.answered("printer-1", Result(id="id-1", ok=True)) is None


def test_restart_is_never_repeated(hand_clock: Any) -> None:
    outbox = Outbox(hand_clock)
    outbox.add([command(hand_clock, "restart")])

    first = len(outbox.due())
    hand_clock.pass_seconds(6)

    assert (first, outbox.due()) == (1, [])
