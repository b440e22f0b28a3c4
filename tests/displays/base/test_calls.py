from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from displays.base.calls import FLASH_S, REMEMBERED, HandledCalls, flash, is_too_old

if TYPE_CHECKING:
    from collections.abc import Callable

    from broker.contract.payloads import Call


def test_a_call_is_remembered_by_id_and_recall(make_call: Callable[..., Call]) -> None:
    acted = HandledCalls().with_(make_call(recall=0))

    assert acted.has(make_call(recall=0))
    assert not acted.has(make_call(recall=1))
    assert not acted.has(make_call("A008"))


def test_the_memory_of_calls_is_bounded_and_forgets_the_oldest(make_call: Callable[..., Call]) -> None:
    acted = HandledCalls()
    for recall in range(REMEMBERED + 5):
        acted = acted.with_(make_call(recall=recall))

    assert len(acted.pairs) == REMEMBERED
    assert not acted.has(make_call(recall=4))
    assert acted.has(make_call(recall=5))


@pytest.mark.parametrize(("age", "dropped"), [(-2.0, False), (0.0, False), (30.0, False), (30.001, True), (3600, True)])
def test_only_a_call_older_than_30_seconds_is_too_old(age: float, *, dropped: bool) -> None:
    assert is_too_old(age) is dropped


def test_a_flash_begins_light_changes_twice_a_second_and_ends() -> None:
    phases = [flash(10.0, 10.0 + tenth / 10) for tenth in range(80)]

    assert phases[0] is True
    assert phases[5] is False
    assert phases[10] is True
    assert phases[int(FLASH_S * 10) :] == [None] * (80 - int(FLASH_S * 10))
    assert flash(None, 10.0) is None
    assert flash(11.0, 10.0) is None
