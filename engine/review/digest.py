"""After a stop, one digest for each person: what came due meanwhile and concerns them, nearest legal delay first.

Everything is in the journal with its real lateness; a person gets one list, not a flood of calls.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.core import events as e
from engine.core import permissions
from engine.core.directory import DIRECTOR, Directory
from engine.core.incident import Incident

__all__ = ["concerns", "digest"]


def digest(
    entries: Iterable[e.Entry], incident: Incident, directory: Directory, person: str
) -> tuple[e.Entry, ...]:
    """The entries of this person's digest, in reading order: legal clocks by what is left, then the longest late.

    `entries`: what the timers wrote since the restart. A step or a clock that fired several times counts once.
    """
    mine: dict[object, e.Entry] = {}
    for entry in entries:
        if concerns(entry, incident, directory, person):
            mine[_subject(entry)] = entry
    return tuple(sorted(mine.values(), key=lambda entry: _urgency(entry, incident)))


def concerns(entry: e.Entry, incident: Incident, directory: Directory, person: str) -> bool:
    """Is this something that the timers tell this person?"""
    event = entry.event
    match event:
        case e.ClockWarned(told=told):
            return told
        case e.ClockBreached():
            return True
        case e.Escalated():
            return event.told and person in event.people
        case e.ApprovalSilent(people=people) | e.PresenceSilent(people=people):
            return person in people
        case e.TaskLate(task=number, rung=rung):
            task = incident.tasks[number]
            owners = (task.who,) if task.who else permissions.who_may((task.role,), incident, directory)[:1]
            return person in owners or (
                rung > 1 and person in permissions.holders(DIRECTOR, incident, directory)
            )
        case e.VoiceUnconfirmed(person=signer):
            return person == signer
        case e.SituationDue() | e.RatificationLate():
            return person in permissions.holders(DIRECTOR, incident, directory)
        case _:
            return False


def _subject(entry: e.Entry) -> object:
    match entry.event:
        case e.ClockWarned(clock=clock) | e.ClockBreached(clock=clock):
            return "clock", clock
        case e.Escalated(run=run, track=track):
            return "step", run, track
        case event:
            return type(event).__name__, getattr(event, "task", getattr(event, "approval", 0))


def _urgency(entry: e.Entry, incident: Incident) -> tuple[int, int]:
    match entry.event:
        case e.ClockWarned(clock=clock) | e.ClockBreached(clock=clock):
            return 0, incident.clocks[clock].due
        case event:
            return 1, -int(getattr(event, "late_ms", 0))
