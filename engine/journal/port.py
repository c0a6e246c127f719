"""What the desk asks of a journal, whatever holds it: SQLite now, PostgreSQL for several hosts later.

Writing is one transaction at a time: `begin`, read, `write`, `commit` or `rollback`. Everything that one order changes
(entries, receipt, deadlines, cards, pinned definition) is in one `Changes`, and becomes true together or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from engine.core.deadlines import Deadline, Watched
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.journal.codec import Row
from engine.journal.naming import Number

if TYPE_CHECKING:
    from engine.journal.broken import Break

__all__ = ["EMPTY", "Board", "Changes", "Found", "Head", "Journal", "Reader", "Tip"]


class Board(NamedTuple):
    """What is derived from an incident and kept beside it. A new one is made at each change."""

    deadlines: Watched
    """What is due, by what it watches."""
    cards: Mapping[str, int]
    """For each card, the entry after which it was last to be drawn again."""


EMPTY: Final = Board({}, {})


class Head(NamedTuple):
    """An incident as its last entry left it, the hash that the next one follows, and its board."""

    incident: Incident
    hash: bytes
    board: Board


class Tip(NamedTuple):
    """The end of a chain: what is noted elsewhere, to reveal a cut tail one day."""

    incident: str
    seq: int
    hash: str


class Found(NamedTuple):
    """An entry that a search found."""

    incident: str
    seq: int


class Changes:
    """What a batch of orders changes, in the order in which they were decided."""

    __slots__ = ("answers", "boards", "definitions", "opened", "orders")

    def __init__(self) -> None:
        self.opened: list[Number] = []
        self.orders: list[tuple[str, Sequence[Row]]] = []
        """For each order that added entries: its key and their rows."""
        self.answers: list[tuple[Receipt, Instant]] = []
        """The receipts of the others."""
        self.boards: dict[str, Board] = {}
        """By incident: the board after the last of the batch."""
        self.definitions: dict[str, bytes] = {}


class Reader(Protocol):
    """What is in the journal. Inside a transaction, what it has written is there too."""

    def incidents(self) -> list[str]:
        """Every incident, in the order they were declared."""

    def streams(self) -> list[str]:
        """Every incident and, when there is one, the house's own book: all that is chained."""

    def head(self, incident: str) -> Head | None:
        """The incident folded from its entries; None if it was never declared."""

    def heads(self) -> Iterator[Head]:
        """Every incident, folded in one reading."""

    def tips(self) -> list[Tip]:
        """The ends of all chains."""

    def rows(self, incident: str, after: int = 0) -> Iterator[Row]:
        """The entries as they are stored, in order."""

    def entries(self, incident: str, after: int = 0) -> Iterator[Entry]:
        """The entries, in order."""

    def due(self, until: Instant) -> list[tuple[str, Deadline]]:
        """The deadlines due by then, the earliest first."""

    def next_due(self) -> Instant | None:
        """When the earliest deadline is due."""

    def board(self, incident: str) -> Board:
        """What is derived from an incident, as the journal keeps it."""

    def definition(self, digest: str) -> bytes | None:
        """A pinned procedure."""

    def definitions(self) -> dict[str, bytes]:
        """Every pinned procedure, by digest."""

    def orders(self, incident: str) -> list[tuple[int, int]]:
        """The first and last entry of each order that added some, in order."""

    def faults(self) -> list[Break]:
        """What is wrong beside the chains: the file, its rules, and what it keeps so as to find things."""


class Journal(Protocol):
    """The one writer's side."""

    @property
    def reader(self) -> Reader: ...

    def begin(self) -> bool:
        """Open a transaction; True if somebody else has written since the last one.

        JournalUnavailable, at once, if another writer is at work.
        """

    def changed(self) -> bool:
        """Whether somebody else has written since this was last asked, or a transaction begun."""

    def receipt(self, key: str) -> Receipt | None:
        """The first answer to an order of this key, `repeated` set."""

    def last_number(self, exercise: bool, year: int) -> int:
        """The highest number given in a year; 0 if none."""

    def write(self, changes: Changes) -> None:
        """Add all of it to the transaction. BrokenRule if a row may not be."""

    def erase(self, incident: str, entries: Sequence[int], by: int) -> None:
        """Destroy the leaves of these entries, in the transaction that holds the entry `by` which says so."""

    def commit(self) -> None:
        """Make the transaction durable. JournalUnavailable if it can't be, and then nothing of it was done."""

    def rollback(self) -> None:
        """Forget the transaction."""

    def scrub(self) -> bool:
        """After an erasure: leave no copy of what was erased in free space or in the log; False if it has to wait."""

    def search(self, text: str, limit: int = 50) -> list[Found]:
        """The entries that hold every word of `text` (or its beginning), newest first."""

    def forget_answers(self, before: Instant) -> None:
        """Drop the receipts of orders that wrote nothing, once no redelivery can ask for them any more."""

    def close(self) -> None: ...
