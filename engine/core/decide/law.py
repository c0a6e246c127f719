"""The law's clocks and the duties: when they start, stop, are suspended; what an end still owes.

A legal clock runs from the run's T0 (first knowledge, the prudent default) unless a fact excludes it; the end of a run
stops none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.core import events as e
from engine.core.conditions import holds
from engine.core.decide.draft import Draft, refuse
from engine.core.incident import Run
from engine.core.quantities import Instant
from engine.core.specs import ClockSpec, ClockUse
from engine.core.targets import facts_of

__all__ = [
    "ask_what_a_false_alarm_leaves", "clock_due", "correct_clock", "correct_t0", "duties", "duties_at_closing",
    "duties_at_end",
    "review_clocks", "start_and_stop", "start_clock", "start_clocks", "stop_clock",
]  # fmt: skip


def clock_due(draft: Draft, spec: ClockSpec | None, start: Instant) -> Instant:
    """When a clock started then is due; 0 when at once, or of no fixed length."""
    return draft.world.calendar.add(start, spec.delay) if spec and spec.delay else 0


def start_clocks(draft: Draft, run_id: int) -> None:
    """At the opening of a run: its legal clocks, except those that a known fact excludes."""
    run = draft.incident.runs[run_id]
    definition = draft.definition(run)
    facts = facts_of(draft.incident, run)
    for use in definition.runbook.clocks:
        excluded = _excluded(use, facts)
        if use.use not in draft.incident.clocks and not excluded:
            due = clock_due(draft, definition.clocks.get(use.use), run.t0)
            draft.emit(e.ClockStarted(clock=use.use, start=run.t0, due=due, run=run_id))


def _excluded(use: ClockUse, facts: Mapping[str, str]) -> bool:
    """A clock runs in doubt, unless a fact excludes it; one with `when` waits until its facts are known to hold."""
    if use.unless and holds(use.unless, facts)[0]:
        return True
    return bool(use.when) and holds(use.when, facts)[0] is not True


def start_and_stop(draft: Draft, run_id: int, start: Iterable[str], stop: Iterable[str]) -> None:
    """The clocks that an outcome or a ticked box names, at the time it happened."""
    run = draft.incident.runs[run_id]
    for name in start:
        known = draft.incident.clocks.get(name)
        if known is None or known.status == "stopped":
            spec = _spec(draft, run, name)
            draft.emit(
                e.ClockStarted(
                    clock=name,
                    start=draft.occurred_at,
                    due=clock_due(draft, spec, draft.occurred_at),
                    run=run_id,
                )
            )
        elif known.status == "suspended":
            draft.emit(e.ClockResumed(clock=name))
    for name in stop:
        known = draft.incident.clocks.get(name)
        if known is not None and known.status != "stopped":
            draft.emit(e.ClockStopped(clock=name))


def review_clocks(draft: Draft, fact: str) -> None:
    """A fact has changed: clocks that it now excludes are suspended, those it no longer excludes run."""
    for run in tuple(draft.incident.open_runs):
        definition = draft.definition(run)
        facts = facts_of(draft.incident, run)
        for use in definition.runbook.clocks:
            if fact not in use.unless and fact not in use.when:
                continue
            excluded = _excluded(use, facts)
            clock = draft.incident.clocks.get(use.use)
            if clock is None and not excluded:
                due = clock_due(draft, definition.clocks.get(use.use), run.t0)
                draft.emit(e.ClockStarted(clock=use.use, start=run.t0, due=due, run=run.id))
            elif clock and excluded and clock.status == "running":
                draft.emit(e.ClockSuspended(clock=use.use, reason=f"{fact} = {facts.get(fact, '')}"))
            elif clock and not excluded and clock.status == "suspended":
                draft.emit(e.ClockResumed(clock=use.use))


def correct_t0(draft: Draft, run_id: int, t0: Instant, reason: str) -> None:
    """Move a run's T0, and with it the clocks that counted from it; what was sent stays."""
    before = draft.run(run_id).t0
    draft.emit(e.T0Corrected(run=run_id, t0=t0, reason=reason))
    run = draft.incident.runs[run_id]
    for clock in tuple(draft.incident.clocks.values()):
        if clock.run == run_id and clock.start == before and clock.status != "stopped":
            due = clock_due(draft, _spec(draft, run, clock.id), t0)
            draft.emit(e.ClockCorrected(clock=clock.id, start=t0, due=due, reason=reason))


