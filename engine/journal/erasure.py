"""Destroy the erasable text of entries: the commitments stay, and the chain still verifies.

The role under which somebody acted is no identity: it stays, so that the main courante still says by what right a thing
was done. Everything else of the named entries goes: from the table beside them, the search index, the receipts of
refusals, then (`scrub`, after the commit) from the free space of the file and from the log. Older backups and exports
are out of reach: whoever erases must destroy them too.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Final

from engine.journal import search
from engine.journal.chain import SALT_BYTES

__all__ = ["erase", "owed", "scrub"]

_SCRUB: Final = "scrub"


def erase(connection: sqlite3.Connection, incident: str, entries: Sequence[int], by: int) -> None:
    """Drop the leaves of these entries, in the open transaction that holds the entry `by` which says so."""
    execute = connection.execute
    (stream,) = execute("SELECT id FROM incidents WHERE name = ?", (incident,)).fetchone()
    by_event = _event(connection, stream, by)
    for seq in entries:
        event = _event(connection, stream, seq)
        if event is None or event == by_event:
            continue
        if execute("SELECT 1 FROM erased WHERE event = ?", (event,)).fetchone() is None:
            execute("INSERT INTO erased VALUES (?, ?)", (event, by_event))
        _empty(connection, event)
    execute("DELETE FROM answers WHERE incident = ?", (incident,))
    search.forget(connection)
    execute("INSERT OR REPLACE INTO owed VALUES (?)", (_SCRUB,))


def _event(connection: sqlite3.Connection, stream: int, seq: int) -> int | None:
    found = connection.execute(
        "SELECT id FROM events WHERE incident = ? AND seq = ?", (stream, seq)
    ).fetchone()
    return found and int(found[0])


def _empty(connection: sqlite3.Connection, event: int) -> None:
    found = connection.execute(
        "SELECT salts, actor IS NOT NULL FROM plain WHERE event = ? AND role IS NOT NULL", (event,)
    ).fetchone()
    if found is None:
        connection.execute("DELETE FROM plain WHERE event = ?", (event,))
        return
    salts, after_actor = found
    # Salts stand in the order of the paths: `actor`, then `actor.role`.
    first = SALT_BYTES if after_actor else 0
    connection.execute(
        "UPDATE plain SET actor = NULL, name = NULL, entered_by = NULL, leaves = NULL, salts = ? WHERE event = ?",
        (salts[first : first + SALT_BYTES], event),
    )


def owed(connection: sqlite3.Connection) -> bool:
    """Whether an erasure was committed whose traces were not wiped yet."""
    return connection.execute("SELECT 1 FROM owed WHERE work = ?", (_SCRUB,)).fetchone() is not None


def scrub(connection: sqlite3.Connection) -> bool:
    """Rewrite the file without its free space, and empty the log; False if somebody reads it now: try again later."""
    connection.execute("VACUUM")
    busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        return False
    connection.execute("DELETE FROM owed WHERE work = ?", (_SCRUB,))
    return True
