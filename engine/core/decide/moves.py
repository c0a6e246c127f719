"""What follows from an outcome: tracks open, joins fire, procedures start, wait and end, clocks and activities move.

The rules of tracks are `engine.core.flow`'s; here they become entries. What a move may have set free (a join, a result
that is waited for, the end of a run) is only noted by it, and followed by `settle` once the move is whole: a run is
never judged in the middle of a move.
"""

from __future__ import annotations

from engine.core import events as e
from engine.core import flow
from engine.core.conditions import holds
from engine.core.decide import law, rosters
from engine.core.decide.draft import Draft, refuse
from engine.core.incident import Incident, Run
from engine.core.quantities import Instant
from engine.core.runbook import Definition, Outcome, Step
from engine.core.targets import facts_of

__all__ = ["close_run", "open_run", "pick", "positions", "settle", "start_waiting"]


def positions(run: Run) -> dict[str, str | None]:
    """The run as the flow sees it."""
    return {name: state.position for name, state in run.tracks.items()}


def pick(
    draft: Draft,
    run_id: int,
    track: str,
    name: str,
    how: str,
    reason: str = "",
    unticked: tuple[int, ...] = (),
    late_ms: int = 0,
) -> None:
    """Record that an outcome of the track's current step is picked, with all that it brings about."""
    run = draft.incident.runs[run_id]
    cursor = run.tracks[track].cursor
    assert cursor is not None, "only a track at a step has outcomes to pick"
    definition = draft.definition(run)
    outcome = definition.step(track, cursor.step).outcomes[name]
    to = flow.move(definition, track, cursor.step, name) or ""
    draft.emit(
        e.OutcomePicked(
            run=run_id,
            track=track,
            step=cursor.step,
            visit=cursor.visit,
            outcome=name,
            to=to,
            to_visit=run.tracks[track].visits.get(to, 0) + 1 if to else 0,
            asleep=bool(to) and definition.step(track, to).wake is not None,
            how=how,
            reason=reason,
            unticked=unticked,
            unanswered=_unanswered(draft, run_id, outcome) if outcome.urgent else (),
            late_ms=late_ms,
        )
    )
    if outcome.leaves:
        _cancel_requests(draft, run_id, track)
    if outcome.touches:
        _consequences(draft, run_id, outcome)
    if to and draft.incident.runs[run_id].open:
        _arrive(draft, run_id, track, to)
    if outcome.hand_over:
        _hand_over(draft, run_id, outcome.hand_over)
    _open_tracks(draft, run_id, f"{track}.{cursor.step}.{name}")  # none in a run that has just ended
    draft.unsettled[run_id] = None


def _unanswered(draft: Draft, run_id: int, outcome: Outcome) -> tuple[str, ...]:
    facts = facts_of(draft.incident, draft.incident.runs[run_id])
    return tuple(name for name in outcome.when if name not in facts)


def move(draft: Draft, run_id: int, track: str, to: str, how: str, reason: str) -> None:
    """Move a track outside the procedure: skip, goto."""
    run = draft.incident.runs[run_id]
    state = run.tracks.get(track)
    definition = draft.definition(run)
    cursor = state.cursor if state else None
    if not run.open:
        draft.emit(e.RunReopened(run=run_id))
    draft.emit(
        e.TrackMoved(
            run=run_id,
            track=track,
            step=cursor.step if cursor else "",
            visit=cursor.visit if cursor else 0,
            to=to,
            to_visit=(state.visits.get(to, 0) if state else 0) + 1,
            asleep=definition.step(track, to).wake is not None,
            how=how,
            reason=reason,
        )
    )
    _cancel_requests(draft, run_id, track)
    _arrive(draft, run_id, track, to)
    draft.unsettled[run_id] = None


