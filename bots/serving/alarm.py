"""Who reads a channel reads it for every incident: an alarm given in one is given in all that are open.

Real incidents and exercises never hear of each other: a channel is suspect for the sake of an exercise in exercises
alone. Each incident has the alarm in its own log, by whoever gave it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence

from engine.core.commands import ChangeSurface, Order
from engine.core.events import Entry, IncidentDeclared, SurfaceChanged
from engine.core.incident import Incident
from engine.home import Home
from engine.timers import Clock

__all__ = ["Alarm"]

log = logging.getLogger(__name__)

SOURCE = "alarm"
"""Through which an alarm comes that was given elsewhere."""


class Alarm:
    """Carries alarms from one incident to the others, while `run` runs."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home, self._clock = home, clock
        self._heard: asyncio.Queue[tuple[Incident, Entry]] = asyncio.Queue()
        home.desk.on_commit(self._hear)

    def _hear(self, _: Incident | None, after: Incident, entries: Sequence[Entry]) -> None:
        for entry in entries:
            if isinstance(entry.event, SurfaceChanged | IncidentDeclared) and entry.source != SOURCE:
                self._heard.put_nowait((after, entry))

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            incident, entry = await self._heard.get()
            for order in self._orders(incident, entry):
                receipt = await self._home.desk.submit(order)
                if receipt.refused is not None:
                    log.warning("%s doesn't take the alarm: %s", order.incident, receipt.refused.code)

    def _orders(self, incident: Incident, entry: Entry) -> Iterator[Order]:
        others = [
            one
            for one in self._home.desk.incidents()
            if one.status == "open" and one.exercise is incident.exercise and one.id != incident.id
        ]
        event = entry.event
        if isinstance(event, SurfaceChanged):
            for other in others:
                if (event.surface in other.suspect) is not (event.status == "suspect"):
                    yield self._order(other.id, event.surface, event.status, event.reason, entry)
        else:
            for surface in sorted({surface for other in others for surface in other.suspect}):
                yield self._order(incident.id, surface, "suspect", "", entry)

    def _order(self, incident: str, surface: str, status: str, reason: str, entry: Entry) -> Order:
        return Order(
            incident=incident,
            command=ChangeSurface(surface=surface, status=status, reason=reason),
            by=entry.actor.id,
            at=self._clock.now(),
            key=f"alarm:{entry.incident}:{entry.seq}:{incident}:{surface}",
            source=SOURCE,
        )
