"""What a database says beside the chains: its integrity, its rules, and what repeats or derives from the entries."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any, Final

from engine.journal import schema
from engine.journal.broken import Break
from engine.journal.errors import translated
from engine.journal.naming import number_of

__all__ = ["inspect"]

_MADE_AFTER: Final = ("search", "sqlite_", "_sqlite_migrations")
"""Tables that are no part of a version: the index of words, and what SQLite and its tools keep."""


def inspect(connection: sqlite3.Connection) -> Iterator[Break]:
    """Everything that is not as this program would have left it."""
    with translated:
        yield from _integrity(connection)
        yield from _rules(connection)
        try:
            yield from _numbers(connection)
            yield from _next_due(connection)
            yield from _receipts(connection)
            yield from _erased(connection)
        except (ValueError, TypeError, KeyError) as error:
            yield Break("", 0, "database", {"fault": str(error)})


def _integrity(connection: sqlite3.Connection) -> Iterator[Break]:
    found = [text for (text,) in connection.execute("PRAGMA integrity_check") if text != "ok"]
    strays = {str(table) for table, *_ in connection.execute("PRAGMA foreign_key_check")}
    for fault in (*found, *sorted(strays)):
        yield Break("", 0, "database", {"fault": fault})


def _rules(connection: sqlite3.Connection) -> Iterator[Break]:
    """Tables, indexes and triggers: one that was dropped or added means that somebody opened the file."""
    found = connection.execute("SELECT name, sql, type, tbl_name FROM sqlite_master WHERE sql IS NOT NULL")
    there = {
        name: sql
        for name, sql, sort, table in found
        if sort == "trigger" or not table.startswith(_MADE_AFTER)
    }
    made = schema.expected()
    for name in sorted(there.keys() | made.keys()):
        if there.get(name) != made.get(name):
            yield Break("", 0, "rule", {"name": name})


def _numbers(connection: sqlite3.Connection) -> Iterator[Break]:
    for name, *told in connection.execute("SELECT name, exercise, year, number FROM incidents ORDER BY id"):
        number = number_of(name)
        if number is None or [int(number.exercise), number.year, number.number] != told:
            yield Break(name, 0, "numbered")


def _next_due(connection: sqlite3.Connection) -> Iterator[Break]:
    """The one value that the reminders are looked up by."""
    found = connection.execute(
        "SELECT i.name, b.next_due, b.deadlines FROM boards AS b JOIN incidents AS i ON i.id = b.incident ORDER BY i.id"
    )
    for name, next_due, deadlines in found:
        if next_due != min((one["due"] for one in json.loads(deadlines)), default=None):
            yield Break(name, 0, "next_due")


def _receipts(connection: sqlite3.Connection) -> Iterator[Break]:
    """Each entry belongs to one order, whose first entry holds its key and says which is its last."""
    expected: dict[str, int] = {}
    found = connection.execute("""
        SELECT i.name, e.seq, e.key IS NOT NULL, e.last, lead(e.seq) OVER (PARTITION BY e.incident ORDER BY e.seq)
        FROM events AS e
        JOIN incidents AS i ON i.id = e.incident
        ORDER BY e.incident, e.seq
    """)
    for name, seq, keyed, last, following in found:
        first = expected.get(name, 1) == seq
        told = keyed == first == (last is not None)
        if first and last is not None:
            expected[name] = last + 1
            told = told and last >= seq
        ends = following is not None or expected.get(name) == seq + 1
        if not told or not ends:
            yield Break(name, seq, "receipt")
            expected[name] = (last if keyed and last is not None else seq) + 1


def _erased(connection: sqlite3.Connection) -> Iterator[Break]:
    """What the entries say was erased, and what the table beside says: the same, by the first that says it."""
    expected: dict[tuple[str, int], int] = {}
    named = connection.execute("""
        SELECT i.name, e.seq, e.data FROM events AS e JOIN incidents AS i ON i.id = e.incident
        WHERE e.kind = 'erased' ORDER BY e.id
    """)
    for name, seq, data in named:
        for entry in json.loads(data)["entries"]:
            if 0 < entry < seq:
                expected.setdefault((name, entry), seq)
    rows: list[tuple[Any, ...]] = connection.execute("""
        SELECT i.name, e.seq, j.name, b.seq
        FROM erased AS x
        JOIN events AS e ON e.id = x.event
        JOIN incidents AS i ON i.id = e.incident
        JOIN events AS b ON b.id = x.by_event
        JOIN incidents AS j ON j.id = b.incident
    """).fetchall()
    there = {(name, seq): (by_name, by) for name, seq, by_name, by in rows}
    for name, seq in sorted(expected.keys() | there.keys()):
        if there.get((name, seq)) != (name, expected.get((name, seq))):
            yield Break(name, seq, "erasure")
