"""Which requests are remembered, and as what."""

from __future__ import annotations

import pytest

from broker.contract.errors import Code, RefusedError
from controller.services.engine.idempotency import (
    MOST_OF_A_HOLDER,
    MOST_OF_A_SENDER,
    IdempotencyStore,
    digest_of,
    first_answer,
)
from controller.services.journal.ports import HOLDER, KEEP_REQUESTS_MS, VOID, IdempotencyKey

KEY = IdempotencyKey("kiosk-1", "r1", "d")


def test_content_is_told_apart_whatever_its_order_and_time() -> None:
    assert digest_of({"op": "issue", "service": "a", "at": 1}) == digest_of({"service": "a", "op": "issue", "at": 2})
    assert digest_of({"op": "issue", "service": "a"}) != digest_of({"op": "issue", "service": "b"})
    assert digest_of({"op": "issue", "lang": None}) != digest_of({"op": "issue"})


@pytest.mark.parametrize(
    "outcome", [{"ticket": {"number": "A001"}}, {}, RefusedError(Code.CENTRE_CLOSED, "it is night")]
)
def test_an_outcome_is_told_again_as_it_was(outcome: dict[str, object] | RefusedError) -> None:
    row = IdempotencyStore().note(KEY, outcome, 1)
    told = first_answer(KEY, row)

    if isinstance(outcome, RefusedError):
        assert isinstance(told, RefusedError)
        assert (told.code, told.detail) == (outcome.code, outcome.detail)
    else:
        assert told == outcome


def test_try_again_is_never_remembered() -> None:
    memory = IdempotencyStore()

    assert memory.note(KEY, RefusedError(Code.TRY_AGAIN), 1) is None
    assert not memory.knows("kiosk-1", "r1")


def test_a_void_request_is_expired_whatever_it_asks_and_for_ever() -> None:
    memory = IdempotencyStore()
    row = memory.void("kiosk-1", "lost", 1)
    memory.forget_before(KEEP_REQUESTS_MS * 100)

    assert memory.knows("kiosk-1", "lost")
    assert row is not None
    assert row.digest == VOID
    told = first_answer(IdempotencyKey("kiosk-1", "lost", "anything"), row)
    assert isinstance(told, RefusedError)
    assert told.code is Code.EXPIRED


def test_what_was_answered_cannot_become_void() -> None:
    memory = IdempotencyStore()
    memory.note(KEY, {}, 1)

    assert memory.void("kiosk-1", "r1", 2) is None


def test_it_forgets_after_48_hours() -> None:
    memory = IdempotencyStore()
    memory.note(KEY, {}, 1000)

    memory.forget_before(1000 + KEEP_REQUESTS_MS)
    kept = memory.knows("kiosk-1", "r1")
    memory.forget_before(1001 + KEEP_REQUESTS_MS)

    assert (kept, memory.knows("kiosk-1", "r1")) == (True, False)


def test_it_knows_when_each_sender_was_last_answered() -> None:
    memory = IdempotencyStore()
    memory.learn([("kiosk-1", "a", 5), ("kiosk-1", "b", 3), ("kiosk-1", "void", 9_000_000_000_000_000)])

    assert memory.answered_at == {"kiosk-1": 5}


def test_a_sender_has_a_bounded_number_of_answers_and_loses_none_before_its_time() -> None:
    memory = IdempotencyStore()
    holder = f"{HOLDER}digest"
    for number in range(MOST_OF_A_HOLDER):
        assert not memory.is_full(holder)
        memory.note(IdempotencyKey(holder, str(number), "d"), {}, 1000)

    full = memory.is_full(holder)
    kept = all(memory.knows(holder, str(number)) for number in range(MOST_OF_A_HOLDER))
    memory.forget_before(1001 + KEEP_REQUESTS_MS)

    assert (full, kept, memory.is_full(holder), memory.is_full("kiosk-1")) == (True, True, False, False)


def test_what_is_read_from_disk_counts_for_its_sender() -> None:
    memory = IdempotencyStore()
    memory.learn([("http:an", str(number), 1) for number in range(MOST_OF_A_SENDER)])

    assert memory.is_full("http:an")
    assert not memory.is_full("http:bình")
