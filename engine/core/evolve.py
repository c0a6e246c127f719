"""`evolve(incident, entry) -> incident`: the only place where the state changes.

It never judges and never asks the flow: an event carries its consequences. Erased leaves read as empty, and are
accepted. The last case of the match is `assert_never`: the type checker finds the forgotten event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar, assert_never, cast

from msgspec.structs import replace

from engine.core import events as e
from engine.core.incident import (
    Activity,
    Approval,
    Clock,
    Cursor,
    Incident,
    Left,
    Mark,
    Run,
    Signed,
    Task,
    TrackState,
)

__all__ = ["evolve", "fold"]

K = TypeVar("K")
V = TypeVar("V")


def fold(incident: Incident, entries: list[e.Entry]) -> Incident:
    """The incident after these entries, in their order."""
    for entry in entries:
        incident = evolve(incident, entry)
    return incident


def evolve(incident: Incident, entry: e.Entry) -> Incident:
    """The incident after this entry."""
    return replace(_apply(incident, entry, cast(e.AnyEvent, entry.event)), seq=entry.seq, now=entry.at)


def _apply(i: Incident, entry: e.Entry, event: e.AnyEvent) -> Incident:
    match event:
        case e.OutcomePicked() | e.TrackMoved():
            return _moved(i, entry, event)
        case e.ItemTicked(item=item, done=done):
            return _at_cursor(
                i,
                event,
                lambda c: replace(
                    c, ticks=_set(c.ticks, item, _mark(entry)) if done else _drop(c.ticks, item)
                ),
            )
        case e.StepTaken():
            return _at_cursor(i, event, lambda c: replace(c, taken=_mark(entry)))
        case e.StepWoken():
            return _at_cursor(i, event, lambda c: replace(c, awake=True))
        case e.StepBlocked(text=text):
            return _at_cursor(i, event, lambda c: replace(c, blocked=_set(c.blocked, entry.actor.id, text)))
        case e.RollMarked(item=item, status=status):
            return _at_cursor(i, event, lambda c: replace(c, roll=_set(c.roll, item, status)))
        case e.WaitStarted(child=child):
            return _at_cursor(i, event, lambda c: replace(c, waits_for=child))
        case e.Escalated(rung=rung):
            return _at_cursor(i, event, lambda c: replace(c, rung=max(rung, c.rung)))
        case e.FactSet():
            return _fact(i, event)
        case e.RunOpened() | e.RunEnded() | e.RunReopened() | e.T0Corrected():
            return _run(i, entry, event)
        case e.TrackOpened() | e.TrackEnded():
            return _track(i, entry, event)
        case (
            e.ApprovalAsked() | e.ApprovalGiven() | e.ApprovalForced() | e.ApprovalRefused() | e.ApprovalCancelled()
            | e.ApprovalSilent() | e.RatificationLate() | e.VoiceConfirmed() | e.VoiceUnconfirmed()
        ):  # fmt: skip
            return _approval(i, entry, event)
        case (
            e.ClockStarted()
            | e.ClockSuspended()
            | e.ClockResumed()
            | e.ClockStopped()
            | e.ClockCorrected()
            | e.ClockWarned()
            | e.ClockBreached()
        ):
            return replace(i, clocks=_set(i.clocks, event.clock, _clock(i, entry, event)))
        case e.TaskAdded() | e.TaskFinished() | e.TaskLate():
            return replace(i, tasks=_set(i.tasks, event.task, _task(i, entry, event)))
        case (
            e.RoleAssigned()
            | e.PresenceMarked()
            | e.PresenceSilent()
            | e.RollCalled()
            | e.HandedOver()
            | e.DirectorAnswered()
        ):
            return _cell(i, entry, event)
        case e.IncidentDeclared() | e.IncidentClosed() | e.IncidentReopened() | e.SeverityChanged():
            return _lifecycle(i, entry, event)
        case e.ActivityChanged():
            return replace(i, activities=_set(i.activities, event.activity, _activity(i, entry, event)))
        case e.SituationReported():
            return replace(i, reported_at=entry.at, report_reminded=False)
        case e.SituationDue():
            return replace(i, report_reminded=True)
        case e.DeviationRecorded():
            return replace(i, deviations=i.deviations + 1)
        case e.EvidenceAdded():
            return replace(i, evidence=i.evidence + 1)
        case e.NoteTaken() | e.DecisionMade() | e.EntryCorrected() | e.Said() | e.MessageSent() | e.Erased():
            return i
        case _ as never:
            assert_never(never)


def _mark(entry: e.Entry) -> Mark:
    return Mark(entry.actor.id, entry.occurred_at)


def _set(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    return {**mapping, key: value}


def _drop(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    return {k: v for k, v in mapping.items() if k != key}


def _in_run(i: Incident, run: Run) -> Incident:
    return replace(i, runs=_set(i.runs, run.id, run))


def _in_track(i: Incident, run: Run, track: str, state: TrackState) -> Incident:
    return _in_run(i, replace(run, tracks=_set(run.tracks, track, state)))


def _at_cursor(i: Incident, event: e.AtStep, change: Callable[[Cursor], Cursor]) -> Incident:
    run = i.runs[event.run]
    state = run.tracks[event.track]
    if state.cursor is None:
        return i
    return _in_track(i, run, event.track, replace(state, cursor=change(state.cursor)))


def _moved(i: Incident, entry: e.Entry, event: e.OutcomePicked | e.TrackMoved) -> Incident:
    run = i.runs[event.run]
    state = run.tracks[event.track]
    outcome = event.outcome if isinstance(event, e.OutcomePicked) else ""
    if event.to:
        left = (
            _set(state.left, event.step, Left(event.visit, outcome, entry.actor.id, entry.occurred_at))
            if event.step
            else state.left
        )
        cursor = Cursor(step=event.to, visit=event.to_visit, entered_at=entry.at, awake=not event.asleep)
        visits = _set(state.visits, event.to, event.to_visit)
        state = TrackState(status="at", cursor=cursor, visits=visits, left=left)
        run = replace(run, tracks=_set(run.tracks, event.track, state))
    if outcome:
        reference = f"{event.track}.{event.step}.{outcome}"
        if reference not in run.picked:
            run = replace(run, picked=run.picked | {reference})
    return _in_run(i, run)


def _fact(i: Incident, event: e.FactSet) -> Incident:
    holder: Incident | Run = i.runs[event.run] if event.run else i
    if event.unknown:
        changed = replace(
            holder, facts=_drop(holder.facts, event.name), unknown=holder.unknown | {event.name}
        )
    else:
        changed = replace(
            holder, facts=_set(holder.facts, event.name, event.value), unknown=holder.unknown - {event.name}
        )
    return _in_run(i, changed) if isinstance(changed, Run) else changed


def _run(
    i: Incident, entry: e.Entry, event: e.RunOpened | e.RunEnded | e.RunReopened | e.T0Corrected
) -> Incident:
    match event:
        case e.RunOpened():
            return _in_run(
                i,
                Run(
                    id=event.run,
                    runbook=event.runbook,
                    version=event.version,
                    digest=event.digest,
                    opened_at=entry.at,
                    t0=event.t0,
                    parent=event.parent,
                ),
            )
        case e.RunEnded():
            run = i.runs[event.run]
            return _in_run(
                i,
                replace(
                    run, ended_at=entry.at, end=event.end, result=event.result, handed_to=event.handed_to
                ),
            )
        case e.RunReopened():
            return _in_run(i, replace(i.runs[event.run], ended_at=0, end="", result="", handed_to=0))
        case e.T0Corrected():
            return _in_run(i, replace(i.runs[event.run], t0=event.t0, t0_corrected=True))


def _track(i: Incident, entry: e.Entry, event: e.TrackOpened | e.TrackEnded) -> Incident:
    run = i.runs[event.run]
    state = run.tracks.get(event.track) or TrackState()
    match event:
        case e.TrackOpened():
            cursor = Cursor(step=event.step, visit=event.visit, entered_at=entry.at, awake=not event.asleep)
            state = replace(
                state,
                status="at",
                cursor=cursor,
                visits=_set(state.visits, event.step, event.visit),
                end="",
                end_step="",
                ended_at=0,
            )
        case e.TrackEnded():
            state = replace(
                state, status="ended", cursor=None, end=event.end, end_step=event.step, ended_at=entry.at
            )
    return _in_track(i, run, event.track, state)


def _approval(i: Incident, entry: e.Entry, event: e.ApprovalEvent) -> Incident:
    if isinstance(event, e.ApprovalAsked):
        made = Approval(
            id=event.approval,
            run=event.run,
            track=event.track,
            step=event.step,
            visit=event.visit,
            outcome=event.outcome,
            groups=event.groups,
            requested=_mark(entry),
            after=event.after,
            due=event.due,
            status="owed" if event.after else "asked",
            reason=event.reason,
            unticked=event.unticked,
        )
        return replace(i, approvals=_set(i.approvals, made.id, made))
    approval = _approval_after(i.approvals[event.approval], entry, event)
    return replace(i, approvals=_set(i.approvals, approval.id, approval))


def _approval_after(approval: Approval, entry: e.Entry, event: e.ApprovalEvent) -> Approval:
    match event:
        case e.ApprovalGiven():
            signed = Signed(
                by=entry.actor.id,
                fits=event.fits,
                role=entry.actor.role,
                at=entry.occurred_at,
                voice=event.voice,
                entered_by=entry.entered_by.id if entry.entered_by else "",
                confirmed=not event.voice,
                confirm_by=event.confirm_by,
            )
            status = "complete" if event.complete else approval.status
            return replace(approval, signed=(*approval.signed, signed), status=status)
        case e.VoiceConfirmed():
            signed_ = tuple(
                replace(s, confirmed=True) if s.by == entry.actor.id else s for s in approval.signed
            )
            return replace(approval, signed=signed_)
        case e.VoiceUnconfirmed():
            return replace(
                approval,
                signed=tuple(
                    replace(s, confirm_by=0) if s.voice and not s.confirmed else s for s in approval.signed
                ),
            )
        case e.ApprovalForced():
            return replace(approval, status="forced")
        case e.ApprovalRefused():
            return replace(approval, status="refused")
        case e.ApprovalCancelled():
            return replace(approval, status="cancelled")
        case e.ApprovalSilent():
            return replace(approval, silent=True)
        case e.RatificationLate():
            return replace(approval, late=True)
        case e.ApprovalAsked():
            return approval


def _clock(i: Incident, entry: e.Entry, event: e.ClockEvent) -> Clock:
    if isinstance(event, e.ClockStarted):
        return Clock(id=event.clock, run=event.run, start=event.start, due=event.due, set_by=entry.actor.id)
    clock = i.clocks[event.clock]
    match event:
        case e.ClockSuspended():
            return replace(clock, status="suspended")
        case e.ClockResumed():
            return replace(clock, status="running")
        case e.ClockStopped():
            return replace(clock, status="stopped", stopped_at=entry.occurred_at)
        case e.ClockCorrected():
            return replace(
                clock, start=event.start, due=event.due, set_by=entry.actor.id, warned=0, breached=False
            )
        case e.ClockWarned():
            return replace(clock, warned=max(clock.warned, event.percent))
        case e.ClockBreached():
            return replace(clock, breached=True, warned=100)


def _task(i: Incident, entry: e.Entry, event: e.TaskAdded | e.TaskFinished | e.TaskLate) -> Task:
    if isinstance(event, e.TaskAdded):
        return Task(
            id=event.task,
            text=event.text,
            who=event.who,
            role=event.role,
            due=event.due,
            duty=event.duty,
            added=_mark(entry),
        )
    task = i.tasks[event.task]
    return (
        replace(task, done=_mark(entry))
        if isinstance(event, e.TaskFinished)
        else replace(task, rung=max(task.rung, event.rung))
    )


def _cell(i: Incident, entry: e.Entry, event: e.CellEvent) -> Incident:
    match event:
        case e.RoleAssigned(role=role, person=person):
            return replace(i, roles=_set(i.roles, role, person))
        case e.HandedOver(to=to, roles=roles):
            return replace(
                i, roles={**i.roles, **dict.fromkeys(roles, to)}, reported_at=entry.at, report_reminded=False
            )
        case e.PresenceMarked(person=person, status=status):
            return replace(i, presence=_set(i.presence, person, status), calls=_drop(i.calls, person))
        case e.RollCalled(people=people):
            return replace(i, calls={**i.calls, **dict.fromkeys(people, (entry.at, 0))})
        case e.PresenceSilent(person=person, rung=rung):
            since = i.calls.get(person, (entry.at, 0))[0]
            return replace(i, calls=_set(i.calls, person, (since, rung)))
        case e.DirectorAnswered():
            return replace(i, interim="")


def _lifecycle(i: Incident, entry: e.Entry, event: e.LifecycleEvent) -> Incident:
    match event:
        case e.IncidentDeclared():
            return replace(
                i,
                title=event.title,
                exercise=event.exercise,
                severity=event.severity,
                known_at=event.known_at,
                known_by=event.known_by,
                declared_at=entry.at,
                declared_by=entry.actor.id,
                interim=entry.actor.id if event.interim else "",
                status="open",
                reported_at=entry.at,
            )
        case e.IncidentClosed():
            return replace(i, status="closed", closed=_mark(entry))
        case e.IncidentReopened():
            return replace(i, status="open", closed=None, reported_at=entry.at)
        case e.SeverityChanged():
            return replace(i, severity=event.level)


def _activity(i: Incident, entry: e.Entry, event: e.ActivityChanged) -> Activity:
    before = i.activities.get(event.activity)
    when = entry.occurred_at
    interrupted = before.interrupted_at if before and before.status != "restored" else 0
    if event.status != "restored" and not interrupted:
        interrupted = when
    restored = when if event.status == "restored" else 0
    return Activity(status=event.status, since=when, interrupted_at=interrupted, restored_at=restored)
