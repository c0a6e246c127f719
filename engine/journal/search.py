"""Find entries by their words. The index is made when somebody searches, so that a press pays nothing for it.

It is derived, and holds what people wrote: an erasure drops it whole, and the next search makes it again.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from engine.journal.port import Found

__all__ = ["catch_up", "find", "forget"]


def forget(connection: sqlite3.Connection) -> None:
    """Drop the index, and all the text in it."""
    connection.execute("DROP TABLE IF EXISTS search")


def catch_up(connection: sqlite3.Connection) -> None:
    """Index the entries that came since the last search, in a transaction of its own."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Diacritics don't count: «degradee» finds « dégradée ».
        connection.execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS search"
            " USING fts5(words, content='', tokenize=\"unicode61 remove_diacritics 2\")"
        )
        connection.executemany("INSERT INTO search (rowid, words) VALUES (?, ?)", _unread(connection))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _unread(connection: sqlite3.Connection) -> Iterator[tuple[int, str]]:
    found = connection.execute("""
        SELECT id, data, name, role, leaves
        FROM events
        LEFT JOIN plain ON event = id
        WHERE id > coalesce((SELECT max(rowid) FROM search), 0)
        ORDER BY id
    """).fetchall()
    for event, data, name, role, leaves in found:
        words = [text for text in (name, role) if text]
        words += _texts({**json.loads(data), "kind": ""})
        words += _texts(json.loads(leaves)) if leaves else ()
        yield event, " ".join(words)


def _texts(value: Any) -> Iterable[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from _texts(list(value.values()))
        case list():
            for one in value:
                yield from _texts(one)


def find(connection: sqlite3.Connection, text: str, limit: int) -> list[Found]:
    """The entries that hold every word, or a word that begins so; newest first."""
    words = re.findall(r"\w+", text)  # nothing of what is left means anything to the search engine
    if not words:
        return []
    found = connection.execute(
        """
        SELECT i.name, e.seq
        FROM search
        JOIN events AS e ON e.id = search.rowid
        JOIN incidents AS i ON i.id = e.incident
        WHERE search MATCH ?
        ORDER BY e.id DESC
        LIMIT ?
        """,
        (" ".join(f'"{word}"*' for word in words), limit),
    )
    return [Found(name, seq) for name, seq in found]
