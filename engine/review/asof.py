"""The state as it was at an instant: what was known then, or what was true then as it is known now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from engine.core import events as e
from engine.core.evolve import evolve
from engine.core.incident import Incident
from engine.core.quantities import Instant

__all__ = ["KNOWN", "TRUE", "AsOf", "View", "as_of"]

View = Literal["known", "true"]
KNOWN: Final = "known"
"""By the hour of recording: what the cell could read then."""
TRUE: Final = "true"
"""By the hour at which things happened, whenever they were recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AsOf:
    """An incident at an instant."""

    at: Instant
    view: View
    incident: Incident
    """Its status is `none` when nothing was declared yet."""
    entries: int
    """How many made this state."""
    otherwise: int
    """How many the other view counts otherwise: recorded later than they happened, across this instant."""
    aside: tuple[int, ...] = ()
    """Said to have happened before what they stand on (a step left before it was entered): not counted yet."""


def as_of(entries: Iterable[e.Entry], at: Instant, view: View) -> AsOf:
    """Fold what stands at this instant, in the order in which it was written."""
    incident, count, otherwise, aside = Incident(id=""), 0, 0, []
    for entry in entries:
        if not incident.id:
            incident = Incident(id=entry.incident)
        known, true = entry.at <= at, _true_since(entry) <= at
        otherwise += known != true
        if not (true if view == TRUE else known):
            continue
        try:
            incident = evolve(incident, entry)
            count += 1
        except KeyError:  # only of what is true: the journal itself is always in order
            aside.append(entry.seq)
    return AsOf(at=at, view=view, incident=incident, entries=count, otherwise=otherwise, aside=tuple(aside))


def _true_since(entry: e.Entry) -> Instant:
    """When it began to be true. A corrected hour was true all along, a legal clock runs from its own start."""
    match entry.event:
        case e.ClockStarted(start=start) | e.ClockCorrected(start=start):
            return min(start, entry.occurred_at)
        case e.T0Corrected(t0=t0):
            return min(t0, entry.occurred_at)
        case _:
            return entry.occurred_at