def open_run(draft: Draft, runbook: str, *, why: str, parent: int = 0, t0: Instant = 0) -> int:
    """Start a procedure, pinned to the library's version of now; its tracks and clocks. Returns the run's number.

    `t0`: first knowledge; its opening when not given. A procedure handed over keeps the T0 of the one before.
    """
    digest = draft.world.shelf.current(runbook)
    if digest is None:
        raise refuse("unknown_runbook", runbook=runbook)
    definition = draft.world.shelf.definition(digest)
    number = len(draft.incident.runs) + 1
    draft.emit(
        e.RunOpened(
            run=number,
            runbook=runbook,
            version=definition.runbook.version,
            digest=digest,
            t0=t0 or draft.now,
            parent=parent,
            why=why,
            readiness=definition.runbook.is_readiness,
        )
    )
    if why != "declared":
        _raise_severity(draft, definition)
        law.duties_when_it_turns_real(draft, number)
    law.start_clocks(draft, number)
    for track in flow.first_tracks(definition):
        _open_track(draft, number, definition, track)
    draft.unsettled[number] = None
    return number


def _raise_severity(draft: Draft, definition: Definition) -> None:
    """Make the incident as grave as a procedure opened later; a lighter one never makes it lighter."""
    level = definition.runbook.severity or ""
    if level > draft.incident.severity:
        draft.emit(e.SeverityChanged(level=level))


def start_waiting(draft: Draft, run_id: int, track: str, child: int) -> None:
    """Make the track's step wait for a run: the one given, or (0) a new one."""
    run = draft.incident.runs[run_id]
    cursor = run.tracks[track].cursor
    assert cursor is not None, "only a track at a step can wait"
    runbook = draft.definition(run).step(track, cursor.step).wait_for or ""
    child = child or open_run(draft, runbook, why="waited", parent=run_id)
    draft.emit(e.WaitStarted(run=run_id, track=track, step=cursor.step, visit=cursor.visit, child=child))


def close_run(
    draft: Draft, run_id: int, end: str, result: str = "", reason: str = "", handed_to: int = 0
) -> None:
    """End a run: its requests fall, its duties begin; whoever waits for it, or joins its children, is looked at."""
    run = draft.incident.runs[run_id]
    for track in run.tracks:
        _cancel_requests(draft, run_id, track)
    draft.emit(e.RunEnded(run=run_id, end=end, result=result, reason=reason, handed_to=handed_to))
    law.duties_at_end(draft)
    for other in draft.incident.open_runs:
        if other.id == run.parent or any(
            state.cursor and state.cursor.waits_for == run_id for state in other.tracks.values()
        ):
            draft.unsettled[other.id] = None


def settle(draft: Draft) -> None:
    """Go on until nothing follows: results heard, joins fulfilled, then the ends of runs.

    No automatic move is made twice in one order: a procedure that goes round by itself (the linter names it) stops
    there, and people go on.
    """
    while draft.unsettled:
        run_id = next(iter(draft.unsettled))
        del draft.unsettled[run_id]
        if draft.incident.runs[run_id].open:
            _follow(draft, draft.incident.runs[run_id])


def _follow(draft: Draft, run: Run) -> None:
    """The next automatic move of this run, if there is one; making it has the run looked at again."""
    definition = draft.definition(run)
    at_work = any(state.cursor is not None for state in run.tracks.values())
    if at_work and not (flow.has_joins(definition) or _waits(run)):
        return
    where = positions(run)
    for how, found in (
        ("result", _result(draft, run, definition)),
        ("joined", flow.next_join(definition, where, _open_children(draft.incident, run.id))),
    ):
        if found is not None and draft.first_time(run.id, *found):
            pick(draft, run.id, *found, how=how)
            return
    if not at_work and flow.over(definition, where, run.picked):
        end = flow.end_kind(state.end for state in run.tracks.values() if state.end)  # type: ignore[misc]
        close_run(draft, run.id, end, flow.run_result(definition, where) or "")


def _waits(run: Run) -> bool:
    return any(state.cursor and state.cursor.waits_for for state in run.tracks.values())


def _result(draft: Draft, run: Run, definition: Definition) -> tuple[str, str] | None:
    """The (track, outcome) that the end of an awaited run picks: the one of its result, else `abandoned`."""
    for track, state in run.tracks.items():
        if state.cursor and state.cursor.waits_for:
            child = draft.incident.runs[state.cursor.waits_for]
            heard = definition.results(definition.step(track, state.cursor.step))
            for name in (child.result, "abandoned"):
                if not child.open and name in heard:
                    return track, name
    return None


def _open_children(incident: Incident, run_id: int) -> frozenset[str]:
    return frozenset(run.runbook for run in incident.runs.values() if run.parent == run_id and run.open)


