"""The journal in one SQLite file: durable before it is answered, one small write a press.

WAL with `synchronous=FULL`: a commit is one append and one fsync. `busy_timeout=0`: waiting for another writer inside
SQLite would freeze the whole program; the desk waits outside. Small pages: a press touches a page in each of three
tables and two indexes, and the log writes whole pages.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import chain
from pathlib import Path
from typing import Any, Final

import msgspec

from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.refusal import Refused
from engine.journal import erasure, search
from engine.journal.clocknotes import ClockNote, Watch
from engine.journal.codec import CODEC, ERASABLE, Codec, Row
from engine.journal.errors import JournalUnavailable, translated
from engine.journal.naming import Number
from engine.journal.opening import FILE, Place, Reading, connect, read_only
from engine.journal.port import Board, Changes, Found
from engine.journal.reading import SqliteReader

__all__ = ["FILE", "SqliteJournal"]


def _short(key: str) -> bytes:
    """Keys name people and messages: their digest is enough to know one again, and smaller."""
    return blake2b(key.encode(), digest_size=16).digest()


def _insert(table: str, columns: int) -> str:
    return f"INSERT INTO {table} VALUES ({', '.join('?' * columns)})"


_FIXED: Final = len(Row._fields) - ERASABLE
_INSERT_EVENT: Final = _insert("events", 1 + _FIXED + 2)
_INSERT_PLAIN: Final = _insert("plain", 1 + ERASABLE)
_NO_RECEIPT: Final = (None, None)
_encode = msgspec.json.Encoder().encode
_decode_facts = msgspec.json.Decoder(dict[str, str | int | tuple[str, ...]]).decode


def _written(board: Board) -> tuple[Instant | None, str, str]:
    deadlines = list(chain.from_iterable(board.deadlines.values()))
    next_due = min([one.due for one in deadlines], default=None)
    return next_due, _encode(deadlines).decode(), _encode(board.cards).decode()


class SqliteJournal:
    """One connection, for one thread. What SQLite refuses is told as JournalUnavailable or BrokenRule."""

    def __init__(
        self, path: Path, codec: Codec = CODEC, watch: Watch | None = None, *, reading: bool = False
    ) -> None:
        """`reading`: make nothing, change nothing, take a disk that can't be written; none there reads as empty."""
        self.path, self._watch = path, watch or Watch()
        opened = read_only(path) if reading else Reading(connect(path))
        self._connection, self._copied = opened
        self._place = None if reading else Place(path)
        self.reader = SqliteReader(self._connection, codec)
        self._numbers: dict[str, int] = {}
        self._last_event: int | None = None
        self._seen_version = -1
        if not reading:
            with contextlib.suppress(JournalUnavailable):
                self.scrub()  # what an erasure could not wipe at once

    # The transaction

    def begin(self) -> bool:
        if self._place is None:
            raise JournalUnavailable("readonly")
        with translated:
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            return self.changed()  # inside: before BEGIN it would miss a commit made in between
        except BaseException:
            self.rollback()
            raise

    def changed(self) -> bool:
        if self._place is not None:
            self._place.check()
        with translated:
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if version == self._seen_version:
            return False
        self._forget()
        self._seen_version = version
        return True

    def commit(self) -> None:
        try:
            with translated:
                self._connection.execute("COMMIT")
        except BaseException:
            self.rollback()
            raise
        self._watch.written()

    def rollback(self) -> None:
        self._forget()
        if self._connection.in_transaction:
            with translated:
                self._connection.execute("ROLLBACK")

    def _forget(self) -> None:
        self._numbers.clear()
        self._last_event = None

    # Reading for a decision

    def receipt(self, key: str) -> Receipt | None:
        kept = (_short(key),)
        with translated:
            found = self._connection.execute(
                "SELECT incident, seq, last FROM events WHERE key = ?", kept
            ).fetchone()
            if found is not None:
                (name,) = self._connection.execute(
                    "SELECT name FROM incidents WHERE id = ?", found[:1]
                ).fetchone()
                return Receipt(key=key, incident=name, first=found[1], last=found[2], repeated=True)
            found = self._connection.execute(
                "SELECT incident, code, facts FROM answers WHERE key = ?", kept
            ).fetchone()
        if found is None:
            return None
        incident, code, facts = found
        refused = None if code is None else Refused(code, _decode_facts(facts))
        return Receipt(key=key, incident=incident, refused=refused, repeated=True)

    def last_number(self, exercise: bool, year: int) -> int:
        return self._one(
            "SELECT coalesce(max(number), 0) FROM incidents WHERE exercise = ? AND year = ?", exercise, year
        )

    # Writing

    def write(self, changes: Changes) -> None:
        with translated:
            if changes.opened:
                self._open(changes.opened)
            if changes.definitions:
                self._connection.executemany(
                    "INSERT INTO definitions VALUES (?, ?)", changes.definitions.items()
                )
            if changes.orders:
                self._write_orders(changes.orders)
            if changes.answers:
                self._write_answers(changes.answers)
            if changes.boards:
                self._write_boards(changes.boards)

    def _open(self, opened: Sequence[Number]) -> None:
        following = self._one("SELECT coalesce(max(id), 0) FROM incidents")
        for number in opened:
            following += 1
            self._connection.execute(
                "INSERT INTO incidents VALUES (?, ?, ?, ?, ?)",
                (following, number.name, number.exercise, number.year, number.number),
            )
            self._numbers[number.name] = following

    def _write_orders(self, orders: Sequence[tuple[str, Sequence[Row]]]) -> None:
        event = self._last_event
        if event is None:
            event = self._one("SELECT coalesce(max(id), 0) FROM events")
        written: list[tuple[Any, ...]] = []
        beside: list[tuple[Any, ...]] = []
        for key, rows in orders:
            receipt: tuple[bytes | None, int | None] = _short(key), rows[-1].seq
            for row in rows:
                event += 1
                written.append((event, self._number(row.incident), *row[1:_FIXED], *receipt))
                if row.salts:
                    beside.append((event, *row[_FIXED:]))
                receipt = _NO_RECEIPT
        self._connection.executemany(_INSERT_EVENT, written)
        self._connection.executemany(_INSERT_PLAIN, beside)
        self._last_event = event
        if note := self._watch.note():
            self._connection.execute("INSERT INTO clock_notes VALUES (NULL, ?, ?, ?, ?, ?)", note)

    def _write_answers(self, answers: Sequence[tuple[Receipt, Instant]]) -> None:
        self._connection.executemany(
            "INSERT INTO answers VALUES (?, ?, ?, ?, ?)",
            [
                (
                    _short(receipt.key),
                    at,
                    receipt.incident,
                    receipt.refused.code if receipt.refused else None,
                    _encode(receipt.refused.facts if receipt.refused else {}).decode(),
                )
                for receipt, at in answers
            ],
        )

    def _write_boards(self, boards: Mapping[str, Board]) -> None:
        self._connection.executemany(
            """
            INSERT INTO boards VALUES (?, ?, ?, ?)
            ON CONFLICT (incident) DO UPDATE
            SET next_due = excluded.next_due, deadlines = excluded.deadlines, cards = excluded.cards
            """,
            [(self._number(incident), *_written(board)) for incident, board in boards.items()],
        )

    # Beside the orders

    def erase(self, incident: str, entries: Sequence[int], by: int) -> None:
        with translated:
            erasure.erase(self._connection, incident, entries, by)

    def scrub(self) -> bool:
        with translated:
            return not erasure.owed(self._connection) or erasure.scrub(self._connection)

    def search(self, text: str, limit: int = 50) -> list[Found]:
        with translated:
            search.catch_up(self._connection)
            return search.find(self._connection, text, limit)

    def forget_answers(self, before: Instant) -> None:
        with translated:
            self._connection.execute("DELETE FROM answers WHERE at < ?", (before,))

    def clock_notes(self) -> list[ClockNote]:
        """What the machine's clock was worth, oldest first."""
        with translated:
            found = self._connection.execute(
                "SELECT reason, wall, elapsed, jump, synchronised FROM clock_notes ORDER BY id"
            ).fetchall()
        return [ClockNote._make(one) for one in found]

    def _number(self, incident: str) -> int:
        number = self._numbers.get(incident)
        if number is None:
            number = self._numbers[incident] = self._one("SELECT id FROM incidents WHERE name = ?", incident)
        return number

    def _one(self, statement: str, *values: Any) -> int:
        with translated:
            return int(self._connection.execute(statement, values).fetchone()[0])

    def close(self) -> None:
        self._connection.close()
        if self._copied is not None:
            self._copied.cleanup()
