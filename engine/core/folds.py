"""What an event does to one part of the state: signatures, clocks, tasks, the cell, the incident itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from msgspec.structs import replace

from engine.core import events as e
from engine.core.directory import DIRECTOR
from engine.core.incident import (
    WARNINGS,
    Activity,
    Approval,
    Clock,
    Incident,
    Mark,
    Phoned,
    Signed,
    Started,
    Task,
)
from engine.core.quantities import Instant

__all__ = ["activity", "approval", "cell", "clock", "lifecycle", "mark", "task", "with_item", "without"]

K = TypeVar("K")
V = TypeVar("V")


def mark(entry: e.Entry) -> Mark:
    """Who acted, and when it happened."""
    return Mark(entry.actor.id, entry.occurred_at)


def with_item(mapping: Mapping[K, V], key: K, value: V) -> Mapping[K, V]:
    """The same mapping with one item set; the old one is untouched."""
    return {**mapping, key: value}


def without(mapping: Mapping[K, V], key: K) -> Mapping[K, V]:
    """The same mapping less one item."""
    return {k: v for k, v in mapping.items() if k != key}


def approval(i: Incident, entry: e.Entry, event: e.ApprovalEvent) -> Incident:
    """A request asked for, or answered."""
    if isinstance(event, e.ApprovalAsked):
        made = Approval(
            id=event.approval,
            entries=(entry.seq,),
            run=event.run,
            track=event.track,
            step=event.step,
            visit=event.visit,
            outcome=event.outcome,
            groups=event.groups,
            requested=mark(entry),
            asked_at=entry.at,
            typed_by=entry.entered_by.id if entry.entered_by else "",
            after=event.after,
            due=event.due,
            status="owed" if event.after else "asked",
            reason=event.reason,
            unticked=event.unticked,
        )
        return replace(i, approvals=with_item(i.approvals, made.id, made))
    approval = _approval_after(i.approvals[event.approval], entry, event)
    return replace(i, approvals=with_item(i.approvals, approval.id, approval))


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
                source=entry.source,
                proof=event.proof,
            )
            status = "complete" if event.complete else approval.status
            entries = (*approval.entries, entry.seq)
            return replace(approval, signed=(*approval.signed, signed), status=status, entries=entries)
        case e.VoiceConfirmed():
            signed_ = tuple(
                replace(s, confirmed=True) if s.by == entry.actor.id else s for s in approval.signed
            )
            return replace(approval, signed=signed_)
        case e.VoiceUnconfirmed(person=person):
            signed_ = tuple(
                replace(s, confirm_by=0) if s.by == person and not s.confirmed else s for s in approval.signed
            )
            return replace(approval, signed=signed_)
        case e.ApprovalForced():
            return replace(approval, status="forced")
        case e.ApprovalRefused():
            return approval if approval.after else replace(approval, status="refused")
        case e.ApprovalCancelled():
            return replace(approval, status="cancelled")
        case e.ApprovalSilent():
            return replace(approval, silent=True)
        case e.ApprovalDoubted(signatures=doubted):
            kept = tuple(one for n, one in enumerate(approval.signed) if n not in doubted)
            return replace(approval, signed=kept, entries=(*approval.entries, entry.seq))
        case e.ApprovalStarted(way=way):
            said = Started(entry.actor.id, way, entry.at)
            return replace(
                approval, started=(*approval.started, said), entries=(*approval.entries, entry.seq)
            )
        case e.RatificationLate():
            return replace(approval, late=True)
        case e.ApprovalAsked():
            return approval


def clock(i: Incident, entry: e.Entry, event: e.ClockEvent) -> Clock:
    """A legal clock after what happened to it."""
    if isinstance(event, e.ClockStarted):
        return Clock(id=event.clock, run=event.run, start=event.start, due=event.due, set_by=entry.actor.id)
    clock = i.clocks[event.clock]
    match event:
        case e.ClockSuspended():
            return replace(clock, status="suspended")
        case e.ClockResumed():
            return replace(clock, status="running")
        case e.ClockStopped():
            late = bool(clock.due) and entry.occurred_at > clock.due
            return replace(clock, status="stopped", stopped_at=entry.occurred_at, breached=late)
        case e.ClockCorrected():
            return _corrected(
                replace(clock, start=event.start, due=event.due, set_by=entry.actor.id), entry.at
            )
        case e.ClockWarned():
            return replace(clock, warned=max(clock.warned, event.percent))
        case e.ClockBreached():
            return replace(clock, breached=True, warned=100)


def _corrected(clock: Clock, at: Instant) -> Clock:
    """What was sent stays: a threshold already told and still passed isn't told again; one now to come is."""
    if clock.status == "stopped":
        return replace(clock, breached=bool(clock.due) and clock.stopped_at > clock.due)
    passed = (one for one in WARNINGS if one <= clock.warned and clock.threshold(one) <= at)
    warned = max(passed, default=0) if clock.due else 0
    return replace(clock, warned=warned, breached=warned == WARNINGS[-1])


