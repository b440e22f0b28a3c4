"""The hash chain as a pure rule: what a head depends on, and where checkpoints lie."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from controller.services.journal.chain import (
    EVERY,
    Chain,
    ChainRow,
    Checkpoint,
    DayClosing,
    SealReason,
    extend,
    row_bytes,
)

ROW = ChainRow(1, 1, "2026-11-23", 1, "issued", 1, 1000, '{"number":"A001"}')


def rows(count: int, first: int = 1) -> list[ChainRow]:
    return [ROW._replace(seq=seq, at=1000 + seq) for seq in range(first, first + count)]


def head(*taken: ChainRow) -> str:
    chain = Chain()
    for row in taken:
        chain.add(row)
    return chain.seal(SealReason.FULL, 0).head


@pytest.mark.parametrize(
    "changed",
    [
        {"seq": 2}, {"epoch": 2}, {"day": "2026-11-24"}, {"config": 2}, {"type": "called"}, {"v": 2}, {"at": 1001},
        {"data": '{"number":"A002"}'}, {"data": '{"number": "A001"}'},
        {"day": "2026-11-23i", "type": "ssued"},
    ],
)  # fmt: skip
def test_a_head_depends_on_every_byte_of_every_column(changed: dict[str, Any]) -> None:
    assert head(ROW) != head(ROW._replace(**changed))


def test_a_row_read_as_bytes_is_hashed_like_the_row_that_was_written() -> None:
    written = ROW._replace(data='{"reason":"đến trễ"}')
    read = written._replace(day=b"2026-11-23", type=b"issued", data='{"reason":"đến trễ"}'.encode())

    assert row_bytes(written) == row_bytes(read)


def test_a_head_depends_on_the_order_and_on_what_lies_before() -> None:
    one, two, three = rows(3)

    assert len({head(one, two, three), head(two, one, three), head(one, three), head(three)}) == 4


def test_checkpoints_lie_every_256_events_and_behind_the_last_event_of_a_day() -> None:
    made = list(extend(Chain(), rows(600), [DayClosing("2026-11-23", 300, 9000)]))

    assert [(one.seq, one.kind, one.day, one.at) for one in made] == [
        (EVERY, "full", None, 1256), (300, "closing", "2026-11-23", 9000), (556, "full", None, 1556),
    ]  # fmt: skip


def test_a_day_without_an_event_is_closed_where_the_journal_ends() -> None:
    chain = Chain()
    before = list(extend(chain, rows(3), [DayClosing("2026-11-23", 3, 9000)]))
    after = list(extend(chain, [], [DayClosing("2026-11-24", 3, 9001)]))

    assert [one.seq for one in (*before, *after)] == [3, 3]
    assert before[0].head != after[0].head


def test_the_chain_goes_on_from_a_stored_checkpoint_as_it_would_have_in_memory() -> None:
    running = Chain()
    (stored,) = extend(running, rows(EVERY))
    resumed = Chain.after(stored)
    for chain in (running, resumed):
        list(extend(chain, rows(10, EVERY + 1)))

    assert running.seal(SealReason.FULL, 1) == resumed.seal(SealReason.FULL, 1)


@pytest.mark.parametrize("changed", [{"epoch": 3}, {"kind": "full"}, {"day": "2026-11-24"}, {"at": 2}, {"seq": 4}])
def test_later_heads_depend_on_what_a_checkpoint_says_besides_its_head(changed: dict[str, Any]) -> None:
    stored = Checkpoint(3, 2, "fork", None, 1, "00" * 32)

    heads = {Chain.after(one).seal(SealReason.FULL, 5).head for one in (stored, stored._replace(**changed))}

    assert len(heads) == 2


def test_the_format_can_be_recomputed_by_hand() -> None:
    first = hashlib.sha256(b'luot journal 11,1,1,1,1000,10,6,17:2026-11-23issued{"number":"A001"}').hexdigest()
    second = hashlib.sha256(f"{first},1,1,closing,2026-11-23,2000:".encode()).hexdigest()
    chain = Chain()
    made = list(extend(chain, [ROW], [DayClosing("2026-11-23", 1, 2000)]))

    assert [made[0].head, chain.seal(SealReason.FORK, 2001, epoch=2).head] == [first, second]
