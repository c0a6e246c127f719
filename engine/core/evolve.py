"""`evolve(incident, entry) -> incident`: the only place where the state changes.

It never judges and never asks the flow: an event carries its consequences. Erased leaves read as empty, and are
accepted. The last case of the match is `assert_never`: the type checker finds the forgotten event.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import assert_never, cast

from msgspec.structs import replace

from engine.core import events as e
from engine.core import folds, outages
from engine.core.folds import mark, with_item, without
from engine.core.house import House
from engine.core.house.fold import housed
from engine.core.incident import Cursor, Incident, Left, Run, TrackState

__all__ = ["evolve", "fold"]


def fold(incident: Incident, entries: Iterable[e.Entry]) -> Incident:
    """The incident after these entries, in their order: what `evolve` makes of each in turn, in one go."""
    last = None
    for last in entries:
        incident = _apply(incident, last, cast(e.AnyEvent, last.event))
    # No event reads where the stream stands: said once, a thousand incidents are read a tenth sooner.
    return incident if last is None else replace(incident, seq=last.seq, now=last.at)


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
                    c, ticks=with_item(c.ticks, item, mark(entry)) if done else without(c.ticks, item)
                ),
            )
        case e.StepTaken():
            return _at_cursor(i, event, lambda c: replace(c, taken=mark(entry)))
        case e.StepWoken():
            return _at_cursor(i, event, lambda c: replace(c, awake=True, entered_at=entry.at))
        case e.StepBlocked(text=text):
            return _at_cursor(
                i, event, lambda c: replace(c, blocked=with_item(c.blocked, entry.actor.id, text))
            )
        case e.RollMarked(item=item, status=status):
            return _at_cursor(i, event, lambda c: replace(c, roll=with_item(c.roll, item, status)))
        case e.WaitStarted(child=child):
            return _at_cursor(i, event, lambda c: replace(c, waits_for=child))
        case e.Escalated():
            return _at_cursor(i, event, partial(_escalated, entry, event))
        case e.FactSet():
            return _fact(i, event)
        case e.RunOpened() | e.RunEnded() | e.RunReopened() | e.T0Corrected():
            return _run(i, entry, event)
        case e.TrackOpened() | e.TrackEnded():
            return _track(i, entry, event)
        case (
            e.ApprovalAsked() | e.ApprovalGiven() | e.ApprovalForced() | e.ApprovalRefused() | e.ApprovalCancelled()
            | e.ApprovalSilent() | e.ApprovalStarted() | e.ApprovalDoubted() | e.RatificationLate() | e.VoiceConfirmed()
            | e.VoiceUnconfirmed()
        ):  # fmt: skip
            return folds.approval(i, entry, event)
        case (
            e.ClockStarted()
            | e.ClockSuspended()
            | e.ClockResumed()
            | e.ClockStopped()
            | e.ClockCorrected()
            | e.ClockWarned()
            | e.ClockBreached()
        ):
            return replace(i, clocks=with_item(i.clocks, event.clock, folds.clock(i, entry, event)))
        case e.TaskAdded() | e.TaskFinished() | e.TaskLate():
            return replace(i, tasks=with_item(i.tasks, event.task, folds.task(i, entry, event)))
        case (
            e.RoleAssigned()
            | e.PresenceMarked()
            | e.PresenceSilent()
            | e.CallMade()
            | e.RollCalled()
            | e.HandedOver()
            | e.DirectorAnswered()
        ):
            return folds.cell(i, entry, event)
        case e.IncidentDeclared() | e.IncidentClosed() | e.IncidentReopened() | e.SeverityChanged():
            return folds.lifecycle(i, entry, event)
        case e.ActivityChanged():
            return replace(
                i, activities=with_item(i.activities, event.activity, folds.activity(i, entry, event))
            )
        case e.ApplicationChanged():
            return outages.declared(i, entry, event)
        case e.SituationReported():
            return replace(i, reported_at=entry.at, report_reminded=False)
        case e.SituationDue():
            return replace(i, report_reminded=True)
        case e.DeviationRecorded():
            return replace(i, deviations=i.deviations + 1)
        case e.EvidenceAdded():
            return replace(i, evidence=i.evidence + 1)
        case (
            e.NoteTaken() | e.DecisionMade() | e.EntryCorrected() | e.Said() | e.MessageSent() | e.Erased()
            | e.MessageKept() | e.KeptMessageChanged()
        ):  # fmt: skip
            return i
        case e.SurfaceChanged(surface=surface, status=status):
            return replace(i, suspect=i.suspect | {surface} if status == "suspect" else i.suspect - {surface})
        case (
            e.PersonInvited() | e.InvitationCancelled() | e.PinSet() | e.AccountLinked() | e.AccountRevoked()
            | e.ReachChanged() | e.GroupBound() | e.PlaceBound() | e.ChatMoved() | e.BotNamed() | e.Reminded()
            | e.LessonJudged() | e.RoleAppointed() | e.NumberChanged() | e.PersonLeft() | e.ReachAsked()
            | e.ReachConfirmed()
        ):  # fmt: skip
            return replace(i, house=housed(i.house or House(), entry, event))
        case _ as never:
            assert_never(never)


def _escalated(entry: e.Entry, event: e.Escalated, cursor: Cursor) -> Cursor:
    if event.paced:
        return replace(cursor, reminded=event.rung)
    return replace(cursor, rung=event.rung, rung_at=entry.at - event.late_ms)


def _in_run(i: Incident, run: Run) -> Incident:
    return replace(i, runs=with_item(i.runs, run.id, run))


def _in_track(i: Incident, run: Run, track: str, state: TrackState) -> Incident:
    return _in_run(i, replace(run, tracks=with_item(run.tracks, track, state)))


def _at_cursor(i: Incident, event: e.AtStep, change: Callable[[Cursor], Cursor]) -> Incident:
    run = i.runs[event.run]
    state = run.tracks[event.track]
    if state.cursor is None:
        return i
    return _in_track(i, run, event.track, replace(state, cursor=change(state.cursor)))


def _moved(i: Incident, entry: e.Entry, event: e.OutcomePicked | e.TrackMoved) -> Incident:
    run = i.runs[event.run]
    state = run.tracks.get(event.track) or TrackState()
    outcome = event.outcome if isinstance(event, e.OutcomePicked) else ""
    tracks, picked = run.tracks, run.picked
    if event.to:
        entered_at = state.cursor.entered_at if state.cursor else 0
        gone = Left(event.visit, outcome, entry.actor.id, entry.occurred_at, entered_at)
        left = with_item(state.left, event.step, gone) if event.step else state.left
        cursor = Cursor(step=event.to, visit=event.to_visit, entered_at=entry.at, awake=not event.asleep)
        visits = with_item(state.visits, event.to, event.to_visit)
        state = TrackState(status="at", cursor=cursor, visits=visits, left=left)
        tracks = with_item(tracks, event.track, state)
    if outcome and (reference := f"{event.track}.{event.step}.{outcome}") not in picked:
        picked = picked | {reference}
    return _in_run(i, replace(run, tracks=tracks, picked=picked))


def _fact(i: Incident, event: e.FactSet) -> Incident:
    holder: Incident | Run = i.runs[event.run] if event.run else i
    if event.unknown:
        changed = replace(
            holder, facts=without(holder.facts, event.name), unknown=holder.unknown | {event.name}
        )
    elif not event.value:  # erased: nobody knows it any more, and nobody owes it
        changed = replace(
            holder, facts=without(holder.facts, event.name), unknown=holder.unknown - {event.name}
        )
    else:
        changed = replace(
            holder,
            facts=with_item(holder.facts, event.name, event.value),
            unknown=holder.unknown - {event.name},
        )
    return _in_run(i, changed) if isinstance(changed, Run) else changed


def _run(
    i: Incident, entry: e.Entry, event: e.RunOpened | e.RunEnded | e.RunReopened | e.T0Corrected
) -> Incident:
    match event:
        case e.RunOpened():
            return _in_run(
                i if event.readiness or not i.readiness else replace(i, readiness=False),
                Run(
                    id=event.run,
                    runbook=event.runbook,
                    version=event.version,
                    digest=event.digest,
                    opened_at=entry.at,
                    t0=event.t0,
                    parent=event.parent,
                    readiness=event.readiness,
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
                visits=with_item(state.visits, event.step, event.visit),
                end="",
                end_step="",
                ended_at=0,
            )
        case e.TrackEnded():
            state = replace(
                state, status="ended", cursor=None, end=event.end, end_step=event.step, ended_at=entry.at
            )
    return _in_track(i, run, event.track, state)
