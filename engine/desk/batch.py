"""Decide a batch of orders inside one transaction, on provisional heads.

An order that is refused, or fails, adds nothing: what it would change is gathered only once all of it is known. So no
savepoint is needed, and one bad order never takes its neighbours along.

Most orders are given once. So an order is decided first, and its key looked for only if it added nothing; if it added
entries, the journal itself refuses a key that it already has, and the batch is decided again, carefully.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from msgspec.structs import replace

from engine.core.commands import Declare, Order
from engine.core.deadlines import Watched
from engine.core.events import Entry, Erased, RunOpened
from engine.core.incident import Incident
from engine.core.names import HOUSE
from engine.core.receipt import Accepted, Receipt
from engine.core.refusal import Refused
from engine.core.world import World
from engine.desk.heads import Heads
from engine.journal.chain import GENESIS
from engine.journal.codec import CODEC, Codec, Row
from engine.journal.errors import JournalUnavailable
from engine.journal.naming import OF_THE_HOUSE, Number
from engine.journal.port import EMPTY, Board, Changes, Head, Journal

__all__ = ["UNKNOWN_INCIDENT", "Batch", "Commit", "Rules"]

UNKNOWN_INCIDENT = "no_incident"


class Rules(NamedTuple):
    """The core's three functions: what may be, what is due after it, what is to be drawn again."""

    decide: Callable[[Order, Incident, World], Accepted | Refused]
    deadlines: Callable[[Watched, Incident | None, Incident, World], Watched]
    cards: Callable[[Incident | None, Incident], tuple[str, ...]]


class Commit(NamedTuple):
    """What one accepted order did, told to those who follow."""

    before: Incident | None
    after: Incident
    entries: tuple[Entry, ...]


