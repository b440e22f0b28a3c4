"""The tables, as migrations that run once each; every table is STRICT.

Instants are milliseconds since 1970 UTC; `day` is the local date of the centre as `YYYY-MM-DD`. The journal is the
truth; `tickets`, `visits` and `ratings` are rebuilt from it at will. What may not stand in an event is in `secrets`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlite_utils import Database, Migrations

if TYPE_CHECKING:
    from pathlib import Path

migrations = Migrations("luot")

JOURNAL = """
CREATE TABLE journal (
    seq INTEGER PRIMARY KEY,
    epoch INTEGER NOT NULL,
    day TEXT NOT NULL,
    config INTEGER NOT NULL,
    type TEXT NOT NULL,
    v INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT"""

TICKETS = """
CREATE TABLE tickets (
    id TEXT PRIMARY KEY,
    day TEXT NOT NULL,
    hour INTEGER NOT NULL,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    series TEXT NOT NULL,
    priority TEXT NOT NULL,
    status TEXT NOT NULL,
    channel TEXT NOT NULL,
    lang TEXT NOT NULL,
    issued_at INTEGER NOT NULL,
    called_at INTEGER,
    last_called_at INTEGER,
    started_at INTEGER,
    ended_at INTEGER,
    counter TEXT,
    officer TEXT,
    recalls INTEGER NOT NULL,
    transfers INTEGER NOT NULL,
    target_s INTEGER,
    told_low_s INTEGER,
    told_high_s INTEGER,
    device TEXT
) STRICT, WITHOUT ROWID"""
"""`hour` is the local hour of issue; `called_at` the first call, `last_called_at`
and `started_at` the call and the start of the last visit; `target_s`
the wait that was aimed at for this ticket."""

VISITS = """
CREATE TABLE visits (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL,
    day TEXT NOT NULL,
    service TEXT NOT NULL,
    counter TEXT NOT NULL,
    officer TEXT,
    called_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER,
    outcome TEXT,
    rule TEXT,
    manual INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID"""
"""One row a call. `outcome` is `done`, `no_show`, `parked`, `transferred`, or NULL while it lasts."""

RATINGS = """
CREATE TABLE ratings (
    id TEXT PRIMARY KEY,
    ticket TEXT,
    visit TEXT,
    day TEXT NOT NULL,
    at INTEGER NOT NULL,
    score INTEGER NOT NULL,
    version INTEGER NOT NULL,
    satisfied INTEGER NOT NULL,
    service TEXT,
    counter TEXT,
    officer TEXT,
    source TEXT NOT NULL,
    reasons TEXT NOT NULL DEFAULT '[]',
    answers TEXT NOT NULL DEFAULT '{}'
) STRICT, WITHOUT ROWID"""

APART = (
    """
CREATE TABLE secrets (
    what TEXT NOT NULL,
    subject TEXT NOT NULL,
    value TEXT NOT NULL,
    purge_at INTEGER NOT NULL,
    PRIMARY KEY (what, subject)
) STRICT, WITHOUT ROWID""",
    "CREATE INDEX secrets_by_token ON secrets (value) WHERE what = 'token'",
    """
CREATE TABLE requests (
    sender TEXT NOT NULL,
    id TEXT NOT NULL,
    digest TEXT NOT NULL,
    reply TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (sender, id)
) STRICT, WITHOUT ROWID""",
    """
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    device TEXT NOT NULL,
    op TEXT NOT NULL,
    body TEXT NOT NULL,
    ttl_s INTEGER NOT NULL,
    at INTEGER NOT NULL,
    state TEXT NOT NULL
) STRICT""",
)
"""An empty `digest` in `requests` marks an id that is void for ever. `state` in `outbox` is `sent` or `unknown`."""

PEOPLE_AND_VERSIONS = (
    """
CREATE TABLE centres (
    version INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    data TEXT NOT NULL
) STRICT""",
    """
CREATE TABLE users (
    user TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT""",
    """
CREATE TABLE sessions (
    digest TEXT PRIMARY KEY,
    user TEXT NOT NULL REFERENCES users (user) ON DELETE CASCADE,
    csrf TEXT NOT NULL,
    at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT""",
    """
CREATE TABLE marks (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT""",
)
"""`marks` holds single values: `epoch`, and after a restore `floors` (the numbers each series continues above)."""

PROCEDURES = """
CREATE TABLE procedures (
    position INTEGER PRIMARY KEY,
    data TEXT NOT NULL
) STRICT"""
"""What citizens read at the kiosk, as JSON, in the order of the file; the mark `procedures` has its revision."""

CHECKPOINTS = """
CREATE TABLE checkpoints (
    id INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    kind TEXT NOT NULL,
    day TEXT,
    at INTEGER NOT NULL,
    head TEXT NOT NULL
) STRICT"""
"""The hash chain of the journal after event `seq` (`controller/services/journal/chain.py`), in order of `id`."""

CREDENTIALS = """
CREATE TABLE credentials (
    device TEXT NOT NULL,
    pending INTEGER NOT NULL CHECK (pending IN (0, 1)),
    password TEXT NOT NULL,
    salt TEXT NOT NULL,
    iterations INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (device, pending)
) STRICT, WITHOUT ROWID"""
"""Hashes (PBKDF2-SHA512, base64) of the passwords of devices; `pending` is 1 until the grant is committed."""


@migrations()
def the_journal_and_its_projections(db: Database) -> None:
    """Make the journal, the rows rebuilt from it, and their indexes."""
    for table in (JOURNAL, TICKETS, VISITS, RATINGS):
        db.execute(table)
    db.execute("CREATE INDEX journal_by_day ON journal (day)")
    db.execute("CREATE INDEX tickets_by_day ON tickets (day)")
    db.execute("CREATE INDEX visits_by_day ON visits (day)")
    db.execute("CREATE INDEX visits_by_ticket ON visits (ticket)")
    db.execute("CREATE INDEX ratings_by_day ON ratings (day)")


@migrations()
def what_is_kept_apart(db: Database) -> None:
    """Make the tables for secrets, answered requests, commands on their way, versions, users and sessions."""
    for statement in (*APART, *PEOPLE_AND_VERSIONS):
        db.execute(statement)
    db.execute("INSERT INTO marks (name, value) VALUES ('epoch', '1')")


@migrations()
def procedures_to_read(db: Database) -> None:
    """Make the table of the procedures that citizens read."""
    db.execute(PROCEDURES)


@migrations()
def the_chain_of_the_journal(db: Database) -> None:
    """Make the table of checkpoints; those of the events that are there already are made after it, in steps."""
    db.execute(CHECKPOINTS)
    db.execute("INSERT INTO marks (name, value) VALUES ('chain_pending', '1')")


@migrations()
def credentials_of_devices(db: Database) -> None:
    """Make the table of the devices' password hashes."""
    db.execute(CREDENTIALS)


def bring_up_to_date(path: Path) -> None:
    """Apply to a file, made if it is not there, the migrations that it has not had: all of them or none."""
    db = Database(str(path))
    try:
        db.execute("PRAGMA journal_mode=WAL").fetchall()
        with db.atomic():
            migrations.apply(db)
    finally:
        db.close()
