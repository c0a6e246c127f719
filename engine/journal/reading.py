"""Read a SQLite journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from sys import intern
from typing import Any, Final

import msgspec

from engine.core.deadlines import Deadline, grouped
from engine.core.events import Entry
from engine.core.evolve import fold
from engine.core.incident import Incident
from engine.core.names import HOUSE
from engine.core.quantities import Instant
from engine.journal.broken import Break
from engine.journal.codec import CODEC, Codec, Row
from engine.journal.errors import translated
from engine.journal.inspection import inspect
from engine.journal.port import EMPTY, Board, Head, Tip

__all__ = ["SqliteReader"]


_ROW: Final = """
SELECT i.name, e.seq, e.at, e.occurred_at, e.source, e.kind, e.kind_version, e.data, e.paths, e.commitments, e.hash,
       p.actor, p.name, p.role, p.entered_by, p.leaves, p.salts
FROM events AS e
JOIN incidents AS i ON i.id = e.incident
LEFT JOIN plain AS p ON p.event = e.id
"""

_TOLD: Final = """
SELECT id, incident, seq, at, occurred_at, source, kind, kind_version, data, '', x'', x'',
       actor, name, role, entered_by, leaves, salts
FROM events
LEFT JOIN plain ON event = id
"""
"""What an entry says, without what proves it: enough to fold it. After its place, in the order of a `Row`."""

_AT_ONCE: Final = 100
"""Incidents whose entries are held together: all of them would be memory, and work for the collector."""

_decode_deadlines = msgspec.json.Decoder(tuple[Deadline, ...]).decode
_decode_cards = msgspec.json.Decoder(dict[str, int]).decode


def _board(deadlines: str, cards: str) -> Board:
    # The names of cards are few: each is kept once.
    drawn = {intern(card): seq for card, seq in _decode_cards(cards).items()}
    return Board(grouped(_decode_deadlines(deadlines)), drawn)


class SqliteReader:
    """The reading half: what is in the journal, told in the core's words."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec = CODEC) -> None:
        self._connection, self._codec = connection, codec

    def incidents(self) -> list[str]:
        return [name for name in self.streams() if name != HOUSE]

    def streams(self) -> list[str]:
        return [name for (name,) in self._all("SELECT name FROM incidents ORDER BY id")]

    def head(self, incident: str) -> Head | None:
        found = self._all(
            f"{_TOLD} WHERE incident = (SELECT id FROM incidents WHERE name = ?) ORDER BY seq", incident
        )
        if not found:
            return None
        state = self._fold(incident, found)
        (last,) = self._all("SELECT hash FROM events WHERE id = ?", found[-1][0])
        return Head(state, last[0], self.board(incident))

    def heads(self) -> Iterator[Head]:
        beside = self._all("""
            SELECT i.id, i.name, b.deadlines, b.cards, e.hash
            FROM boards AS b
            JOIN incidents AS i ON i.id = b.incident
            JOIN events AS e ON e.incident = i.id
            WHERE e.seq = (SELECT max(seq) FROM events WHERE incident = i.id)
            ORDER BY i.id
        """)
        between = f"{_TOLD} WHERE incident BETWEEN ? AND ? ORDER BY incident, seq"
        for start in range(0, len(beside), _AT_ONCE):
            some = beside[start : start + _AT_ONCE]
            streams = groupby(self._all(between, some[0][0], some[-1][0]), lambda row: row[1])
            for (_, name, deadlines, cards, last), (_, rows) in zip(some, streams, strict=True):
                if name != HOUSE:
                    yield Head(self._fold(name, rows), last, _board(deadlines, cards))

    def _fold(self, incident: str, rows: Iterable[tuple[Any, ...]]) -> Incident:
        decode = self._codec.decode
        return fold(Incident(id=incident), (decode(Row(incident, *row[2:])) for row in rows))

    def tips(self) -> list[Tip]:
        found = self._all("""
            SELECT i.name, e.seq, e.hash
            FROM incidents AS i
            JOIN events AS e ON e.incident = i.id
            WHERE e.seq = (SELECT max(seq) FROM events WHERE incident = i.id)
            ORDER BY i.id
        """)
        return [Tip(name, seq, digest.hex()) for name, seq, digest in found]

    def rows(self, incident: str, after: int = 0) -> Iterator[Row]:
        found = self._all(
            f"{_ROW} WHERE e.incident = (SELECT id FROM incidents WHERE name = ?) AND e.seq > ? ORDER BY e.seq",
            incident,
            after,
        )
        return map(Row._make, found)

    def entries(self, incident: str, after: int = 0) -> Iterator[Entry]:
        return map(self._codec.decode, self.rows(incident, after))

    def due(self, until: Instant) -> list[tuple[str, Deadline]]:
        found = self._all(
            """
            SELECT i.name, b.deadlines
            FROM boards AS b
            JOIN incidents AS i ON i.id = b.incident
            WHERE b.next_due <= ?
            """,
            until,
        )
        due = [
            (name, one)
            for name, deadlines in found
            for one in _decode_deadlines(deadlines)
            if one.due <= until
        ]
        return sorted(due, key=lambda one: one[1].due)

    def next_due(self) -> Instant | None:
        found: Instant | None = self._all("SELECT min(next_due) FROM boards")[0][0]
        return found

    def board(self, incident: str) -> Board:
        found = self._all(
            """
            SELECT deadlines, cards
            FROM boards
            WHERE incident = (SELECT id FROM incidents WHERE name = ?)
            """,
            incident,
        )
        return _board(*found[0]) if found else EMPTY

    def definition(self, digest: str) -> bytes | None:
        for (body,) in self._all("SELECT body FROM definitions WHERE digest = ?", digest):
            return bytes(body)
        return None

    def definitions(self) -> dict[str, bytes]:
        return {digest: bytes(body) for digest, body in self._all("SELECT digest, body FROM definitions")}

    def orders(self, incident: str) -> list[tuple[int, int]]:
        return self._all(
            """
            SELECT seq, last
            FROM events
            WHERE incident = (SELECT id FROM incidents WHERE name = ?) AND key IS NOT NULL
            ORDER BY seq
            """,
            incident,
        )

    def faults(self) -> list[Break]:
        return list(inspect(self._connection))

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        # Read at once: an open cursor would hold the log back from being checkpointed.
        with translated:
            return self._connection.execute(statement, values).fetchall()
