"""One job over one connection, against a printer that plays a script."""

from __future__ import annotations

import pytest

from kiosk.printing.delivery import Delivery, Habits, Pace, Stage
from kiosk.printing.status import PrinterStatus
from tests.support.scripted_port import HEALTHY, ScriptedPort, StepClock

JOB = b"\x1b@" + bytes(range(256)) * 40 + b"\x1dV\x00"
MARKER = b"\x1dr\x01"
ONLY_REAL_TIME = {question: answer for question, answer in HEALTHY.items() if question != MARKER}


class Trial:
    """A delivery with everything it needs."""

    def __init__(self, *, habits: Habits | None = None, **port: object) -> None:
        self.clock = StepClock()
        self.port = ScriptedPort(self.clock, **port)  # type: ignore[arg-type]  # fields by name, checked at run time
        self.habits = habits or Habits()
        self.delivery = Delivery(self.port, self.habits, self.clock, Pace())

    def print(self, seconds: float = 30) -> Stage:
        self.delivery.begin(JOB)
        return self.delivery.advance(seconds)


def test_a_job_is_printed_once_the_request_behind_it_is_answered() -> None:
    trial = Trial()
    assert trial.delivery.open() is PrinterStatus.OK
    assert trial.print() is Stage.PRINTED
    assert trial.port.sent.endswith(JOB + MARKER)
    assert trial.delivery.look() is PrinterStatus.OK


def test_the_status_is_asked_before_the_first_byte_of_a_job() -> None:
    trial = Trial()
    trial.delivery.open()
    assert trial.port.sent == b"\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04" + MARKER


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x32", b"\x10\x04\x04": b"\x7e"}, PrinterStatus.PAPER_OUT),
        ({b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x16"}, PrinterStatus.COVER_OPEN),
        ({b"\x10\x04\x03": b"\x1a"}, PrinterStatus.CUTTER),
        ({b"\x10\x04\x04": b"\x1e"}, PrinterStatus.PAPER_LOW),
        ({b"\x10\x04\x01": b"\x1a"}, PrinterStatus.OFFLINE),
    ],
)
def test_a_printer_in_trouble_is_known_before_anything_is_sent(
    changed: dict[bytes, bytes], status: PrinterStatus
) -> None:
    assert Trial(answers=HEALTHY | changed).delivery.open() is status


def test_a_printer_that_cannot_be_reached_is_offline_with_its_reason() -> None:
    trial = Trial(unreachable=True)
    assert trial.delivery.open() is PrinterStatus.OFFLINE
    assert "switched off" in trial.delivery.reason


def test_a_printer_that_answers_nothing_is_unknown_soon_and_stays_so() -> None:
    trial = Trial(answers={})
    before = trial.clock.seconds
    assert trial.delivery.open() is PrinterStatus.UNKNOWN
    assert trial.clock.seconds - before < 2
    assert trial.print() is Stage.SENDING
    assert trial.delivery.stalled
    assert not trial.delivery.may_tell
    assert trial.delivery.look() is PrinterStatus.UNKNOWN


def test_a_printer_without_markers_is_judged_by_its_status_right_after_the_job() -> None:
    trial = Trial(answers=ONLY_REAL_TIME)
    trial.delivery.open()
    assert not trial.habits.markers
    assert trial.print() is Stage.PRINTED


def test_a_printer_without_markers_whose_paper_ends_leaves_the_outcome_open_for_good() -> None:
    trial = Trial(answers=dict(ONLY_REAL_TIME))
    trial.delivery.open()
    trial.port.answers |= {b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x32", b"\x10\x04\x04": b"\x7e"}
    assert trial.print() is Stage.SENDING
    assert trial.delivery.stalled
    assert not trial.delivery.may_tell


def test_paper_that_ends_in_the_middle_is_pending_and_printed_when_the_marker_comes() -> None:
    trial = Trial()
    trial.delivery.open()
    del trial.port.answers[MARKER]
    assert trial.print() is Stage.SENDING
    assert trial.delivery.stalled
    assert trial.delivery.may_tell
    trial.port.answers |= {b"\x10\x04\x01": b"\x1a", b"\x10\x04\x02": b"\x32", b"\x10\x04\x04": b"\x7e"}
    assert trial.delivery.look() is PrinterStatus.PAPER_OUT
    trial.port.waiting = b"\x10\x00\x00\x00\x00"  # an automatic status, and glued to it the answer
    assert trial.delivery.advance(1) is Stage.PRINTED


def test_a_small_buffer_that_fills_is_waited_for_and_nothing_is_sent_twice() -> None:
    trial = Trial(window=5000)
    trial.delivery.open()
    assert trial.print() is Stage.SENDING
    assert (trial.delivery.stalled, trial.delivery.unsent > 0) == (True, True)
    trial.port.waiting = b"\x18\x00\x0f\x00"
    trial.delivery.advance(0.3)
    assert trial.delivery.look() is PrinterStatus.PAPER_OUT
    trial.port.window = None
    assert trial.delivery.advance(30) is Stage.PRINTED
    assert trial.port.sent.count(JOB) == 1


def test_a_way_that_breaks_in_the_middle_is_lost_with_what_was_taken() -> None:
    trial = Trial()
    trial.delivery.open()
    trial.port.breaks_at = len(trial.port.sent) + 3000
    assert trial.print() is Stage.LOST
    assert trial.delivery.taken == 3000
    assert "broke" in trial.delivery.reason


def test_a_way_that_breaks_before_the_first_byte_took_nothing() -> None:
    trial = Trial()
    trial.delivery.open()
    trial.port.breaks_at = 0
    assert trial.print() is Stage.LOST
    assert trial.delivery.taken == 0


def test_a_plain_file_is_asked_nothing_and_is_done_when_it_has_everything() -> None:
    trial = Trial(lasting=True, answers={})
    assert trial.delivery.open() is PrinterStatus.UNKNOWN
    assert trial.print() is Stage.PRINTED
    assert trial.port.sent == JOB


def test_a_slow_line_is_given_the_time_that_its_buffer_takes() -> None:
    trial = Trial(patience_s=8.0)
    trial.delivery.open()
    del trial.port.answers[MARKER]
    assert trial.print(7) is Stage.SENDING
    assert not trial.delivery.stalled


def test_a_delivery_begins_once() -> None:
    trial = Trial()
    trial.delivery.open()
    trial.print()
    with pytest.raises(RuntimeError):
        trial.delivery.begin(JOB)
