"""Decide a batch of orders inside one transaction, on provisional heads.

An order that is refused, or fails, adds nothing: what it would change is gathered only once all of it is known. So no
savepoint is needed, and one bad order never takes its neighbours along.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from engine.core.commands import Declare, Order
from engine.core.deadlines import Deadline
from engine.core.events import Entry, Erased, RunOpened
from engine.core.incident import Incident
from engine.core.receipt import Accepted, Receipt
from engine.core.refusal import Refused
from engine.core.world import World
from engine.journal.chain import GENESIS
from engine.journal.codec import CODEC, Codec, Row
from engine.journal.errors import JournalUnavailable
from engine.journal.naming import Number
from engine.journal.port import Changes, Head, Journal

__all__ = ["UNKNOWN_INCIDENT", "Batch", "Commit", "Rules"]

UNKNOWN_INCIDENT = "no_incident"


class Rules(NamedTuple):
    """The core's three functions: what may be, what is due after it, what is to be drawn again."""

    decide: Callable[[Order, Incident, World], Accepted | Refused]
    deadlines: Callable[[Incident | None, Incident, World], tuple[tuple[Deadline, ...], tuple[Deadline, ...]]]
    cards: Callable[[Incident | None, Incident], tuple[str, ...]]


class Commit(NamedTuple):
    """What one accepted order did, told to those who follow."""

    before: Incident | None
    after: Incident
    entries: tuple[Entry, ...]


class Batch:
    """One transaction's worth of orders. Its heads are to be published only after the commit."""

    def __init__(
        self,
        journal: Journal,
        world: World,
        rules: Rules,
        heads: Mapping[str, Head],
        definition: Callable[[str], bytes | None],
        codec: Codec = CODEC,
    ) -> None:
        self._journal, self._world, self._rules, self._published = journal, world, rules, heads
        self._definition, self._codec = definition, codec
        self._changes = Changes()
        self._answered: dict[str, Receipt] = {}
        self._numbers: dict[tuple[bool, int], int] = {}
        self.heads: dict[str, Head] = {}
        self.commits: list[Commit] = []

    @property
    def erases(self) -> bool:
        """Whether text of earlier entries is destroyed: their traces are then to be wiped after the commit."""
        return any(isinstance(entry.event, Erased) for commit in self.commits for entry in commit.entries)

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
        given = self._journal.receipt(order.key)
        if given is None:
            given = self._declare(order) if isinstance(order.command, Declare) else self._act(order)
            self._answered[order.key] = given
            self._changes.receipts.append((given, order.at))
        return given

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
        if head is None:
            unknown = Refused(UNKNOWN_INCIDENT, {"incident": order.incident})
            return Receipt(key=order.key, incident=order.incident, refused=unknown)
        outcome = self._rules.decide(order, head.incident, self._world)
        if isinstance(outcome, Refused):
            self.heads[order.incident] = head
            return Receipt(key=order.key, incident=order.incident, refused=outcome)
        return self._accept(order, head, outcome)

    def _accept(self, order: Order, head: Head | None, outcome: Accepted) -> Receipt:
        before, after, entries = head and head.incident, outcome.incident, outcome.entries
        if not entries:
            return Receipt(key=order.key, incident=order.incident)
        rows = self._chain(entries, head.hash if head else GENESIS)
        due, not_due = self._rules.deadlines(before, after, self._world)
        cards = self._rules.cards(before, after)
        definitions = self._pin(entries)
        # Nothing below can fail: the order's changes go in whole.
        name, changes = order.incident, self._changes
        changes.rows += rows
        changes.deadlines.update(((name, deadline.name), None) for deadline in not_due)
        changes.deadlines.update(((name, deadline.name), deadline) for deadline in due)
        changes.cards.update(((name, key), after.seq) for key in cards)
        changes.definitions |= definitions
        self.heads[name] = Head(after, rows[-1].hash)
        self.commits.append(Commit(before, after, entries))
        return Receipt(key=order.key, incident=name, first=entries[0].seq, last=entries[-1].seq)

    def _chain(self, entries: tuple[Entry, ...], prev: bytes) -> list[Row]:
        rows = []
        for entry in entries:
            row = self._codec.encode(entry, prev)
            prev = row.hash
            rows.append(row)
        return rows

    def _pin(self, entries: tuple[Entry, ...]) -> dict[str, bytes]:
        """The procedures that these entries open a run of, and that the journal doesn't hold yet."""
        opened = {entry.event.digest for entry in entries if isinstance(entry.event, RunOpened)}
        bodies = {digest: self._definition(digest) for digest in opened - self._changes.definitions.keys()}
        return {
            digest: body
            for digest, body in bodies.items()
            if body is not None and self._journal.reader.definition(digest) is None
        }

    def write(self) -> None:
        """Put all that was accepted in the transaction."""
        self._journal.write(self._changes)
        for place, commit in enumerate(self.commits):
            for entry in commit.entries:
                if isinstance(entry.event, Erased):
                    self.commits[place] = self._erase(commit, entry, entry.event)

    def _erase(self, commit: Commit, entry: Entry, event: Erased) -> Commit:
        """Destroy the text, and read the incident again without it: deadlines and cards may have shown some."""
        name, last = entry.incident, commit.entries[-1].seq
        self._journal.erase(name, event.entries, entry.seq)
        head = self._journal.reader.head(name)
        assert head is not None
        self.heads[name] = head
        wanted, _ = self._rules.deadlines(None, head.incident, self._world)
        changes = Changes()
        changes.deadlines.update(((name, old.name), None) for old in self._journal.reader.deadlines(name))
        changes.deadlines.update(((name, deadline.name), deadline) for deadline in wanted)
        changes.cards.update(((name, key), last) for key in self._rules.cards(None, head.incident))
        self._journal.write(changes)
        return Commit(commit.before, head.incident, commit.entries)
