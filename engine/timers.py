"""Turn what is due into orders: the clock is one more person who presses.

A fired deadline is journalled with its real lateness. The order's key names the deadline and the state that it was
due in, so that two programs which fire it write it once, and one that comes back (a clock set anew) fires again. After
a stop of three days everything that came due meanwhile is fired at once, legal clocks first.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Iterable
from typing import Protocol

from engine.core.commands import FireDeadline, Order
from engine.core.deadlines import Deadline
from engine.core.quantities import DAY, SECOND, Instant
from engine.core.receipt import Receipt
from engine.desk import Desk
from engine.journal.errors import JournalUnavailable
from engine.journal.port import Reader

__all__ = ["Clock", "SystemClock", "Timers", "order_of"]

log = logging.getLogger(__name__)

LONGEST_SLEEP = 5 * SECOND
"""Another program may have written a deadline that is nearer: so long it may go unseen."""
ANSWERS_KEPT = 7 * DAY
"""No platform redelivers later than that."""
MOST_ROUNDS = 100
"""Firing may make something else due at once (the next rung of a ladder); it ends. Should it not, people have their
turn before it goes on."""


class Clock(Protocol):
    """Whose time it is: the machine's, or an exercise's."""

    def now(self) -> Instant: ...

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        """Return when it is `until`, or when woken."""


class SystemClock:
    """The machine's time."""

    def now(self) -> Instant:
        return time.time_ns() // 1_000_000

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        # Not `wait_for`: Python 3.11 loses a cancellation that comes as the event is set.
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(until - self.now(), 0) / SECOND):
                await wake.wait()


def order_of(incident: str, seq: int, deadline: Deadline, now: Instant) -> Order:
    """The order that fires a deadline of the incident as entry `seq` left it; asked for again, it has the same key."""
    name = "/".join(map(str, deadline.name))
    return Order(
        incident=incident,
        command=FireDeadline(
            kind=deadline.kind,
            run=deadline.run,
            track=deadline.track,
            visit=deadline.visit,
            subject=deadline.subject,
            rung=deadline.rung,
            due=deadline.due,
        ),
        by="",
        at=now,
        key=f"due:{incident}/{seq}/{name}/{deadline.due}",
        source="clock",
    )


class Timers:
    """The timers of one desk."""

    def __init__(self, desk: Desk, reader: Reader) -> None:
        self._desk, self._reader = desk, reader
        self._spent: set[str] = set()
        self._wake = asyncio.Event()
        self._endless = False
        """The last firing stopped before nothing was due any more."""
        desk.on_commit(lambda *_: self._wake.set())

    def due(self, now: Instant) -> list[Order]:
        """What is to be fired now: legal clocks first, then whatever has been due longest."""
        found = sorted(
            self._reader.due(now), key=lambda one: (one[1].kind != "clock", one[1].due, one[1].kind)
        )
        orders = [
            order_of(name, incident.seq, deadline, now)
            for name, deadline in found
            if (incident := self._desk.incident(name)) is not None
        ]
        self._spent &= {order.key for order in orders}
        return [order for order in orders if order.key not in self._spent]

    def fire_now(self, now: Instant) -> list[Receipt]:
        """Fire all that is due, from a program that has no loop."""
        receipts: list[Receipt] = []
        for _ in range(MOST_ROUNDS):
            fired = [self._desk.submit_now(order) for order in self.due(now)]
            if not fired:
                break
            self._note(fired)
            receipts += fired
        return receipts

    async def fire(self, now: Instant) -> list[Receipt]:
        """Fire all that is due."""
        receipts: list[Receipt] = []
        self._endless = False
        for _ in range(MOST_ROUNDS):
            orders = self.due(now)
            if not orders:
                return receipts
            fired = await asyncio.gather(*map(self._desk.submit, orders))
            self._note(fired)
            receipts += fired
        log.warning("after %d rounds something is still due: the timers pause", MOST_ROUNDS)
        self._endless = True
        return receipts

    def _note(self, fired: Iterable[Receipt]) -> None:
        # Refused, or answered before: what it watched has moved on. Its row would otherwise be fired for ever.
        self._spent |= {one.key for one in fired if one.refused or one.repeated or not one.first}

    async def run(self, clock: Clock) -> None:
        """Fire what is due when it is due, until cancelled. A journal that is out of reach is tried again.

        Once a day the receipts that nobody can ask for any more are dropped.
        """
        tidied = 0
        while True:
            self._wake.clear()
            now = clock.now()
            try:
                await self.fire(now)
                following = self._reader.next_due()
                if now >= tidied + DAY:
                    tidied = now  # if it can't be done now, tomorrow will do
                    self._desk.forget_answers(now - ANSWERS_KEPT)
            except JournalUnavailable as error:
                log.warning("timers wait for the journal: %s", error.code)
                following = None
            latest = now + LONGEST_SLEEP
            until = latest if following is None or following <= now else min(following, latest)
            if self._endless:  # its own commits would wake it at once, for ever
                await clock.sleep(latest, asyncio.Event())
                continue
            await clock.sleep(until, self._wake)
