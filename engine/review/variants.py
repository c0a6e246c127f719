"""Which sentence of its kind an event takes: the catalogue has `timeline.entry.<kind>.<variant>`."""

from __future__ import annotations

from engine.core import events as e

__all__ = ["is_decision", "is_loud", "variant"]

LOUD = (
    e.ApprovalForced, e.ClockBreached, e.DeviationRecorded, e.RatificationLate, e.TrackMoved, e.VoiceUnconfirmed,
    e.SurfaceChanged, e.ApprovalDoubted,
)  # fmt: skip
"""Out of the procedure, without the approval it takes, or out of time: never passed off as ordinary."""


def is_loud(event: e.Event) -> bool:
    """Whether the entry must leap to the eye."""
    return isinstance(event, LOUD)


def is_decision(event: e.Event) -> bool:
    """Whether the entry is a decision: written as one, or taken by signing."""
    return isinstance(event, e.DecisionMade | e.ApprovalForced) or (
        isinstance(event, e.OutcomePicked) and event.how in ("approved", "forced")
    )


def variant(event: e.Event, *, readiness: bool = False) -> str:
    """The case of this event. `readiness`: of what is no incident, but a review: its own sentences frighten nobody."""
    match event:
        case e.IncidentDeclared() | e.IncidentClosed() | e.IncidentReopened():
            return _whole(event, readiness)
        case e.RunOpened():
            return event.why
        case e.TrackOpened():
            return "asleep" if event.asleep else "plain"
        case e.OutcomePicked():
            return event.how if event.to else "stays"
        case e.TrackMoved():
            return event.how if event.step else "opened"
        case e.RunEnded():
            return "handed" if event.handed_to else "plain"
        case _:
            return _at_work(event)


def _whole(event: e.IncidentDeclared | e.IncidentClosed | e.IncidentReopened, readiness: bool) -> str:
    match event:
        case e.IncidentDeclared():
            if event.readiness and not event.exercise:
                return "readiness"
            return "exercise" if event.exercise else "interim" if event.interim else "incident"
        case e.IncidentClosed() if event.open_runs or event.pending or event.clocks:
            return "readiness_open" if readiness else "open"
        case e.IncidentClosed() | e.IncidentReopened():
            return "readiness" if readiness else "plain"


def _at_work(event: e.Event) -> str:
    match event:
        case e.ItemTicked():
            return "done" if event.done else "undone"
        case e.FactSet():
            return "unknown" if event.unknown else "sensitive" if event.sensitive else "known"
        case e.EvidenceAdded():
            return ("file_told" if event.text else "file") if event.sha256 else "text"
        case e.Escalated():
            return event.to if event.people else "nobody"
        case e.RoleAssigned():
            return "given" if event.person else "returned"
        case e.CallMade():
            return event.result
        case e.PresenceMarked() | e.ActivityChanged():
            return event.status
        case _:
            return _other(event)


def _other(event: e.Event) -> str:
    match event:
        case e.HandedOver():
            return "report" if event.report else "plain"
        case e.ApprovalAsked():
            return "after" if event.after else "before"
        case e.ApprovalGiven():
            return "voice" if event.voice else "complete" if event.complete else "signed"
        case e.TaskAdded():
            alone, named = ("undue", "due") if event.due else ("plain", "who")
            return named if event.who or event.role else alone
        case e.KeptMessageChanged():
            return "deleted" if event.deleted else "edited"
        case e.TaskLate():
            return "first" if event.rung < 2 else "again"
        case e.ClockStarted():
            return "due" if event.due else "at_once"
        case _:
            return _at_home(event)


def _at_home(event: e.Event) -> str:
    match event:
        case e.LessonJudged():
            return event.state
        case e.SurfaceChanged():
            return event.status
        case e.ApplicationChanged():
            more = "_falls" if event.status == "down" else "_freed"
            return event.status + (more if event.activities else "")
        case e.ReachChanged():
            return "open" if event.open else "shut"
        case e.Reminded():
            return {1: "first", 2: "again"}.get(event.rung, "director")
        case e.GroupBound():
            return "plain" if event.chat else "freed"
        case _:
            return "plain"
