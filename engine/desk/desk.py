"""Take orders in, commit them together, answer each after the commit.

One writer on one thread. The orders that come in during one turn of the loop share one transaction, so that 64 people
who press at once cost one write to the disk; a lone press is committed in the turn it came in. The commit is made in
the loop itself: handing it to a thread would cost a lone press more than the disk does.

State is published only after COMMIT. If a batch fails, nothing of it is known: the heads are dropped, and read again.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence

from engine.core.commands import Order
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.world import World
from engine.desk.batch import Batch, Commit, Rules
from engine.desk.edge import clean
from engine.desk.heads import Heads
from engine.journal.errors import BrokenRule, JournalUnavailable
from engine.journal.port import Head, Journal

__all__ = ["Desk"]

log = logging.getLogger(__name__)

REMEMBERED = 120.0
"""Seconds after which an order that failed tells nothing of the next any more."""
PATIENCE = 5.0
"""Seconds during which an order waits for another program to let go of the journal."""
PAUSES = (0.005, 0.05)
"""Between two tries, seconds: by chance, so that two programs don't meet again and again."""
READ_TOGETHER = 16
"""Beyond so many incidents that were not read yet, all are, in one reading."""
LARGEST_BATCH = 256
"""Orders in one transaction: beyond, the loop would not turn for too long."""

Answer = Receipt | Exception


