"""By when a step should be done: a target turned into an instant."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine.core.conditions import holds
from engine.core.incident import Cursor, Incident, Run
from engine.core.quantities import Instant, Target
from engine.core.runbook import Definition, Step
from engine.core.world import Calendar

__all__ = ["due", "facts_of", "instant_of", "moment", "target_of"]


def facts_of(incident: Incident, run: Run) -> Mapping[str, str]:
    """Every fact a run may read: its own, and the incident's. A run's own name wins."""
    if not run.facts:
        return incident.facts
    return {**incident.facts, **run.facts} if incident.facts else run.facts


def due(
    definition: Definition, incident: Incident, run: Run, track: str, cursor: Cursor, calendar: Calendar
) -> Instant | None:
    """When this visit of the step should be done; None without a target, or while its fact is unknown."""
    target = target_of(definition.step(track, cursor.step), incident, run)
    return None if target is None else moment(target, definition, incident, run, cursor, calendar)


def target_of(step: Step, incident: Incident, run: Run) -> Target | None:
    """The target that applies now: of a conditional list, the first whose facts hold."""
    if step.target is None or isinstance(step.target, Target):
        return step.target
    facts = facts_of(incident, run)
    return next((case.target for case in step.target if holds(case.when, facts)[0]), None)


def moment(
    target: Target, definition: Definition, incident: Incident, run: Run, cursor: Cursor, calendar: Calendar
) -> Instant | None:
    """The instant a target names. A T0 target holds for the first visit; later ones count from their entry."""
    match target.base:
        case "entry":
            return calendar.add(cursor.entered_at, target.delay)
        case "T0":
            return calendar.add(run.t0 if cursor.visit == 1 else cursor.entered_at, target.delay)
        case "rto":
            at = _rto(definition, incident, run, calendar)
            return None if at is None else calendar.add(at, target.delay)
        case fact:
            written = facts_of(incident, run).get(fact)
            at = instant_of(written, calendar) if written else None
            return None if at is None else calendar.add(at, target.delay)


def instant_of(written: str, calendar: Calendar) -> Instant | None:
    """The instant of a date (its midnight, in the town) or of a date and time; None when it is neither."""
    try:
        local = datetime.fromisoformat(written)
    except ValueError:
        return None  # no date; or an answer that was erased
    if len(written) == len("2026-11-24"):
        local = datetime.combine(date.fromisoformat(written), datetime.min.time())
    zoned = local if local.tzinfo else local.replace(tzinfo=calendar.zone)
    return round(zoned.timestamp() * 1000)


def _rto(definition: Definition, incident: Incident, run: Run, calendar: Calendar) -> Instant | None:
    """When the first of the protected activities must be back: from its own interruption, else from the run's T0.

    Those still down come before those already back, and before those that were never touched.
    """
    protected = [
        (name, definition.rto[name]) for name in definition.runbook.activities if name in definition.rto
    ]
    touched = [
        (activity.status != "restored", calendar.add(activity.interrupted_at, rto))
        for name, rto in protected
        if (activity := incident.activities.get(name)) is not None and activity.interrupted_at
    ]
    still_down = [at for down, at in touched if down]
    return min(
        still_down or [at for _, at in touched] or [calendar.add(run.t0, rto) for _, rto in protected],
        default=None,
    )
