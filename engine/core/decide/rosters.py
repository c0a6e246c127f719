"""What a step's roster counts: facts of the run, true of this visit alone."""

from __future__ import annotations

from collections.abc import Collection

from engine.core import events as e
from engine.core.decide.draft import Draft
from engine.core.incident import Run
from engine.core.runbook import Step
from engine.core.targets import facts_of

__all__ = ["begin_again", "count", "recount", "size"]


def size(draft: Draft, run: Run, step: Step) -> int:
    """How many items the roster has; 0 while that isn't known."""
    counted = facts_of(draft.incident, run).get(step.roll.size, "") if step.roll else ""
    return int(counted) if counted.isdecimal() else 0


def count(draft: Draft, run_id: int, step: Step, marks: Collection[str]) -> None:
    """Record how many items are in each counted state; those without a mark are in the first."""
    if step.roll is None:
        return
    total, first = size(draft, draft.incident.runs[run_id], step), next(iter(step.roll.states))
    for fact, status in step.roll.counts.items():
        found = list(marks).count(status) + (max(total - len(marks), 0) if status == first else 0)
        if draft.incident.runs[run_id].facts.get(fact) != str(found):
            draft.emit(e.FactSet(run=run_id, name=fact, value=str(found)))


def recount(draft: Draft, fact: str) -> None:
    """The size of a list was corrected while people work on it: who was added has not been seen."""
    for run in tuple(draft.incident.open_runs):
        for track, state in run.tracks.items():
            step = draft.definition(run).step(track, state.cursor.step) if state.cursor else None
            if step and state.cursor and step.roll and step.roll.size == fact and state.cursor.roll:
                count(draft, run.id, step, list(state.cursor.roll.values()))


def begin_again(draft: Draft, run_id: int, step: Step) -> None:
    """On a new visit nobody has been called yet: what was counted on the last one no longer holds."""
    if step.roll and any(fact in draft.incident.runs[run_id].facts for fact in step.roll.counts):
        count(draft, run_id, step, ())
