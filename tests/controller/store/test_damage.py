"""A damaged store: verify and a start end with a sentence that says what to do, whatever is damaged.

One page of each table and index is lost in turn; with `LUOT_LONG=1` every page.
"""

from __future__ import annotations

import functools
import gc
import os
import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
import typer

from controller.commands import verify
from controller.core import open_core
from controller.domain.commands import Rate, Tick
from controller.services.journal.ports import IdempotencyKey, StoreError
from controller.store.audit import Audit
from controller.store.database import FILE
from controller.store.restore.backup import back_up
from controller.store.trouble import advice
from tests.support.command_line import run_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

DAY_MS = 24 * 3600 * 1000


@pytest.fixture
async def sound(open_rig: Callable[..., Any], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with something in most tables; lived once, the path of the file is that of all tests."""
    lived = tmp_path_factory.getbasetemp() / "sound.db"
    if not lived.exists():
        async with open_rig() as rig:
            await rig.act("open")
            for turn in range(40):
                ticket = await rig.issue(key=IdempotencyKey("kiosk-1", f"k{turn}", "d"))
                await rig.act("next")
                await rig.act("finish")
                await rig.engine.do(Rate(token=ticket["token"], score=1, version=1, reasons=("slow",), comment="lâu"))
            rig.clock.at += DAY_MS
            await rig.engine.do(Tick())
            await rig.issue()
        back_up(tmp_path, lived)
    return lived


@pytest.fixture
def data(tmp_path: Path, sound: Path) -> Path:
    """A data directory with a copy of the store, to be damaged."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sound, folder / FILE)
    return folder


class Said(NamedTuple):
    """What a command left: `raised` is an exception that nobody turned into a sentence."""

    exit_code: int
    stdout: str
    stderr: str
    raised: str | None


@functools.cache
def verifying() -> typer.Typer:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.callback()(lambda: None)
    verify.register(app)
    return app


def run_verify(data: Path, *words: str) -> Said:
    result = run_command(verifying(), ["verify", "--data", str(data), *words])
    ended = result.exception is None or isinstance(result.exception, SystemExit)
    return Said(result.exit_code, result.stdout, result.stderr, None if ended else repr(result.exception))


async def begin(data: Path, clock: Any) -> str | None:
    """Start what `luot serve` starts on a data directory; give the sentence that it ends with, or None."""
    try:
        async with open_core(data, clock, None):
            return None
    except StoreError as down:
        return str(down)


def pages(path: Path) -> list[tuple[str, int, int]]:
    """Give (object, page, size) of each page that belongs to a table or an index, the first page of the file aside."""
    query = "SELECT name, max(pageno) FROM dbstat WHERE pageno > 1 GROUP BY name"
    if os.environ.get("LUOT_LONG") == "1":
        query = "SELECT name, pageno FROM dbstat WHERE pageno > 1"
    with closing(sqlite3.connect(path)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        return [(name, page, size) for name, page in connection.execute(query)]


def replace(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def overwrite(path: Path, offset: int, content: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)


def zero_each(path: Path) -> Iterator[tuple[str, int]]:
    """Zero one page after another of a file, putting back the one before."""
    whole = path.read_bytes()
    for name, page, size in pages(path):
        path.write_bytes(whole)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)
        overwrite(path, (page - 1) * size, bytes(size))
        yield name, page


def is_told(sentence: str) -> bool:
    return "luot restore FROM --data" in sentence


def test_a_sound_store_is_verified(data: Path) -> None:
    result = run_verify(data)

    assert (result.exit_code, result.stderr) == (0, "")
    assert "2 days replayed, 40 calls decided again" in result.stdout


def test_a_page_of_any_table_and_index_that_is_lost_is_said_by_verify(data: Path) -> None:
    hurt = set()
    for name, page in zero_each(data / FILE):
        result = run_verify(data)
        assert result.exit_code == 1, f"page {page} of {name}"
        assert result.raised is None, f"page {page} of {name}: {result.raised}"
        assert is_told(result.stderr), f"page {page} of {name}: {result}"
        hurt.add(name)

    assert {"journal", "checkpoints", "tickets", "visits", "ratings", "secrets", "requests", "centres", "marks"} <= hurt
    assert {"journal_by_day", "tickets_by_day", "visits_by_ticket"} <= hurt


async def test_a_start_on_a_lost_page_goes_on_or_says_what_to_do(data: Path, hand_clock: Any) -> None:
    ended = set()
    for name, page in zero_each(data / FILE):
        sentence = await begin(data, hand_clock)
        assert sentence is None or is_told(sentence), f"page {page} of {name}: {sentence}"
        ended |= set() if sentence is None else {name}

    assert {"journal", "centres", "marks"} <= ended


WAYS: dict[str, Callable[[Path], None]] = {
    "no database": lambda path: replace(path, b"this is not a database" * 1000),
    "its header": lambda path: overwrite(path, 0, b"\x00" * 100),
    "its first page": lambda path: overwrite(path, 100, b"\xff" * 900),
    "cut in the middle": lambda path: replace(path, path.read_bytes()[: path.stat().st_size // 2]),
    "cut within a page": lambda path: replace(path, path.read_bytes()[: 5 * 4096 + 17]),
    "its second half random": lambda path: overwrite(path, path.stat().st_size // 2, b"\x5a\xa5" * 20_000),
}


@pytest.mark.parametrize("damage", WAYS.values(), ids=WAYS)
async def test_a_file_damaged_as_a_whole_is_said_by_both(
    data: Path, hand_clock: Any, damage: Callable[[Path], None]
) -> None:
    damage(data / FILE)
    result, sentence = run_verify(data), await begin(data, hand_clock)

    assert (result.exit_code, result.raised) == (1, None)
    assert is_told(result.stderr)
    assert sentence is not None
    assert is_told(sentence)


ROWS = [
    "UPDATE journal SET data = 'no JSON' WHERE seq = 20",
    "UPDATE journal SET data = '[]'",
    "UPDATE journal SET data = '{}' WHERE seq = (SELECT max(seq) FROM journal)",
    "UPDATE journal SET type = 'unheard_of' WHERE seq = 20",
    "UPDATE journal SET data = json_remove(data, '$.counter') WHERE type = 'called'",
    "UPDATE journal SET data = json_set(data, '$.rule', 'whim') WHERE type = 'called'",
    "UPDATE journal SET data = json_set(data, '$.rules', json('[1]')) WHERE type = 'called'",
    "UPDATE journal SET config = 9",
    "UPDATE journal SET day = 'Monday' WHERE seq > 100",
    "UPDATE journal SET at = 9e15 WHERE seq = 100",
    "UPDATE journal SET data = replace(hex(zeroblob(20000)), '00', '[') WHERE seq = 20",
    "UPDATE journal SET data = CAST(x'22ff22' AS TEXT) WHERE seq = 20",
    "UPDATE centres SET data = '{'",
    "UPDATE checkpoints SET kind = 'whim', head = ''",
    "DELETE FROM centres",
    "DELETE FROM journal",
]


@pytest.mark.parametrize("statement", ROWS)
async def test_rows_that_say_nonsense_are_differences_and_no_traceback(
    data: Path, hand_clock: Any, statement: str
) -> None:
    with closing(sqlite3.connect(data / FILE)) as connection, connection:
        connection.execute(statement)
    result = run_verify(data)
    # The frames of an exception keep its connection, and with it a lock, as the end of a program does not.
    gc.collect()
    sentence = await begin(data, hand_clock)

    assert (result.exit_code, result.raised) == (1, None)
    assert result.stdout + result.stderr
    assert sentence is None or "luot restore FROM" in sentence or "--centre" in sentence, sentence
    if statement == "DELETE FROM centres":
        assert "no configuration, so it is damaged" in str(sentence)


def test_what_to_do_follows_from_what_is_wrong(tmp_path: Path) -> None:
    def said(name: str) -> str:
        error = sqlite3.OperationalError("why")
        error.sqlite_errorname = name
        return advice(error, tmp_path)

    assert "luot restore FROM" in said("SQLITE_CORRUPT_INDEX")
    assert "luot restore FROM" in said("SQLITE_NOTADB")
    assert "free some space" in said("SQLITE_FULL")
    assert "belong to the user" in said("SQLITE_READONLY_DIRECTORY")
    assert "another program" in said("SQLITE_BUSY_SNAPSHOT")
    assert "the disk reports" in said("SQLITE_IOERR_READ")
    assert "luot restore FROM" in said("SQLITE_TOOBIG")
    assert "luot restore FROM" in advice(sqlite3.DatabaseError("without a name"), tmp_path)


def test_a_store_that_is_not_there_is_named(tmp_path: Path) -> None:
    result = run_verify(tmp_path)

    assert (result.exit_code, "there is no store" in result.stderr) == (1, True)


def heads(data: Path) -> list[str]:
    with closing(Audit(data / FILE)) as audit:
        return [one.head for one in audit.seals().checkpoints or () if one.kind == "closing"]


def test_a_head_noted_on_paper_is_found_however_it_is_written(data: Path) -> None:
    head = heads(data)[0]
    written = " ".join(head.upper()[place : place + 4] for place in range(0, 16, 4))
    both = run_verify(data, "--anchor", written, "--anchor", head, "--json")

    assert both.exit_code == 0, both
    assert run_verify(data, "--anchor", written).stdout.startswith(
        f"anchor {head[:16]}… lies in the chain: events 1 to "
    )


def test_a_head_that_is_not_in_the_chain_is_a_difference_and_what_is_no_head_is_wrong_use(data: Path) -> None:
    other, short, word = (run_verify(data, "--anchor", one) for one in ("0123456789abcdef", "0123", "x" * 64))

    assert (other.exit_code, short.exit_code, word.exit_code) == (1, 2, 2)
    assert "the anchor 0123456789abcdef is not in the chain" in other.stdout
    assert "hexadecimal" in short.stderr
