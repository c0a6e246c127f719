"""The main courante: what is simply written down. Reality always goes in, from anybody of the directory."""

from __future__ import annotations

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide.draft import Draft, refuse
from engine.core.outages import THREATENED
from engine.core.quantities import DAY

__all__ = [
    "add_task",
    "change_activity",
    "correct",
    "decision",
    "deviate",
    "erase",
    "finish_task",
    "keep_message",
    "note",
    "report",
    "report_change",
    "say",
    "send_message",
]

ACTIVITY_STATES = ("interrupted", "degraded", "restored")


def note(draft: Draft, command: c.Note) -> None:
    """Write a note down."""
    draft.emit(e.NoteTaken(text=_text(command.text)))


def decision(draft: Draft, command: c.Decision) -> None:
    """Write a decision down: a kind of its own, so that the review finds who decided what and when."""
    draft.emit(e.DecisionMade(text=_text(command.text)))


def say(draft: Draft, command: c.Say) -> None:
    """Say something to all, on every surface."""
    draft.emit(e.Said(text=_text(command.text)))


def keep_message(draft: Draft, command: c.KeepMessage) -> None:
    """Keep what somebody wrote in a chat, whatever becomes of it there."""
    text, author = _text(command.text), command.author.strip()
    draft.emit(e.MessageKept(text=text, author=author, message=command.message))


def report_change(draft: Draft, command: c.ReportChange) -> None:
    """A kept message was edited or deleted on its platform: written beside, the copy stays."""
    if not 1 <= command.entry <= draft.incident.seq:
        raise refuse("unknown_entry", entry=command.entry, last=draft.incident.seq)
    text = "" if command.deleted else _text(command.text)
    draft.emit(e.KeptMessageChanged(entry=command.entry, text=text, deleted=command.deleted))


def report(draft: Draft, command: c.AskSituation) -> None:
    """Keep a situation report; the next one is due at the procedure's pace."""
    draft.emit(e.SituationReported(text=_text(command.text)))


def deviate(draft: Draft, command: c.Deviate) -> None:
    """Flagged for ever; it authorises nothing and moves nothing."""
    where = draft.place(command.run, command.track, command.step)
    draft.emit(e.DeviationRecorded(text=_text(command.text), run=where[0], track=where[1], step=where[2]))


def correct(draft: Draft, command: c.Correct) -> None:
    """A correction is a new entry; the corrected one stays."""
    if not 1 <= command.entry <= draft.incident.seq:
        raise refuse("unknown_entry", entry=command.entry, last=draft.incident.seq)
    draft.emit(e.EntryCorrected(entry=command.entry, text=_text(command.text)))


def add_task(draft: Draft, command: c.AddTask) -> None:
    """Add an ad-hoc task, for somebody and by a time when given."""
    if command.who:
        draft.need_known(command.who)
    if command.due and command.due <= draft.now:
        raise refuse("in_the_past", at=command.due)
    if command.due > draft.now + _FARTHEST:
        raise refuse("unlikely_date", at=command.due)
    draft.emit(
        e.TaskAdded(
            task=len(draft.incident.tasks) + 1, text=_text(command.text), who=command.who, due=command.due
        )
    )


def finish_task(draft: Draft, command: c.FinishTask) -> None:
    """Mark a task done; one already done says by whom and when."""
    task = draft.incident.tasks.get(command.task)
    if task is None:
        raise refuse("unknown_task", task=command.task, count=len(draft.incident.tasks))
    if task.done is not None:
        raise refuse(
            "task_done", task=command.task, by=draft.world.directory.name(task.done.by), at=task.done.at
        )
    draft.emit(e.TaskFinished(task=command.task))


def send_message(draft: Draft, command: c.SendMessage) -> None:
    """Log that a prepared text was sent; its text as sent is kept."""
    draft.need_role(command.message)
    definition = draft.definition(draft.run(command.run))
    message = definition.runbook.messages.get(command.message)
    if message is None:
        raise refuse("unknown_message", message=command.message, choices=tuple(definition.runbook.messages))
    draft.emit(
        e.MessageSent(
            run=command.run, message=command.message, audience=message.audience, text=_text(command.text)
        )
    )


def change_activity(draft: Draft, command: c.ChangeActivity) -> None:
    """Interrupted, degraded, restored, at the time it happened; the same again with another time corrects it.

    An activity nobody stopped can't be restored.
    """
    if command.status not in ACTIVITY_STATES:
        raise refuse("unknown_activity_state", status=command.status, choices=ACTIVITY_STATES)
    activity = draft.incident.activities.get(command.activity)
    if activity is None and command.status == "restored":
        raise refuse(
            "activity_untouched", activity=command.activity, choices=tuple(draft.incident.activities)
        )
    if activity is not None:
        again = activity.status == command.status
        if again and draft.order.occurred_at in (None, activity.since):
            return
        first = activity.since == activity.interrupted_at
        since = (0 if first else activity.interrupted_at) if again else activity.since
        if draft.occurred_at < since and activity.status != THREATENED:
            raise refuse("activity_before", activity=command.activity, at=since)
    draft.emit(e.ActivityChanged(activity=command.activity, status=command.status))


def erase(draft: Draft, command: c.Erase) -> None:
    """Legal erasure of what was written (director, in person, with a reason and the archives' visa)."""
    draft.need_director("erase", standing=True)
    reason = draft.need_reason(command.reason, "erase")
    if not command.visa.strip():
        raise refuse("visa_needed")
    unknown = [entry for entry in command.entries if not 1 <= entry <= draft.incident.seq]
    if unknown or not command.entries:
        raise refuse("unknown_entry", entry=unknown[0] if unknown else 0, last=draft.incident.seq)
    for approval in draft.incident.approvals.values():
        if approval.pending and (hit := set(approval.entries) & set(command.entries)):
            raise refuse("erase_pending", entry=min(hit), approval=approval.id)
    draft.emit(
        e.Erased(entries=tuple(sorted(set(command.entries))), reason=reason, visa=command.visa.strip())
    )


def _text(written: str) -> str:
    text = written.strip()
    if not text:
        raise refuse("nothing_written")
    if len(text) > LONGEST:
        raise refuse("too_long", count=len(text), limit=LONGEST)
    return text


LONGEST = 40_000
"""Characters of one entry; longer texts are evidence, brought as a file."""

_FARTHEST = 20 * 366 * DAY
"""A task due later is a slip of the finger."""