def start_clock(draft: Draft, name: str, start: Instant, reason: str) -> None:
    """Start a clock by hand: from when it was said to have begun, else from first knowledge."""
    draft.need_role(name)
    known = draft.incident.clocks.get(name)
    if name not in draft.world.clocks and known is None:
        raise refuse("unknown_clock", clock=name, choices=tuple(draft.world.clocks))
    if known is not None and known.status == "running":
        raise refuse("clock_running", clock=name, at=known.start)
    begin = start or draft.incident.known_at
    _not_in_the_future(draft, begin)
    if known is not None and known.status == "suspended" and not start:
        draft.emit(e.ClockResumed(clock=name))
        return
    draft.emit(
        e.ClockStarted(
            clock=name, start=begin, due=clock_due(draft, draft.world.clocks.get(name), begin), reason=reason
        )
    )


def stop_clock(draft: Draft, name: str, reason: str) -> None:
    """Stop a clock by hand: its duty is done, or falls."""
    draft.need_role(name)
    known = draft.incident.clocks.get(name)
    if known is None:
        raise refuse("unknown_clock", clock=name, choices=tuple(draft.incident.clocks))
    if known.status == "stopped":
        raise refuse("clock_stopped", clock=name, at=known.stopped_at)
    draft.emit(e.ClockStopped(clock=name, reason=reason))


def correct_clock(draft: Draft, name: str, start: Instant, reason: str) -> None:
    """Say that a clock began at another time; its warnings start again."""
    draft.need_role(name)
    known = draft.incident.clocks.get(name)
    if known is None:
        raise refuse("unknown_clock", clock=name, choices=tuple(draft.incident.clocks))
    _not_in_the_future(draft, start)
    spec = _spec(draft, draft.incident.runs.get(known.run), name)
    draft.emit(e.ClockCorrected(clock=name, start=start, due=clock_due(draft, spec, start), reason=reason))


def duties(draft: Draft, when: str) -> None:
    """The common duties of this moment, each once in an incident."""
    owed = {task.duty for task in draft.incident.tasks.values()}
    for name, duty in draft.world.duties.items():
        if duty.when == when and name not in owed:
            since = draft.incident.known_at if duty.target.base == "T0" else draft.now
            due = draft.world.calendar.add(since, duty.target.delay)
            number = len(draft.incident.tasks) + 1
            draft.emit(e.TaskAdded(task=number, text=duty.title, role=duty.role[0], due=due, duty=name))


def duties_at_end(draft: Draft) -> None:
    """What the end of the last open procedure owes; `end: retex`, of any of them, creates the RETEX duties.

    A child that ends in the middle of the crisis owes nothing yet: the RETEX is held once, on the whole.
    """
    if any(draft.incident.open_runs):
        return
    ends = {run.end for run in draft.incident.runs.values()}
    if ends & {"closed", "retex"}:
        duties(draft, "ending")
    if "retex" in ends:
        duties(draft, "retex")


def duties_at_closing(draft: Draft) -> None:
    """Closing over open procedures: what their ends would have owed is owed all the same."""
    duties(draft, "ending")
    ends = (
        step.end
        for run in draft.incident.open_runs
        for track in draft.definition(run).runbook.tracks.values()
        for step in track.steps.values()
    )
    if "retex" in ends or any(run.end == "retex" for run in draft.incident.runs.values()):
        duties(draft, "retex")


def ask_what_a_false_alarm_leaves(draft: Draft, run_id: int) -> None:
    """Each child run and each running clock of a false alarm becomes a question, in a task; nothing is stopped."""
    asked = {task.duty for task in draft.incident.tasks.values() if task.done is None}
    children = [run for run in draft.incident.open_runs if run.parent == run_id]
    clocks = [
        clock for clock in draft.incident.clocks.values() if clock.run == run_id and clock.status == "running"
    ]
    for duty in [f"check-run-{run.id}" for run in children] + [f"check-clock-{clock.id}" for clock in clocks]:
        if duty in asked:
            continue
        draft.emit(e.TaskAdded(task=len(draft.incident.tasks) + 1, role="directeur_crise", duty=duty))


def _spec(draft: Draft, run: Run | None, name: str) -> ClockSpec | None:
    pinned = draft.definition(run).clocks.get(name) if run else None
    return pinned or draft.world.clocks.get(name)


def _not_in_the_future(draft: Draft, instant: Instant) -> None:
    if instant > draft.now:
        raise refuse("in_the_future", at=instant)
