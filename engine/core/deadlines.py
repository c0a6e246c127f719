"""Deadlines are a projection of (state, definition, calendar): what is due, when, watched by the timers.

They are rows beside the journal, changed in the same transaction; a due one becomes a `FireDeadline` command.
Each thing watched has at most one row, its next one: the next rung of a late step, the next threshold of a clock.

kind | subject | due
late | – | a step past its target, by rung of the ladder (`engine.core.ladder`)
remind | – | a step without target, at the pace of the procedure's `updates`
wake | – | a sleeping step's `wake`
auto | outcome | `auto_after` of the current step
clock | clock | 50, 75, 90 and 100 % of a legal delay
task | number | a task's due time, then an hour later
call | person | no answer to the roll, 10 then 20 minutes after
report | – | a situation report, at the shortest pace of the open runs
silent, ratify, voice | approval | no signature for 30 minutes; a ratification owed; a spoken yes to confirm

A closed incident is watched for what it still owes (the law's clocks, signatures, tasks that outlive it); a closed
exercise for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sized
from typing import Final

import msgspec

from engine.core import targets
from engine.core.incident import WARNINGS, Approval, Clock, Cursor, Incident, Run, Task
from engine.core.ladder import delays
from engine.core.owed import is_owed
from engine.core.quantities import HOUR, MINUTE, Instant
from engine.core.runbook import Definition
from engine.core.world import World

__all__ = [
    "WARNINGS", "Deadline", "Part", "Watched", "following", "grouped", "of", "pace_ms", "task_rung",
]  # fmt: skip

SILENCE = 30 * MINUTE
CALL_AGAIN = 10 * MINUTE

Part = tuple[str, int, str]
"""A part of the state that is watched: a track of a run, or a clock, task, approval, call by its key."""
_RUNS: Final = "runs"
_REPORT: Final[Part] = ("report", 0, "")
_PARTS: Final = ("clocks", "tasks", "approvals", "calls")


class Deadline(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """`(kind, run, track, visit, subject, rung)` names it inside its incident; only `due` may change under one name."""

    kind: str
    due: Instant
    run: int = 0
    track: str = ""
    visit: int = 0
    subject: str = ""
    rung: int = 0

    @property
    def name(self) -> tuple[str, int, str, int, str, int]:
        return self.kind, self.run, self.track, self.visit, self.subject, self.rung

    @property
    def part(self) -> Part:
        """What it watches."""
        match self.kind:
            case "clock":
                return "clocks", 0, self.subject
            case "task":
                return "tasks", 0, self.subject
            case "call":
                return "calls", 0, self.subject
            case "silent" | "ratify" | "voice":
                return "approvals", 0, self.subject.partition(":")[0]
            case "report":
                return _REPORT
            case _:
                return _RUNS, self.run, self.track


Watched = Mapping[Part, tuple[Deadline, ...]]
"""What is due, by what it watches."""


def of(incident: Incident, world: World) -> Iterator[Deadline]:
    """Every deadline of this state."""
    if incident.played_out:
        return
    for run in incident.runs.values():
        for track in run.tracks:
            yield from _of_track(incident, world, run, track)
    for part in _PARTS:
        for key in getattr(incident, part):
            yield from _of_part(incident, world, part, key)
    yield from _of_report(incident, world)


def grouped(deadlines: Iterable[Deadline]) -> Watched:
    """These deadlines, by what each watches."""
    found: dict[Part, tuple[Deadline, ...]] = {}
    for one in deadlines:
        part = one.part
        found[part] = (*found.get(part, ()), one)
    return found


def following(known: Watched, before: Incident | None, after: Incident, world: World) -> Watched:
    """The deadlines after a change, from those known before it; without `before` there are none.

    Only parts of the state that are another object now are looked at.
    """
    if after.played_out:
        return {}
    old = before if before is not None else Incident(id=after.id)
    closing = old.status != after.status
    changed: dict[Part, tuple[Deadline, ...]] = {}
    if (
        closing
        or old.runs is not after.runs
        or old.facts is not after.facts
        or old.activities is not after.activities
    ):
        for run in after.runs.values():
            _run_changed(old, after, world, run, closing, changed)
    for part in _PARTS:
        mine, theirs = getattr(old, part), getattr(after, part)
        if closing or mine is not theirs:
            for key in mine | theirs:
                if closing or mine.get(key) is not theirs.get(key):
                    changed[part, 0, str(key)] = tuple(_of_part(after, world, part, key))
    if _report_moved(old, after):
        changed[_REPORT] = tuple(_of_report(after, world))
    if not changed:
        return known
    return {part: due for part, due in {**known, **changed}.items() if due}


def _run_changed(
    old: Incident,
    after: Incident,
    world: World,
    run: Run,
    closing: bool,
    changed: dict[Part, tuple[Deadline, ...]],
) -> None:
    before = old.runs.get(run.id)
    shared = not closing and old.facts is after.facts and old.activities is after.activities
    if before is run and shared:
        return
    same_basis = (
        shared
        and before is not None
        and before.t0 == run.t0
        and before.facts is run.facts
        and before.open == run.open
    )
    for track, state in run.tracks.items():
        if before is None or not same_basis or before.tracks.get(track) is not state:
            changed[_RUNS, run.id, track] = tuple(_of_track(after, world, run, track))


def _of_track(incident: Incident, world: World, run: Run, track: str) -> Iterator[Deadline]:
    cursor = run.tracks[track].cursor
    if cursor is None or not run.open or incident.status != "open":
        return
    definition = world.shelf.definition(run.digest)
    step = definition.step(track, cursor.step)
    if not cursor.awake and step.wake is not None:
        at = targets.moment(step.wake, definition, incident, run, cursor, world.calendar)
        if at is not None:
            yield Deadline(kind="wake", due=at, run=run.id, track=track, visit=cursor.visit)
        else:
            yield from _reminder(definition, run, track, cursor)
        return
    for name, outcome in step.outcomes.items():
        if outcome.auto_after is not None:
            # Never at once: a step that came back to itself would go round for ever.
            at = max(world.calendar.add(cursor.entered_at, outcome.auto_after), cursor.entered_at + MINUTE)
            yield Deadline(kind="auto", due=at, run=run.id, track=track, visit=cursor.visit, subject=name)
    due = targets.due(definition, incident, run, track, cursor, world.calendar)
    if due is not None:
        if rung := _next_rung(cursor, due, ladder := delays(step)):
            yield Deadline(
                kind="late",
                due=due + ladder[rung - 1][1],
                run=run.id,
                track=track,
                visit=cursor.visit,
                rung=rung,
            )
    else:
        yield from _reminder(definition, run, track, cursor)


def _reminder(definition: Definition, run: Run, track: str, cursor: Cursor) -> Iterator[Deadline]:
    """For want of a date, a step is reminded at the pace of the procedure: also one that can't tell when to wake."""
    pace = pace_ms(definition)
    if pace and definition.step(track, cursor.step).role:
        number = cursor.reminded + 1
        due = cursor.entered_at + number * pace
        yield Deadline(kind="remind", due=due, run=run.id, track=track, visit=cursor.visit, rung=number)