def task(i: Incident, entry: e.Entry, event: e.TaskAdded | e.TaskFinished | e.TaskLate) -> Task:
    """A task added, finished or late."""
    if isinstance(event, e.TaskAdded):
        return Task(
            id=event.task,
            text=event.text,
            who=event.who,
            role=event.role,
            due=event.due,
            duty=event.duty,
            added=mark(entry),
        )
    task = i.tasks[event.task]
    return (
        replace(task, done=mark(entry))
        if isinstance(event, e.TaskFinished)
        else replace(task, rung=max(task.rung, event.rung))
    )


def cell(i: Incident, entry: e.Entry, event: e.CellEvent) -> Incident:
    """Roles, presence, handovers."""
    match event:
        case e.RoleAssigned(role=role, person=person):
            return replace(i, roles=with_item(i.roles, role, person))
        case e.HandedOver():
            return _handed_over(i, entry, event)
        case e.PresenceMarked(person=person, status=status):
            if not person:
                return i  # erased
            calls = without(i.calls, person) if person in i.calls else i.calls
            said_by = entry.entered_by.id if entry.entered_by else entry.actor.id
            away, here = without(i.told_away, person), i.answered
            if said_by == person:
                here = here - {person} if status == "unavailable" else here | {person}
            elif status == "unavailable":
                away = with_item(away, person, said_by)
            presence = with_item(i.presence, person, status)
            return replace(i, presence=presence, calls=calls, told_away=away, answered=here)
        case e.CallMade(person=person, result=result):
            if not person:
                return i  # erased
            phoned = Phoned(result=result, by=entry.actor.id, at=entry.occurred_at)
            return replace(i, phoned=with_item(i.phoned, person, phoned))
        case e.RollCalled(people=people):
            # Called again, one who was silent is not given another ten minutes.
            calls = {**dict.fromkeys(people, (entry.at, 0)), **i.calls}
            return replace(i, calls=calls, rolled_by=entry.actor.id)
        case e.PresenceSilent(person=person, rung=rung):
            if person not in i.calls:
                return i  # erased
            return replace(i, calls=with_item(i.calls, person, (i.calls[person][0], rung)))
        case e.DirectorAnswered():
            return replace(i, interim="")


def _handed_over(i: Incident, entry: e.Entry, event: e.HandedOver) -> Incident:
    """Who only stands in as director hands over just that: it still ends when a director answers."""
    given = [role for role in event.roles if role != DIRECTOR or not event.interim]
    runs = dict(i.runs)
    for number, track in event.freed:
        run = runs[number]
        state = run.tracks[track]
        if state.cursor is not None:
            free = replace(state, cursor=replace(state.cursor, taken=None))
            runs[number] = replace(run, tracks=with_item(run.tracks, track, free))
    return replace(
        i,
        roles={**i.roles, **dict.fromkeys(given, event.to)},
        interim=event.to if event.interim else i.interim,
        runs=runs if event.freed else i.runs,
        reported_at=entry.at,
        report_reminded=False,
    )


def lifecycle(i: Incident, entry: e.Entry, event: e.LifecycleEvent) -> Incident:
    """The incident declared, closed, reopened, graded."""
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
                readiness=event.readiness,
                status="open",
                reported_at=entry.at,
            )
        case e.IncidentClosed():
            return replace(i, status="closed", closed=mark(entry))
        case e.IncidentReopened():
            return replace(i, status="open", closed=None, reported_at=entry.at, report_reminded=False)
        case e.SeverityChanged():
            return replace(i, severity=event.level)


def activity(i: Incident, entry: e.Entry, event: e.ActivityChanged) -> Activity:
    """An activity since it was touched; once restored it starts anew; the same state again corrects its hour.

    One that was only threatened stopped when somebody says so, or when what it stands on did, whichever is earlier.
    """
    before, when = i.activities.get(event.activity), entry.occurred_at
    restored_at = when if event.status == "restored" else 0
    if before is None or (before.status == "restored" and not restored_at):
        return Activity(
            status=event.status,
            since=when,
            interrupted_at=0 if restored_at else when,
            restored_at=restored_at,
        )
    corrects_the_first = before.status == event.status and before.since == before.interrupted_at
    interrupted = when if corrects_the_first else before.interrupted_at
    if before.status == "threatened" and not restored_at:
        interrupted = min(when, before.interrupted_at)
    return Activity(status=event.status, since=when, interrupted_at=interrupted, restored_at=restored_at)
