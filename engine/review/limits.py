"""The delays that count in an incident: those of the register for an activity, those of the law."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.cards import Scene
from engine.core.cards.sections import clock_title
from engine.core.incident import Clock
from engine.core.quantities import Duration, Instant

__all__ = ["LegalClock", "Limit", "legal_clock", "limit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A delay that the register sets to an activity. `state`: kept, missed, or coming while it is still down."""

    delay: Duration
    at: Instant
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalClock:
    """A legal delay of this incident."""

    id: str
    title: str
    start: Instant
    due: Instant
    """0: due at once, or of no fixed length."""
    status: str
    """running, suspended, stopped."""
    stopped: Instant = 0
    breached: bool = False
    source: str = ""
    """The law, as the library quotes it."""


def limit(scene: Scene, begun: Instant, ended: Instant, delay: Duration | None) -> Limit | None:
    """How an interruption stands against a delay; None when there is none, or nobody said when it began."""
    if delay is None or not begun:
        return None
    at = scene.world.calendar.add(begun, delay)
    state = "missed" if (ended or scene.now) > at else "kept" if ended else "coming"
    return Limit(delay=delay, at=at, state=state)


def legal_clock(scene: Scene, clock: Clock) -> LegalClock:
    """A clock with what the law says of it."""
    run = scene.incident.runs.get(clock.run)
    pinned = scene.definition(run).clocks.get(clock.id) if run else None
    spec = pinned or scene.world.clocks.get(clock.id)
    return LegalClock(
        id=clock.id,
        title=clock_title(scene, clock),
        start=clock.start,
        due=clock.due,
        status=clock.status,
        stopped=clock.stopped_at,
        breached=clock.breached,
        source=spec.source if spec else "",
    )