def _next_rung(cursor: Cursor, due: Instant, ladder: Sized) -> int:
    """The rung after the last that fired; the first again if the target has moved beyond it; 0 after the last."""
    rung = 1 if due > cursor.rung_at else cursor.rung + 1
    return rung if rung <= len(ladder) else 0


def pace_ms(definition: Definition) -> int:
    """How often the procedure wants a situation report; 0 when it doesn't say."""
    updates = definition.runbook.updates
    return updates.every.rough_ms if updates else 0


def _of_part(incident: Incident, world: World, part: str, key: str | int) -> Iterator[Deadline]:
    match part:
        case "clocks":
            clock = incident.clocks.get(str(key))
            if clock:
                yield from _of_clock(clock)
        case "tasks":
            task = incident.tasks.get(int(key))
            if task and task.due and task.rung < 2 and is_owed(task, incident, world):
                yield Deadline(
                    kind="task", due=task_rung(task, task.rung + 1), subject=str(task.id), rung=task.rung + 1
                )
        case "approvals":
            approval = incident.approvals.get(int(key))
            if approval:
                yield from _of_approval(incident, approval)
        case _:
            call = incident.calls.get(str(key))
            if call and call[1] < 2 and incident.status == "open":
                yield Deadline(
                    kind="call", due=call[0] + (call[1] + 1) * CALL_AGAIN, subject=str(key), rung=call[1] + 1
                )


def _of_clock(clock: Clock) -> Iterator[Deadline]:
    if clock.status == "running" and clock.due and not clock.breached:
        percent = next(one for one in WARNINGS if one > clock.warned)
        yield Deadline(kind="clock", due=clock.threshold(percent), subject=clock.id, rung=percent)


def task_rung(task: Task, rung: int) -> Instant:
    """A late task is told to its owner when due, to the directors an hour later."""
    return task.due + (rung - 1) * HOUR


def _of_approval(incident: Incident, approval: Approval) -> Iterator[Deadline]:
    if approval.status == "asked" and not approval.silent and incident.status == "open":
        yield Deadline(kind="silent", due=approval.asked_at + SILENCE, subject=str(approval.id))
    if approval.status == "owed" and not approval.late:
        yield Deadline(kind="ratify", due=approval.due, subject=str(approval.id))
    for signed in approval.signed:
        if not signed.confirmed and signed.confirm_by:
            yield Deadline(kind="voice", due=signed.confirm_by, subject=f"{approval.id}:{signed.by}")


def _report_moved(old: Incident, after: Incident) -> bool:
    """Can the next situation report have changed? Only with the last one, the status, or the set of open runs."""
    if (old.reported_at, old.report_reminded, old.status) != (
        after.reported_at,
        after.report_reminded,
        after.status,
    ):
        return True
    if old.runs is after.runs:
        return False
    return len(old.runs) != len(after.runs) or any(
        run is not old.runs[number] and run.end != old.runs[number].end for number, run in after.runs.items()
    )


def _of_report(incident: Incident, world: World) -> Iterator[Deadline]:
    if incident.status != "open" or incident.report_reminded:
        return
    paces = [pace for run in incident.open_runs if (pace := pace_ms(world.shelf.definition(run.digest)))]
    if paces:
        yield Deadline(kind="report", due=incident.reported_at + min(paces))