class Desk:
    """The desk of one town. Not to be shared between threads."""

    def __init__(
        self,
        journal: Journal,
        world: World,
        rules: Rules,
        *,
        definition: Callable[[str], bytes | None] = lambda _: None,
        patience: float = PATIENCE,
    ) -> None:
        """`definition`: the written form of a procedure of the shelf, kept in the journal when a run opens."""
        self.world = world
        self._journal, self._rules, self._definition, self._patience = journal, rules, definition, patience
        self._heads = Heads()
        self._waiting: list[tuple[Order, asyncio.Future[Receipt]]] = []
        self._turn_due = False
        self._failed: tuple[str, float] = "", 0.0
        self._told_of_change: list[Callable[[], None]] = []
        self._followers: list[Callable[[Incident | None, Incident, Sequence[Entry]], None]] = []

    def follow_world(self, world: World, definition: Callable[[str], bytes | None]) -> None:
        """Go by the town's files as they are now: people, procedures, calendar."""
        self.world, self._definition = world, definition

    @property
    def failing(self) -> str:
        """Why the last orders could not be written, as a code; empty when they could, or when that was long ago."""
        code, at = self._failed
        return code if code and time.monotonic() < at + REMEMBERED else ""

    # What is true now

    def incident(self, name: str) -> Incident | None:
        """The incident as the journal holds it, or None."""
        head = self._head(name)
        return head and head.incident

    def incidents(self) -> Iterator[Incident]:
        """Every incident, in the order they were declared."""
        names = self._journal.reader.incidents()
        self._look()
        if len(names) - len(self._heads) <= READ_TOGETHER:
            yield from (found for found in map(self.incident, names) if found is not None)
            return
        for head in self._journal.reader.heads():
            self._heads.put_by(head)
            yield head.incident

    def _head(self, name: str) -> Head | None:
        self._look()
        head = self._heads.get(name)
        if head is None:
            head = self._journal.reader.head(name)
            if head is not None:
                self._heads.put_by(head)
        return head

    def _look(self) -> None:
        """See whether another program has written: what was read before may be old."""
        if self._journal.changed():
            self._start_over()

    def _start_over(self) -> None:
        self._heads.clear()
        for tell in self._told_of_change:
            tell()

    # Orders

    async def submit(self, order: Order) -> Receipt:
        """Give an order; the receipt comes back once what it did is durable.

        A caller who is cancelled gets no receipt, but the order stands: given again, its key gets the same receipt.
        JournalUnavailable if the journal can't be written; nothing was done then.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Receipt] = loop.create_future()
        self._waiting.append((clean(order), future))
        if not self._turn_due:
            self._turn_due = True
            loop.call_soon(self._turn, loop, loop.time())
        return await future

    def submit_now(self, order: Order) -> Receipt:
        """Give an order from a program that has no loop, as `submit` does."""
        cleaned, until = clean(order), time.monotonic() + self._patience
        while True:
            try:
                answers, commits = self._commit([cleaned])
                break
            except JournalUnavailable as error:
                if error.code != "locked" or time.monotonic() >= until:
                    raise
                time.sleep(random.uniform(*PAUSES))
        self._tell(commits)
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    def on_commit(self, follow: Callable[[Incident | None, Incident, Sequence[Entry]], None]) -> None:
        """Have `follow(before, after, entries)` called after each commit, once its receipts are out."""
        self._followers.append(follow)

    def on_change(self, tell: Callable[[], None]) -> None:
        """Have `tell` called once another program has written, before anything is decided on it."""
        self._told_of_change.append(tell)

    def forget_answers(self, before: Instant) -> None:
        """Drop the receipts of orders that wrote nothing, given before then."""
        self._journal.forget_answers(before)

    async def drain(self) -> None:
        """Wait until every order given so far is answered."""
        while self._waiting:
            await asyncio.wait([future for _, future in self._waiting])

    # The transaction

    def _turn(self, loop: asyncio.AbstractEventLoop, since: float) -> None:
        batch, self._waiting = self._waiting[:LARGEST_BATCH], self._waiting[LARGEST_BATCH:]
        try:
            answers, commits = self._commit([order for order, _ in batch])
        except JournalUnavailable as error:
            if error.code == "locked" and loop.time() < since + self._patience:
                self._waiting = batch + self._waiting
                loop.call_later(random.uniform(*PAUSES), self._turn, loop, since)
                return
            self._failed = error.code, time.monotonic()
            answers, commits = [error] * len(batch), []
        except Exception as error:  # noqa: BLE001 - handed to the callers of this batch
            answers, commits = [error] * len(batch), []
        else:
            self._failed = "", 0.0
        self._turn_due = bool(self._waiting)
        if self._turn_due:
            loop.call_soon(self._turn, loop, loop.time())
        for (_, future), answer in zip(batch, answers, strict=True):
            _answer(future, answer)
        self._tell(commits)

    def _commit(self, orders: Sequence[Order], careful: bool = False) -> tuple[list[Answer], list[Commit]]:
        """Decide and write these orders in one transaction, and publish what they made of the incidents."""
        journal = self._journal
        foreign = journal.begin()
        try:
            if foreign:
                self._start_over()
            batch = Batch(journal, self.world, self._rules, self._heads, self._definition, careful=careful)
            answers = [batch.answer(order) for order in orders]
            batch.write()
            journal.commit()
        except BrokenRule as error:
            self._undo()
            return self._one_by_one(orders, error) if careful else self._commit(orders, careful=True)
        except BaseException:
            self._undo()
            raise
        self._heads.keep(batch.heads)
        if batch.erases:
            self._scrub()
        return answers, batch.commits

    def _scrub(self) -> None:
        try:
            wiped = self._journal.scrub()
        except JournalUnavailable:
            wiped = False  # the erasure is committed: what is left of it is wiped at the next opening
        if not wiped:
            log.warning("the traces of an erasure are still to be wiped")

    def _undo(self) -> None:
        self._heads.clear()
        self._journal.rollback()

    def _one_by_one(self, orders: Sequence[Order], error: BrokenRule) -> tuple[list[Answer], list[Commit]]:
        """One of these orders breaks a rule of the journal: the others must not pay for it."""
        if len(orders) == 1:
            return [error], []
        answers: list[Answer] = []
        commits: list[Commit] = []
        for order in orders:
            answered, committed = self._commit([order], careful=True)
            answers += answered
            commits += committed
        return answers, commits

    def _tell(self, commits: Sequence[Commit]) -> None:
        for commit in commits:
            for follow in self._followers:
                try:
                    follow(commit.before, commit.after, commit.entries)
                except Exception:
                    # What was committed stands, and the next follower must hear of it.
                    log.exception("a follower of the journal failed")


def _answer(future: asyncio.Future[Receipt], answer: Answer) -> None:
    if future.done():
        return  # its caller was cancelled
    if isinstance(answer, Exception):
        future.set_exception(answer)
    else:
        future.set_result(answer)
