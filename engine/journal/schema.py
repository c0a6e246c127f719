"""The tables of the journal, and how an older database becomes a newer one.

Rows of `events` are the truth. What of them could be erased one day stands beside, in `plain`; the row itself holds a
commitment to it, and never changes. `incidents` names the streams, `definitions` the procedures that runs are pinned
to. `answers` makes the redelivery of an order harmless that wrote no entry. The rest is derived, and can be made again:
`boards` (what is due, what is to be drawn again), the search index.

A press writes one row in `events`, `plain` and `boards`: every further table would cost it a page, written twice.

The triggers keep an honest program from a mistake, and any SQL shell from an easy one; against a person who can write
the file, there is the chain. `INSERT OR REPLACE` deletes without firing a DELETE trigger unless `recursive_triggers` is
on, hence the checks before INSERT.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from engine.journal.errors import JournalUnavailable

if TYPE_CHECKING:
    from sqlite_utils import Database

__all__ = ["VERSION", "expected", "made", "migrate", "recognise"]

VERSION: Final = 1
"""The newest version this program knows: the number of steps in `_migrations`."""

_TABLES: Final = """
CREATE TABLE incidents (
  id       INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,
  exercise INTEGER NOT NULL,
  year     INTEGER NOT NULL,
  number   INTEGER NOT NULL,
  CONSTRAINT incident_named_once UNIQUE (name),
  CONSTRAINT incident_numbered_once UNIQUE (exercise, year, number),
  CONSTRAINT exercise_is_a_flag CHECK (exercise IN (0, 1)),
  CONSTRAINT number_counts_from_one CHECK (number >= 1)
) STRICT;

CREATE TABLE events (
  id           INTEGER PRIMARY KEY,
  incident     INTEGER NOT NULL,
  seq          INTEGER NOT NULL,
  at           INTEGER NOT NULL,  -- recorded, milliseconds since 1970 UTC
  occurred_at  INTEGER NOT NULL,  -- happened
  source       TEXT NOT NULL,
  kind         TEXT NOT NULL,
  kind_version INTEGER NOT NULL,
  data         TEXT NOT NULL,     -- canonical JSON, without the leaves
  paths        TEXT NOT NULL,     -- the leaves that are committed to, sorted
  commitments  BLOB NOT NULL,     -- 32 bytes each, in that order
  hash         BLOB NOT NULL,
  -- on the first entry of an order: its receipt
  key          BLOB,              -- digest of the order's key: BLAKE2b, 16 bytes
  last         INTEGER,           -- its last entry
  CONSTRAINT event_in_its_place UNIQUE (incident, seq),
  CONSTRAINT event_of_an_incident FOREIGN KEY (incident) REFERENCES incidents (id),
  CONSTRAINT seq_counts_from_one CHECK (seq >= 1),
  CONSTRAINT hash_is_sha256 CHECK (length(hash) = 32)
) STRICT;

CREATE UNIQUE INDEX receipts ON events (key) WHERE key IS NOT NULL;

CREATE TABLE plain (              -- the text of an entry that can be erased; no row where there is none
  event      INTEGER PRIMARY KEY,
  actor      TEXT,
  name       TEXT,
  role       TEXT,
  entered_by TEXT,                -- JSON
  leaves     TEXT,                -- JSON: field to value
  salts      BLOB NOT NULL,       -- 16 bytes for each leaf here, in the order of its path
  CONSTRAINT plain_of_an_event FOREIGN KEY (event) REFERENCES events (id),
  CONSTRAINT plain_holds_a_leaf CHECK (length(salts) >= 16)
) STRICT;

CREATE TABLE erased (
  event    INTEGER PRIMARY KEY,
  by_event INTEGER NOT NULL,      -- the entry that records the erasure
  CONSTRAINT erased_event FOREIGN KEY (event) REFERENCES events (id),
  CONSTRAINT erased_by_event FOREIGN KEY (by_event) REFERENCES events (id)
) STRICT;

