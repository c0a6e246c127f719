"""Read a SQLite journal."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any, Final

from engine.core.deadlines import Deadline
from engine.core.events import Entry
from engine.core.evolve import evolve
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.journal.codec import CODEC, Codec, Plain, Row
from engine.journal.errors import translated
from engine.journal.port import Head, Tip

__all__ = ["SqliteReader"]


_ROW: Final = """
SELECT i.name, e.seq, e.at, e.occurred_at, e.source, e.kind, e.kind_version, e.run, e.track, e.step, e.visit,
       e.data, e.paths, e.commitments, e.hash,
       p.event, p.actor, p.name, p.role, p.entered_by, p.leaves, p.salts
FROM events AS e
JOIN incidents AS i ON i.id = e.incident
LEFT JOIN plain AS p ON p.event = e.id
"""


def _row(found: tuple[Any, ...]) -> Row:
    plain = None if found[15] is None else Plain._make(found[16:])
    row = Row._make((*found[:14], plain, found[14]))
    return row._replace(occurred_at=row.at) if found[3] is None else row


class SqliteReader:
    """The reading half: what is in the journal, told in the core's words."""

    def __init__(self, connection: sqlite3.Connection, codec: Codec = CODEC) -> None:
        self._connection, self._codec = connection, codec

    def incidents(self) -> list[str]:
        return [name for (name,) in self._all("SELECT name FROM incidents ORDER BY id")]

    def head(self, incident: str) -> Head | None:
        """The incident folded from its entries; None if it was never declared."""
        return self._fold(incident, self.rows(incident))

    def heads(self) -> Iterator[Head]:
        """Every incident, folded in one reading."""
        found = self._all(f"{_ROW} ORDER BY e.incident, e.seq")
        for incident, rows in groupby(map(_row, found), lambda row: row.incident):
            head = self._fold(incident, rows)
            if head is not None:
                yield head

    def _fold(self, incident: str, rows: Iterator[Row]) -> Head | None:
        state, row, decode = Incident(id=incident), None, self._codec.decode
        for row in rows:
            state = evolve(state, decode(row))
        return Head(state, row.hash) if row else None

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
        return map(_row, found)

    def entries(self, incident: str, after: int = 0) -> Iterator[Entry]:
        return map(self._codec.decode, self.rows(incident, after))

    def due(self, until: Instant) -> list[tuple[str, Deadline]]:
        return self._deadlines("WHERE d.due <= ? ORDER BY d.due", until)

    def next_due(self) -> Instant | None:
        found: Instant | None = self._all("SELECT min(due) FROM deadlines")[0][0]
        return found

    def deadlines(self, incident: str) -> frozenset[Deadline]:
        return frozenset(deadline for _, deadline in self._deadlines("WHERE i.name = ?", incident))

    def _deadlines(self, clauses: str, value: object) -> list[tuple[str, Deadline]]:
        found = self._all(
            f"""
            SELECT i.name, d.kind, d.run, d.track, d.visit, d.subject, d.rung, d.due
            FROM deadlines AS d
            JOIN incidents AS i ON i.id = d.incident
            {clauses}
            """,
            value,
        )
        return [
            (
                name,
                Deadline(kind=kind, run=run, track=track, visit=visit, subject=subject, rung=rung, due=due),
            )
            for name, kind, run, track, visit, subject, rung, due in found
        ]

    def cards(self, incident: str) -> dict[str, int]:
        return dict(
            self._all(
                "SELECT key, seq FROM cards WHERE incident = (SELECT id FROM incidents WHERE name = ?)",
                incident,
            )
        )

    def definition(self, digest: str) -> bytes | None:
        for (body,) in self._all("SELECT body FROM definitions WHERE digest = ?", digest):
            return bytes(body)
        return None

    def definitions(self) -> dict[str, bytes]:
        return {digest: bytes(body) for digest, body in self._all("SELECT digest, body FROM definitions")}

    def orders(self, incident: str) -> list[tuple[int, int]]:
        return self._all(
            """
            SELECT first, last
            FROM receipts
            WHERE incident = (SELECT id FROM incidents WHERE name = ?) AND first > 0
            ORDER BY first
            """,
            incident,
        )

    def faults(self) -> list[str]:
        found = [text for (text,) in self._all("PRAGMA integrity_check") if text != "ok"]
        strays = {str(table) for table, *_ in self._all("PRAGMA foreign_key_check")}
        return found + sorted(strays)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        # Read at once: an open cursor would hold the log back from being checkpointed.
        with translated:
            return self._connection.execute(statement, values).fetchall()