class Batch:
    """One transaction's worth of orders. Its heads are to be published only after the commit."""

    __slots__ = (
        "_answered", "_careful", "_changes", "_codec", "_definition", "_journal", "_numbers", "_published", "_rules",
        "_world", "commits", "erases", "heads",
    )  # fmt: skip

    def __init__(
        self,
        journal: Journal,
        world: World,
        rules: Rules,
        heads: Heads,
        definition: Callable[[str], bytes | None],
        *,
        careful: bool = False,
        codec: Codec = CODEC,
    ) -> None:
        """`careful`: look for the key of every order before deciding it."""
        self._journal, self._world, self._rules, self._published = journal, world, rules, heads
        self._definition, self._careful, self._codec = definition, careful, codec
        self._changes = Changes()
        self._answered: dict[str, Receipt] = {}
        self._numbers: dict[tuple[bool, int], int] = {}
        self.heads: dict[str, Head] = {}
        self.commits: list[Commit] = []
        self.erases = False
        """Whether text of earlier entries is destroyed: its traces are then to be wiped after the commit."""

    def answer(self, order: Order) -> Receipt | Exception:
        """Decide one order. What it raises is its own caller's; a journal that can't be read stops the batch."""
        try:
            return self._answer(order)
        except JournalUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - handed to the caller who gave this order
            return error

    def _answer(self, order: Order) -> Receipt:
        given = self._answered.get(order.key)
        if given is not None:
            return replace(given, repeated=True)
        given = self._journal.receipt(order.key) if self._careful else None
        if given is not None:
            return given
        made = self._declare(order) if isinstance(order.command, Declare) else self._act(order)
        if not made.first:
            given = self._journal.receipt(order.key)
            if given is not None:
                return given
            self._changes.answers.append((made, order.at))
        self._answered[order.key] = made
        return made

    def _declare(self, order: Order) -> Receipt:
        number = self._next_number(order)
        named = replace(order, incident=number.name)
        outcome = self._rules.decide(named, Incident(id=number.name), self._world)
        if isinstance(outcome, Refused):
            return Receipt(key=order.key, incident="", refused=outcome)
        receipt = self._accept(named, None, outcome)
        self._changes.opened.append(number)
        self._numbers[number.exercise, number.year] = number.number
        return receipt

    def _next_number(self, order: Order) -> Number:
        assert isinstance(order.command, Declare)
        exercise, year = order.command.exercise, self._world.calendar.local(order.at).year
        last = self._numbers.get((exercise, year))
        if last is None:
            last = self._journal.last_number(exercise, year)
        return Number(exercise, year, last + 1)

    def _act(self, order: Order) -> Receipt:
        head = self.heads.get(order.incident) or self._published.get(order.incident)
        head = head or self._journal.reader.head(order.incident)
        if head is None and order.incident == HOUSE:
            return self._found(order)
        if head is None:
            unknown = Refused(UNKNOWN_INCIDENT, {"incident": order.incident})
            return Receipt(key=order.key, incident=order.incident, refused=unknown)
        outcome = self._rules.decide(order, head.incident, self._world)
        if isinstance(outcome, Refused):
            self.heads[order.incident] = head
            return Receipt(key=order.key, incident=order.incident, refused=outcome)
        return self._accept(order, head, outcome)

    def _found(self, order: Order) -> Receipt:
        """The first order of the house opens its book."""
        outcome = self._rules.decide(order, Incident(id=HOUSE), self._world)
        if isinstance(outcome, Refused):
            return Receipt(key=order.key, incident=HOUSE, refused=outcome)
        receipt = self._accept(order, None, outcome)
        if receipt.first:
            self._changes.opened.append(OF_THE_HOUSE)
        return receipt

    def _accept(self, order: Order, head: Head | None, outcome: Accepted) -> Receipt:
        entries, after, name = outcome.entries, outcome.incident, order.incident
        if not entries:
            return Receipt(key=order.key, incident=name)
        before, prev, board = (head.incident, head.hash, head.board) if head else (None, GENESIS, EMPTY)
        rows = self._chain(entries, prev)
        due = self._rules.deadlines(board.deadlines, before, after, self._world)
        drawn = dict.fromkeys(self._rules.cards(before, after), after.seq)
        board = Board(due, {**board.cards, **drawn})
        definitions = self._pin(entries)
        # Nothing below can fail: the order's changes go in whole.
        changes = self._changes
        changes.orders.append((order.key, rows))
        changes.boards[name] = board
        if definitions:
            changes.definitions |= definitions
        self.heads[name] = Head(after, rows[-1].hash, board)
        self.commits.append(Commit(before, after, entries))
        return Receipt(key=order.key, incident=name, first=entries[0].seq, last=entries[-1].seq)

    def _chain(self, entries: tuple[Entry, ...], prev: bytes) -> list[Row]:
        rows = []
        for entry in entries:
            row = self._codec.encode(entry, prev)
            prev = row.hash
            rows.append(row)
        return rows

    def _pin(self, entries: tuple[Entry, ...]) -> dict[str, bytes] | None:
        """The procedures that these entries open a run of, and that the journal doesn't hold yet."""
        found = {}
        for entry in entries:
            event = entry.event
            if isinstance(event, RunOpened) and event.digest not in self._changes.definitions:
                body = self._definition(event.digest)
                if body is not None and self._journal.reader.definition(event.digest) is None:
                    found[event.digest] = body
            elif isinstance(event, Erased):
                self.erases = True
        return found

    def write(self) -> None:
        """Put all that was accepted in the transaction."""
        self._journal.write(self._changes)
        if self.erases:
            self._erase()

    def _erase(self) -> None:
        """Destroy the text, and read the incident again without it: what is derived may have shown some."""
        for place, commit in enumerate(self.commits):
            for entry in commit.entries:
                if isinstance(entry.event, Erased):
                    self._journal.erase(entry.incident, entry.event.entries, entry.seq)
                    self.commits[place] = commit._replace(after=self._read_again(commit))

    def _read_again(self, commit: Commit) -> Incident:
        name, last = commit.after.id, commit.after.seq
        head = self._journal.reader.head(name)
        assert head is not None
        due = self._rules.deadlines(EMPTY.deadlines, None, head.incident, self._world)
        cards = dict.fromkeys(self._rules.cards(None, head.incident), last)
        board = Board(due, {**head.board.cards, **cards})
        changes = Changes()
        changes.boards[name] = board
        self._journal.write(changes)
        self.heads[name] = head._replace(board=board)
        return head.incident