CREATE TABLE definitions (
  digest TEXT PRIMARY KEY,
  body   BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE answers (
  key      BLOB PRIMARY KEY,      -- as in events
  at       INTEGER NOT NULL,
  incident TEXT NOT NULL,
  code     TEXT,                  -- of the refusal; null: accepted, and nothing had to change
  facts    TEXT NOT NULL          -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE boards (
  incident  INTEGER PRIMARY KEY,
  next_due  INTEGER,              -- of the earliest deadline
  deadlines TEXT NOT NULL,        -- JSON
  cards     TEXT NOT NULL,        -- JSON: card to the entry after which it was last to be drawn again
  CONSTRAINT board_of_an_incident FOREIGN KEY (incident) REFERENCES incidents (id)
) STRICT;

CREATE TABLE owed (
  work TEXT PRIMARY KEY           -- scrub: an erasure whose traces are still to be wiped
) STRICT, WITHOUT ROWID;

CREATE TABLE clock_notes (
  id           INTEGER PRIMARY KEY,
  reason       TEXT NOT NULL,     -- open, jump
  wall         INTEGER NOT NULL,  -- the machine's time, milliseconds since 1970 UTC
  elapsed      INTEGER NOT NULL,  -- milliseconds since the machine started: no setting of the clock moves it
  jump         INTEGER NOT NULL,  -- by how much the time was moved since the last note
  synchronised INTEGER            -- 1: disciplined by a time server; 0: not; null: not known
) STRICT;
"""


_KEYS: Final = {
    "incidents": "id = NEW.id OR name = NEW.name",
    "events": "id = NEW.id",
    "erased": "event = NEW.event",
    "definitions": "digest = NEW.digest",
}
"""What is only ever added to, and what names a row of it."""


def _kept_for_ever(table: str, key: str) -> str:
    return f"""
CREATE TRIGGER {table}_never_change BEFORE UPDATE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never changed'); END;
CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, '{table} are never deleted'); END;
CREATE TRIGGER {table}_never_replaced BEFORE INSERT ON {table}
WHEN EXISTS (SELECT 1 FROM {table} WHERE {key})
BEGIN SELECT RAISE(ABORT, '{table} are never replaced'); END;
"""


_TRIGGERS: Final = (
    "".join(_kept_for_ever(table, key) for table, key in _KEYS.items())
    + """
CREATE TRIGGER events_follow BEFORE INSERT ON events
WHEN NEW.seq <> 1 + coalesce((SELECT max(seq) FROM events WHERE incident = NEW.incident), 0)
BEGIN SELECT RAISE(ABORT, 'an event follows the one before it'); END;
CREATE TRIGGER events_answer_once BEFORE INSERT ON events
WHEN NEW.key IS NOT NULL
  AND (EXISTS (SELECT 1 FROM events WHERE key = NEW.key) OR EXISTS (SELECT 1 FROM answers WHERE key = NEW.key))
BEGIN SELECT RAISE(ABORT, 'an order is answered once'); END;
CREATE TRIGGER plain_comes_once BEFORE INSERT ON plain
WHEN EXISTS (SELECT 1 FROM plain WHERE event = NEW.event) OR EXISTS (SELECT 1 FROM erased WHERE event = NEW.event)
BEGIN SELECT RAISE(ABORT, 'text comes with its entry, and never comes back'); END;
CREATE TRIGGER plain_goes_by_erasure BEFORE DELETE ON plain
WHEN NOT EXISTS (SELECT 1 FROM erased WHERE event = OLD.event)
BEGIN SELECT RAISE(ABORT, 'text goes beside the record of its erasure'); END;
CREATE TRIGGER plain_is_only_emptied BEFORE UPDATE ON plain
WHEN NEW.event <> OLD.event OR NEW.role IS NOT OLD.role OR NEW.actor IS NOT NULL OR NEW.name IS NOT NULL
  OR NEW.entered_by IS NOT NULL OR NEW.leaves IS NOT NULL
  OR NOT EXISTS (SELECT 1 FROM erased WHERE event = OLD.event)
BEGIN SELECT RAISE(ABORT, 'text is emptied beside the record of its erasure, and never changed'); END;
CREATE TRIGGER erased_by_an_entry BEFORE INSERT ON erased
WHEN NOT EXISTS (SELECT 1 FROM events WHERE id = NEW.by_event AND kind = 'erased')
BEGIN SELECT RAISE(ABORT, 'an erasure is itself recorded'); END;
"""
)

_LINES: Final = (_TABLES + _TRIGGERS,)
"""The steps, oldest first. A published step is never changed."""


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the database to this program's version, whole or not at all; JournalUnavailable if it is newer.

    Two programs that open a new database together make it once: the second waits for the lock, then finds it made.
    """
    if _version(connection) == VERSION:
        recognise(connection)
        return
    from sqlite_utils import Database  # late: it costs 0.1 s, and an opened database seldom needs it

    connection.execute("BEGIN EXCLUSIVE")
    try:
        found = _version(connection)
        if found > VERSION:
            raise JournalUnavailable("newer", found=found, known=VERSION)
        if found < VERSION:
            _apply(Database(connection, execute_plugins=False), found)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def recognise(connection: sqlite3.Connection) -> None:
    """JournalUnavailable if this is no journal of this version: another database, or other columns."""
    found = _version(connection)
    if found > VERSION:
        raise JournalUnavailable("newer", found=found, known=VERSION)
    there = _columns(connection)
    if not found and "events" not in there:
        raise JournalUnavailable("foreign", table="events")
    if found < VERSION:
        raise JournalUnavailable("older", found=found, known=VERSION)
    for table, columns in _expected_columns().items():
        if there.get(table) != columns:
            raise JournalUnavailable("foreign", table=table)


_COLUMNS: Final = """
SELECT m.name, group_concat(c.name, ' ')
FROM sqlite_master AS m
JOIN pragma_table_info(m.name) AS c
WHERE m.type = 'table'
GROUP BY m.name
"""


def _columns(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute(_COLUMNS).fetchall())


def _expected_columns() -> dict[str, str]:
    with closing(made()) as fresh:
        return _columns(fresh)


def expected() -> dict[str, str]:
    """What this version makes: every table, index and trigger by name, as it is written."""
    with closing(made()) as fresh:
        return dict(fresh.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall())


def made() -> sqlite3.Connection:
    """A new journal in memory, empty."""
    made = sqlite3.connect(":memory:", isolation_level=None)
    for lines in _LINES:
        _run_script(made, lines)
    return made


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _apply(database: Database, found: int) -> None:
    from sqlite_utils import Migrations

    migrations = Migrations("journal")
    for number, lines in enumerate(_LINES, 1):

        def step(database: Database, /, lines: str = lines) -> None:
            _run_script(database.conn, lines)

        migrations(name=f"version_{number}")(step)
    migrations.apply(database)
    database.conn.execute(f"PRAGMA user_version = {VERSION}")


def _run_script(connection: sqlite3.Connection, script: str) -> None:
    # Not `executescript`, which would first commit the transaction that makes the whole step one.
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            connection.execute(statement)
            statement = ""
