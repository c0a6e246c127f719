"""Each visit of a step against its target: as the target was when the step was left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.incident import Cursor, Incident, Run
from engine.core.quantities import Instant
from engine.core.targets import due
from engine.core.world import World
from engine.review.metrics.span import Moment, Span
from engine.review.where import Where, where

__all__ = ["StepTime", "left_by", "still_open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """One visit of a step."""

    where: Where
    span: Span
    """From its entry (or when it woke) until it was left; without an end while it is open."""
    target: Instant = 0
    """0: none was set, or the fact that it counts from is unknown."""
    late_ms: int | None = None
    """How long after its target it was left, or how long it has been late; 0: in time; None: not measurable."""


def left_by(entry: e.Entry, before: Incident, world: World) -> StepTime | None:
    """The visit that this entry ends; None when it ends none."""
    event = entry.event
    if not isinstance(event, e.OutcomePicked | e.TrackMoved) or not event.step:
        return None
    if isinstance(event, e.OutcomePicked) and not event.to:
        return None  # an act that stays
    run = before.runs.get(event.run)
    state = run.tracks.get(event.track) if run else None
    if run is None or state is None or state.cursor is None or state.cursor.step != event.step:
        return None
    return _timed(event.track, run, state.cursor, before, world, Moment.of(entry), entry.occurred_at)


def still_open(scene: Scene) -> Iterator[StepTime]:
    """The visits that nothing has ended yet; of a closed incident, those that its closing left."""
    incident = scene.incident
    until = incident.closed.at if incident.closed else scene.now
    for run in incident.open_runs:
        for track, state in run.tracks.items():
            if state.cursor is not None and state.cursor.awake:
                yield _timed(track, run, state.cursor, incident, scene.world, None, until)


def _timed(
    track: str, run: Run, cursor: Cursor, incident: Incident, world: World, end: Moment | None, until: Instant
) -> StepTime:
    target = None
    try:
        definition = world.shelf.definition(run.digest)
        target = due(definition, incident, run, track, cursor, world.calendar) if cursor.awake else None
    except KeyError:
        pass  # nobody has that procedure any more: no target is known
    # Any event of this visit tells its place.
    here = e.StepTaken(run=run.id, track=track, step=cursor.step, visit=cursor.visit)
    span = Span(start=Moment(at=cursor.entered_at, entry=0), end=end)
    late = None if target is None or span.state == "impossible" else max(until - target, 0)
    return StepTime(where=where(here, incident, world), span=span, target=target or 0, late_ms=late)
