"""What the clock does: a deadline that is due becomes entries, with its real lateness.

After a stop everything that came due meanwhile is journalled, but only the highest rung or threshold is `told`: people
get one call, not a flood. A deadline whose subject has moved on is refused without a word.
"""

from __future__ import annotations

from engine.core import commands as c
from engine.core import deadlines, permissions
from engine.core import events as e
from engine.core.deadlines import Deadline
from engine.core.decide import moves
from engine.core.decide.draft import Draft, refuse
from engine.core.directory import DIRECTOR
from engine.core.incident import Approval, Task
from engine.core.ladder import rungs

__all__ = ["fire"]


def fire(draft: Draft, command: c.FireDeadline) -> None:
    """Fire a deadline, if it is still the state's, and due."""
    wanted = (command.kind, command.run, command.track, command.visit, command.subject, command.rung)
    current = next((one for one in deadlines.of(draft.incident, draft.world) if one.name == wanted), None)
    if current is None:
        raise refuse("moved_on")
    if current.due > draft.now:
        raise refuse("not_due", at=current.due)
    late = draft.now - current.due
    match current.kind:
        case "late" | "remind":
            _escalate(draft, current)
        case "wake":
            draft.emit(_awaken(draft, current, late))
        case "auto":
            moves.pick(draft, current.run, current.track, current.subject, how="clock", late_ms=late)
        case "clock":
            _warn(draft, current.subject)
        case "task":
            _task_late(draft, draft.incident.tasks[int(current.subject)])
        case "call":
            _call_next(draft, current.subject, late)
        case "report":
            draft.emit(e.SituationDue(late_ms=late))
        case "silent" | "ratify" | "voice":
            _approval(draft, draft.incident.approvals[int(current.subject.partition(":")[0])], current, late)
        case _:
            raise refuse("moved_on")


def _awaken(draft: Draft, current: Deadline, late: int) -> e.StepWoken:
    cursor = draft.incident.runs[current.run].tracks[current.track].cursor
    assert cursor is not None, "only a track at a step has a wake deadline"
    return e.StepWoken(
        run=current.run, track=current.track, step=cursor.step, visit=cursor.visit, late_ms=late
    )


def _escalate(draft: Draft, current: Deadline) -> None:
    """Every rung that is due is journalled, the highest told. An empty rung falls to the next one that has somebody."""
    run = draft.incident.runs[current.run]
    cursor = run.tracks[current.track].cursor
    assert cursor is not None, "only a track at a step is late"
    definition = draft.definition(run)
    ladder = rungs(definition.step(current.track, cursor.step), draft.incident, draft.world.directory, cursor)
    if current.kind == "remind":
        pace = deadlines.pace_ms(definition)
        number = (draft.now - cursor.entered_at) // pace
        late = draft.now - (cursor.entered_at + number * pace)
        _reach(draft, current, cursor.step, number, "holder", ladder[0].people, late, paced=True)
        return
    due = current.due - ladder[current.rung - 1].after_ms
    reached = [
        n for n, rung in enumerate(ladder, 1) if n >= current.rung and due + rung.after_ms <= draft.now
    ]
    for number in reached:
        rung = ladder[number - 1]
        told = number == reached[-1]
        people = rung.people or next((other.people for other in ladder[number:] if other.people), ())
        _reach(
            draft, current, cursor.step, number, rung.to, people, draft.now - due - rung.after_ms, told=told
        )


def _reach(
    draft: Draft,
    current: Deadline,
    step: str,
    rung: int,
    to: str,
    people: tuple[str, ...],
    late: int,
    *,
    told: bool = True,
    paced: bool = False,
) -> None:
    draft.emit(
        e.Escalated(
            run=current.run,
            track=current.track,
            step=step,
            visit=current.visit,
            rung=rung,
            to=to,
            people=people,
            late_ms=late,
            told=told,
            paced=paced,
        )
    )


def _warn(draft: Draft, name: str) -> None:
    """Each threshold passed is journalled with its own lateness; the last one, or the breach, is told."""
    clock = draft.incident.clocks[name]
    passed = [
        percent
        for percent in deadlines.WARNINGS
        if percent > clock.warned and clock.threshold(percent) <= draft.now
    ]
    for percent in passed:
        late = draft.now - clock.threshold(percent)
        if percent == 100:
            draft.emit(e.ClockBreached(clock=name, late_ms=late))
        else:
            draft.emit(e.ClockWarned(clock=name, percent=percent, late_ms=late, told=percent == passed[-1]))


def _task_late(draft: Draft, task: Task) -> None:
    for rung in (1, 2):
        due = deadlines.task_rung(task, rung)
        if rung > task.rung and due <= draft.now:
            draft.emit(e.TaskLate(task=task.id, rung=rung, late_ms=draft.now - due))


def _call_next(draft: Draft, person: str, late: int) -> None:
    """Silence goes to the deputies of the silent person's roles, then to the directors."""
    incident, directory = draft.incident, draft.world.directory
    rung = incident.calls[person][1] + 1
    if rung == 1:
        listed = dict.fromkeys(
            p
            for role in permissions.roles_of(person, incident, directory)
            for p in permissions.holders(role, incident, directory)
        )
    else:
        listed = dict.fromkeys(permissions.holders(DIRECTOR, incident, directory))
    people = tuple(p for p in listed if p != person and not permissions.is_away(p, incident))
    draft.emit(e.PresenceSilent(person=person, rung=rung, people=people, late_ms=late))


def _approval(draft: Draft, approval: Approval, current: Deadline, late: int) -> None:
    match current.kind:
        case "silent":
            roles = tuple(role for group in approval.groups for role in group)
            people = tuple(
                p
                for p in permissions.who_may(roles, draft.incident, draft.world.directory)
                if not permissions.is_away(p, draft.incident)
            )
            draft.emit(e.ApprovalSilent(approval=approval.id, people=people, late_ms=late))
        case "ratify":
            draft.emit(e.RatificationLate(approval=approval.id, late_ms=late))
        case _:
            draft.emit(
                e.VoiceUnconfirmed(
                    approval=approval.id, person=current.subject.partition(":")[2], late_ms=late
                )
            )
