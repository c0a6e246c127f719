"""What is simply written down, and the tasks."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "DecisionMade",
    "DeviationRecorded",
    "EntryCorrected",
    "KeptMessageChanged",
    "MessageKept",
    "NoteTaken",
    "Said",
    "TaskAdded",
    "TaskFinished",
    "TaskLate",
]


class NoteTaken(Event, frozen=True, kw_only=True):
    """A note."""

    LEAVES: ClassVar = ("text",)
    text: str = ""


class DecisionMade(Event, frozen=True, kw_only=True):
    """A decision."""

    LEAVES: ClassVar = ("text",)
    text: str = ""


class DeviationRecorded(Event, frozen=True, kw_only=True):
    """Done outside the procedure or without approval: flagged, never passed off as authorised."""

    LEAVES: ClassVar = ("text",)
    text: str = ""
    run: int = 0
    track: str = ""
    step: str = ""


class EntryCorrected(Event, frozen=True, kw_only=True):
    """A correction of an earlier entry, which stays."""

    LEAVES: ClassVar = ("text",)
    entry: int
    text: str = ""


class MessageKept(Event, frozen=True, kw_only=True):
    """What somebody wrote in a chat, kept with one gesture: this copy is the evidence.

    `message`: its identity there, beside which a later edit or deletion is written.
    """

    LEAVES: ClassVar = ("text", "author", "message")
    text: str = ""
    author: str = ""
    message: str = ""


class KeptMessageChanged(Event, frozen=True, kw_only=True):
    """The platform tells that a kept message was edited, or `deleted`; the copy of that entry stays."""

    LEAVES: ClassVar = ("text",)
    entry: int
    text: str = ""
    deleted: bool = False


class Said(Event, frozen=True, kw_only=True):
    """Something said to all."""

    LEAVES: ClassVar = ("text",)
    text: str = ""


class TaskAdded(Event, frozen=True, kw_only=True):
    """An ad-hoc task, or (with `duty`) one that the common duties ask for; then `role` says whose."""

    LEAVES: ClassVar = ("text", "who")
    task: int
    text: str = ""
    who: str = ""
    role: str = ""
    due: Instant = 0
    duty: str = ""


class TaskFinished(Event, frozen=True, kw_only=True):
    """A task is done."""

    task: int


class TaskLate(Event, frozen=True, kw_only=True):
    """A task is late: told to its owner, then to the directors."""

    task: int
    rung: int = 1
    late_ms: int = 0
