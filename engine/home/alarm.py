"""Who reads a channel reads it for every incident: an alarm given in one is given in all that are open.

Real incidents and exercises never hear of each other: a channel is suspect for the sake of an exercise in exercises
alone. Each incident has the alarm in its own log, by whoever gave it last.

What was said last of a channel holds: so what a crash left between two incidents is seen later, and mended.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence

from engine.core.commands import ChangeSurface, Order
from engine.core.decide.trust import PASSED_ON
from engine.core.events import Entry, IncidentDeclared, IncidentReopened, SurfaceChanged
from engine.core.house import SURFACES
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.desk import Desk
from engine.journal.errors import JournalUnavailable
from engine.journal.port import Reader

__all__ = ["Alarm"]

log = logging.getLogger(__name__)


class Alarm:
    """Carries alarms from one incident to the others of one town, whatever program they are given in."""

    def __init__(self, desk: Desk, reader: Reader) -> None:
        self._desk, self._reader = desk, reader
        self._tasks: set[asyncio.Task[None]] = set()
        self._quiet = False
        """Nothing was suspect when all was last looked at, nor since: what is declared then has nothing to hear."""
        desk.on_commit(self._follow)

    def orders(self, now: Instant) -> list[Order]:
        """What is still to be passed on."""
        found = [one for one in self._desk.incidents() if one.status == "open"]
        self._quiet = not any(one.suspect for one in found)
        return [
            order
            for exercise in (False, True)
            for order in self._among([one for one in found if one.exercise is exercise], now)
        ]

    async def settle(self, now: Instant) -> None:
        """Pass it on."""
        for order in self.orders(now):
            _noted(await self._desk.submit(order))

    def _follow(self, _: Incident | None, __: Incident, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry.event, SurfaceChanged):
                self._quiet = False
            elif self._quiet or not isinstance(entry.event, IncidentDeclared | IncidentReopened):
                continue
            if entry.source != PASSED_ON:
                self._pass_on(entry.at)
                return

    def _pass_on(self, now: Instant) -> None:
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # a command of the terminal: there is no later
            for order in self.orders(now):
                _noted(self._desk.submit_now(order))
            return
        task = loop.create_task(self._quietly(now))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _quietly(self, now: Instant) -> None:
        try:
            await self.settle(now)
        except JournalUnavailable as error:
            log.warning("an alarm waits for the journal: %s", error.code)

    def _among(self, incidents: Sequence[Incident], now: Instant) -> Iterator[Order]:
        for surface in SURFACES:
            suspect = [one for one in incidents if surface in one.suspect]
            if 0 < len(suspect) < len(incidents) and (last := self._last(incidents, surface)) is not None:
                entry, event = last
                for one in incidents:
                    if (surface in one.suspect) is not (event.status == "suspect"):
                        yield _order(one, entry, event, now)

    def _last(self, incidents: Sequence[Incident], surface: str) -> tuple[Entry, SurfaceChanged] | None:
        """What was said last of this channel."""
        said = [
            (entry, entry.event)
            for one in incidents
            for entry in self._reader.entries(one.id)
            if isinstance(entry.event, SurfaceChanged) and entry.event.surface == surface
        ]
        return max(said, key=lambda one: one[0].at, default=None)


def _order(incident: Incident, entry: Entry, event: SurfaceChanged, now: Instant) -> Order:
    return Order(
        incident=incident.id,
        command=ChangeSurface(surface=event.surface, status=event.status, reason=event.reason),
        by=entry.actor.id,
        at=now,
        key=f"alarm:{entry.incident}:{entry.seq}:{incident.id}:{incident.seq}:{event.surface}",
        source=PASSED_ON,
    )


def _noted(receipt: Receipt) -> None:
    if receipt.refused is not None:
        log.warning("%s doesn't take an alarm: %s", receipt.incident, receipt.refused.code)
