"""The law's clocks and the duties: when they start, stop, are suspended; what an end still owes.

A legal clock runs from the run's T0 (first knowledge, the prudent default) unless a fact excludes it; the end of a run
stops none of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.core import events as e
from engine.core.conditions import holds
from engine.core.decide.draft import Draft, refuse
from engine.core.incident import Incident, Run
from engine.core.quantities import Instant
from engine.core.specs import ClockSpec, ClockUse
from engine.core.targets import facts_of

__all__ = [
    "ask_what_a_false_alarm_leaves", "clock_due", "correct_clock", "correct_t0", "duties", "duties_at_closing",
    "duties_at_end", "duties_when_it_turns_real", "review_clocks", "start_and_stop", "start_clock", "start_clocks",
    "stop_clock",
]  # fmt: skip

FIRST = 1
"""The number of the procedure that an incident begins with."""


def clock_due(draft: Draft, spec: ClockSpec | None, start: Instant) -> Instant:
    """When a clock started then is due; 0 when at once, or of no fixed length."""
    return draft.world.calendar.add(start, spec.delay) if spec and spec.delay else 0


def start_clocks(draft: Draft, run_id: int) -> None:
    """At the opening of a run: its legal clocks, except those that a known fact excludes."""
    for use in draft.definition(draft.incident.runs[run_id]).runbook.clocks:
        _review(draft, use.use)


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
    named = {
        use.use: None
        for run in draft.incident.runs.values()
        for use in draft.definition(run).runbook.clocks
        if fact in use.unless or fact in use.when
    }
    for name in named:
        _review(draft, name, fact)


def _review(draft: Draft, name: str, fact: str = "") -> None:
    """Start, suspend or resume a clock as the facts have it; one run that doesn't exclude it is enough for it to run.

    The end of a run stops no clock: a run that has ended still has its say, but starts nothing any more.
    """
    wanted = [run for run in draft.incident.runs.values() if _wants(draft, run, name)]
    known = draft.incident.clocks.get(name)
    if known is None:
        run = next((run for run in wanted if run.open), None)
        if run is not None:
            start = first_knowledge(draft.incident)
            due = clock_due(draft, _spec(draft, run, name), start)
            draft.emit(e.ClockStarted(clock=name, start=start, due=due, run=run.id))
    elif known.status == "running" and not wanted and fact:
        draft.emit(e.ClockSuspended(clock=name, reason=f"{fact} = {_told(draft, fact)}"))
    elif known.status == "suspended" and wanted:
        draft.emit(e.ClockResumed(clock=name))


def first_knowledge(incident: Incident) -> Instant:
    """From when the law counts, to be prudent: first knowledge as declared, or as corrected since.

    A procedure opened later has a T0 of its own for its targets; what the town had to do it knew from the start. The
    T0 that corrects it is that of the first procedure, or of the one that took it over. Readiness procedures know
    nothing yet: what a review finds after weeks is known from the procedure that it then called for.
    """
    run = next((run for run in incident.runs.values() if not run.readiness), None)
    known_at = incident.known_at if run is None or run.id == FIRST else run.t0
    while run is not None:
        if run.t0_corrected:
            known_at = run.t0
        run = incident.runs.get(run.handed_to) if run.handed_to > run.id else None
    return known_at


def _wants(draft: Draft, run: Run, name: str) -> bool:
    facts = facts_of(draft.incident, run)
    return any(use.use == name and not _excluded(use, facts) for use in draft.definition(run).runbook.clocks)


def _told(draft: Draft, fact: str) -> str:
    """The answer that suspends a clock, as the reason says it; a sensitive one is not repeated."""
    for run in draft.incident.runs.values():
        spec = draft.definition(run).facts.get(fact)
        if spec is not None and fact in (facts := facts_of(draft.incident, run)):
            return "…" if spec.sensitive else facts[fact]
    return "?"


def correct_t0(draft: Draft, run_id: int, t0: Instant, reason: str) -> None:
    """Move a run's T0, and with it the clocks that counted from it; what was sent stays.

    A clock already stopped moves too: whether its duty was done in time is judged on the true T0. One that counts from
    first knowledge moves when that does, whichever procedure started it.
    """
    before, known_at = draft.run(run_id).t0, first_knowledge(draft.incident)
    draft.emit(e.T0Corrected(run=run_id, t0=t0, reason=reason))
    known_now = first_knowledge(draft.incident)
    for clock in tuple(draft.incident.clocks.values()):
        if clock.start == known_at != known_now:
            start = known_now
        elif clock.start == before and clock.run == run_id:
            start = t0
        else:
            continue
        due = clock_due(draft, _spec(draft, draft.incident.runs.get(clock.run), clock.id), start)
        draft.emit(e.ClockCorrected(clock=clock.id, start=start, due=due, reason=reason))


def start_clock(draft: Draft, name: str, start: Instant, reason: str) -> None:
    """Start a clock by hand: from when it was said to have begun, else from first knowledge."""
    draft.need_role(name)
    known = draft.incident.clocks.get(name)
    if name not in draft.world.clocks and known is None:
        raise refuse("unknown_clock", clock=name, choices=tuple(draft.world.clocks))
    if known is not None and known.status == "running":
        raise refuse("clock_running", clock=name, at=known.start)
    begin = start or first_knowledge(draft.incident)
    draft.need_past(begin)
    if known is not None and known.status == "suspended" and not start:
        draft.emit(e.ClockResumed(clock=name))
        return
    run = draft.incident.runs.get(known.run) if known is not None else None
    due = clock_due(draft, _spec(draft, run, name), begin)
    draft.emit(e.ClockStarted(clock=name, start=begin, due=due, run=run.id if run else 0, reason=reason))


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
    draft.need_past(start)
    spec = _spec(draft, draft.incident.runs.get(known.run), name)
    draft.emit(e.ClockCorrected(clock=name, start=start, due=clock_due(draft, spec, start), reason=reason))


def duties(draft: Draft, when: str) -> None:
    """The common duties of this moment, each once in an incident."""
    first = first_knowledge(draft.incident)
    owed = {task.duty for task in draft.incident.tasks.values()}
    for name, duty in draft.world.duties.items():
        if duty.when == when and name not in owed:
            since = first if duty.target.base == "T0" else draft.now
            due = draft.world.calendar.add(since, duty.target.delay)
            number = len(draft.incident.tasks) + 1
            draft.emit(e.TaskAdded(task=number, text=duty.title, role=duty.role[0], due=due, duty=name))


def duties_when_it_turns_real(draft: Draft, number: int) -> None:
    """What began as a review has become an incident: its opening owes what any other does."""
    earlier = [run for run in draft.incident.runs.values() if run.id != number]
    if earlier and all(run.readiness for run in earlier) and not draft.incident.readiness:
        duties(draft, "opening")


def duties_at_end(draft: Draft) -> None:
    """What the end of the last open procedure owes; `end: retex`, of any of them, creates the RETEX duties.

    A child that ends in the middle of the crisis owes nothing yet: the RETEX is held once, on the whole. A review owes
    nothing but its proof, and is closed by its end: nobody directs it.
    """
    if any(draft.incident.open_runs):
        return
    if draft.incident.readiness:
        pending = tuple(one.id for one in draft.incident.approvals.values() if one.status == "owed")
        draft.emit(e.IncidentClosed(pending=pending))
        return
    ends = {run.end for run in draft.incident.runs.values()}
    if ends & {"closed", "retex"}:
        duties(draft, "ending")
    if "retex" in ends:
        duties(draft, "retex")


def duties_at_closing(draft: Draft) -> None:
    """Closing over open procedures: what their ends would have owed is owed all the same."""
    if draft.incident.readiness:
        return
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