def _arrive(draft: Draft, run_id: int, track: str, to: str) -> None:
    """The track stands at `to`: an end closes it (a false alarm, the whole run), a wait starts its procedure."""
    definition = draft.definition(draft.incident.runs[run_id])
    step = definition.step(track, to)
    if step.end is not None:
        draft.emit(e.TrackEnded(run=run_id, track=track, step=to, end=step.end, result=step.result or ""))
        if step.end == "false_alarm":
            close_run(draft, run_id, "false_alarm", step.result or "")
            law.ask_what_a_false_alarm_leaves(draft, run_id)
    elif step.wait_for is not None:
        _wait_if_alone(draft, run_id, track, step)
    elif step.roll is not None:
        rosters.begin_again(draft, run_id, step)


def _wait_if_alone(draft: Draft, run_id: int, track: str, step: Step) -> None:
    """Start the awaited procedure, unless one of that name already runs: then people say whether it is the same."""
    runbook = step.wait_for or ""
    if draft.world.shelf.current(runbook) and not any(
        run.runbook == runbook for run in draft.incident.open_runs
    ):
        start_waiting(draft, run_id, track, 0)


def _open_track(draft: Draft, run_id: int, definition: Definition, track: str) -> None:
    if not draft.incident.runs[run_id].open:
        return  # a track opened just before was a false alarm
    first = definition.runbook.tracks[track].first
    state = draft.incident.runs[run_id].tracks.get(track)
    visit = state.visits.get(first, 0) + 1 if state else 1
    asleep = definition.step(track, first).wake is not None
    draft.emit(e.TrackOpened(run=run_id, track=track, step=first, visit=visit, asleep=asleep))
    _arrive(draft, run_id, track, first)


def _open_tracks(draft: Draft, run_id: int, just_picked: str) -> None:
    run = draft.incident.runs[run_id]
    definition = draft.definition(run)
    if not run.open or not flow.may_open(definition, just_picked):
        return
    for track in flow.opening(definition, positions(run), run.picked, just_picked):
        _open_track(draft, run_id, definition, track)


def _consequences(draft: Draft, run_id: int, outcome: Outcome) -> None:
    """Clocks, activities and procedures that the outcome names."""
    law.start_and_stop(draft, run_id, outcome.clock_start, outcome.clock_stop)
    for status, activities in (
        ("interrupted", outcome.interrupts),
        ("degraded", outcome.degrades),
        ("restored", outcome.resumes),
    ):
        for activity in activities:
            known = draft.incident.activities.get(activity)
            if (known.status if known else "restored") != status:  # what nobody stopped isn't restored
                draft.emit(e.ActivityChanged(activity=activity, status=status, run=run_id))
    facts = facts_of(draft.incident, draft.incident.runs[run_id]) if outcome.open else {}
    for opening in outcome.open:
        if holds(opening.when, facts)[0] is not False and _may_start(draft, opening.runbook):
            open_run(draft, opening.runbook, why="outcome", parent=run_id)


def _may_start(draft: Draft, runbook: str) -> bool:
    """Is it on the shelf, and not going on already, unless each case has a run of its own (`several`)?"""
    digest = draft.world.shelf.current(runbook)
    if digest is None:
        return False
    several = draft.world.shelf.definition(digest).runbook.several
    return several or all(run.runbook != runbook for run in draft.incident.open_runs)


def _hand_over(draft: Draft, run_id: int, runbook: str) -> None:
    """This run ends as transferred: the other procedure goes on, the one already running if there is one."""
    same = next(
        (run.id for run in draft.incident.open_runs if run.runbook == runbook and run.id != run_id), 0
    )
    run = draft.incident.runs[run_id]
    # What a review finds is known when it is found, not since the review began.
    t0 = 0 if run.readiness else run.t0
    child = same or open_run(draft, runbook, why="handed_over", parent=run.parent, t0=t0)
    close_run(draft, run_id, "transferred", handed_to=child)


def _cancel_requests(draft: Draft, run_id: int, track: str) -> None:
    for approval in tuple(draft.incident.approvals.values()):
        if approval.status == "asked" and approval.run == run_id and approval.track == track:
            draft.emit(e.ApprovalCancelled(approval=approval.id))
