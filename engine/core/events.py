"""Events are facts: what happened, as the journal keeps it for ever.

A stored event never changes meaning: a new need is a new event, or a new version with an upcaster
(`engine.journal.codec`). An event carries all its consequences (where a press led, which track opened): replaying it
never asks the flow again.

`LEAVES` names the fields that a person could ask to have erased (identities, free text, values). They are kept beside
the chain, which holds only their salted commitment; an erased leaf reads as the field's default, so each has one.
"""

from __future__ import annotations

from typing import ClassVar

import msgspec

from engine.core.quantities import Instant

__all__ = [
    "ActivityChanged", "Actor", "ApprovalAsked", "ApprovalCancelled", "ApprovalForced", "ApprovalGiven",
    "ApprovalRefused", "ApprovalSilent", "ClockBreached", "ClockCorrected", "ClockResumed", "ClockStarted",
    "ClockStopped", "ClockSuspended", "ClockWarned", "DecisionMade", "DeviationRecorded",
    "DirectorAnswered", "Entry", "EntryCorrected", "Erased", "Escalated", "Event", "EvidenceAdded",
    "FactSet", "HandedOver", "IncidentClosed", "IncidentDeclared", "IncidentReopened", "ItemTicked",
    "MessageSent", "NoteTaken", "OutcomePicked", "PresenceMarked", "PresenceSilent", "RatificationLate",
    "RoleAssigned", "RollCalled", "RollMarked", "RunEnded", "RunOpened", "RunReopened", "Said",
    "SeverityChanged", "SituationDue", "SituationReported", "StepBlocked", "StepTaken", "StepWoken",
    "T0Corrected", "TaskAdded", "TaskFinished", "TaskLate", "TrackEnded", "TrackMoved", "TrackOpened",
    "VoiceConfirmed", "VoiceUnconfirmed", "WaitStarted",
]  # fmt: skip


def _snake(name: str) -> str:
    return "".join("_" + letter.lower() if letter.isupper() else letter for letter in name).lstrip("_")


class Actor(msgspec.Struct, frozen=True):
    """Who acted, as they were then. `id` empty: the clock. `role`: the right under which they acted."""

    id: str = ""
    name: str = ""
    role: str = ""


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="kind", tag=_snake):
    """Base of all events."""

    LEAVES: ClassVar[tuple[str, ...]] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the main courante: an event in its place, with who and when.

    `at` is when it was recorded, `occurred_at` when it happened. Neither runs backwards inside a stream (`at`).
    """

    incident: str
    seq: int
    at: Instant
    occurred_at: Instant
    actor: Actor
    event: Event
    source: str = ""
    entered_by: Actor | None = None


# Opening and closing


class IncidentDeclared(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("title", "known_by")
    title: str = ""
    known_at: Instant
    known_by: str = ""
    severity: str = ""
    exercise: bool = False
    interim: bool = False
    """The declarer is no director of the directory: director until one answers."""


class DirectorAnswered(Event, frozen=True, kw_only=True):
    """A director of the directory has acted: the interim ends."""


class SeverityChanged(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    level: str
    reason: str = ""


class IncidentClosed(Event, frozen=True, kw_only=True):
    """Cancels nothing of the law: what was still open is listed, and stays open."""

    LEAVES: ClassVar = ("reason",)
    reason: str = ""
    open_runs: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()
    clocks: tuple[str, ...] = ()


class IncidentReopened(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    reason: str = ""


class Erased(Event, frozen=True, kw_only=True):
    """Plaintext of leaves of earlier entries was destroyed; the commitments stay."""

    LEAVES: ClassVar = ("reason",)
    entries: tuple[int, ...]
    reason: str = ""
    visa: str = ""


# Runs and tracks


class RunOpened(Event, frozen=True, kw_only=True):
    """`why`: declared, opened (by a person), outcome (of the parent), waited (a step waits), handed_over."""

    run: int
    runbook: str
    version: int
    digest: str
    t0: Instant
    parent: int = 0
    why: str = "opened"


class WaitStarted(Event, frozen=True, kw_only=True):
    """A step waits for the end of another run."""

    run: int
    track: str
    step: str
    visit: int
    child: int


class TrackOpened(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    visit: int
    asleep: bool = False


class OutcomePicked(Event, frozen=True, kw_only=True):
    """`to`: the step entered (or end reached); empty when the outcome is an act that stays, or hands the run over.

    `how`: pressed, approved, clock, joined, result.
    """

    LEAVES: ClassVar = ("reason",)
    run: int
    track: str
    step: str
    visit: int
    outcome: str
    to: str = ""
    to_visit: int = 0
    asleep: bool = False
    """The step entered sleeps until its `wake`."""
    how: str = "pressed"
    reason: str = ""
    unticked: tuple[int, ...] = ()


class TrackMoved(Event, frozen=True, kw_only=True):
    """A step was skipped, or the director went to another one: outside the procedure. `how`: skip, goto."""

    LEAVES: ClassVar = ("reason",)
    run: int
    track: str
    step: str = ""
    visit: int = 0
    to: str
    to_visit: int
    asleep: bool = False
    how: str
    reason: str = ""


class TrackEnded(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    end: str
    result: str = ""


class RunEnded(Event, frozen=True, kw_only=True):
    """`end`: the gravest of the tracks' ends, or abandoned."""

    LEAVES: ClassVar = ("reason",)
    run: int
    end: str
    result: str = ""
    reason: str = ""
    handed_to: int = 0


class RunReopened(Event, frozen=True, kw_only=True):
    run: int


class T0Corrected(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    run: int
    t0: Instant
    reason: str = ""


# Working a step


class StepTaken(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    visit: int


class StepWoken(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    visit: int
    late_ms: int = 0


class ItemTicked(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    visit: int
    item: int
    done: bool = True


class FactSet(Event, frozen=True, kw_only=True):
    """`run` 0: a fact of the whole incident. `unknown`: asked, and not known for now."""

    LEAVES: ClassVar = ("value",)
    run: int = 0
    name: str
    value: str = ""
    unknown: bool = False
    sensitive: bool = False


class EvidenceAdded(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("name", "text")
    run: int = 0
    track: str = ""
    step: str = ""
    name: str = ""
    sha256: str = ""
    size: int = 0
    media: str = ""
    text: str = ""


class StepBlocked(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("text",)
    run: int
    track: str
    step: str
    visit: int
    text: str = ""


class RollMarked(Event, frozen=True, kw_only=True):
    run: int
    track: str
    step: str
    visit: int
    item: int
    status: str


class MessageSent(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("text",)
    run: int
    message: str
    audience: str = ""
    text: str = ""


class Escalated(Event, frozen=True, kw_only=True):
    """A late step was reminded or escalated. `people`: who was told. `rung` counts from 1."""

    LEAVES: ClassVar = ("people",)
    run: int
    track: str
    step: str
    visit: int
    rung: int
    to: str
    """holder, role, deputies, directors, all."""
    people: tuple[str, ...] = ()
    late_ms: int = 0
    told: bool = True
    """False: journalled only, a higher rung of the same step was due at the same time (after a stop)."""


# Two people


class ApprovalAsked(Event, frozen=True, kw_only=True):
    """`after`: the act is done, signatures are owed by `due` (ratification)."""

    LEAVES: ClassVar = ("reason",)
    approval: int
    run: int
    track: str
    step: str
    visit: int
    outcome: str
    groups: tuple[tuple[str, ...], ...]
    after: bool = False
    due: Instant = 0
    reason: str = ""
    unticked: tuple[int, ...] = ()


class ApprovalGiven(Event, frozen=True, kw_only=True):
    """One signature. `voice`: a spoken yes entered by somebody else, which the signer confirms by `confirm_by`."""

    approval: int
    fits: tuple[int, ...] = ()
    """The groups (from 0) that the signer's roles fitted when the vote was cast."""
    voice: bool = False
    confirm_by: Instant = 0
    complete: bool = False
    """This signature was the last one needed."""


class ApprovalForced(Event, frozen=True, kw_only=True):
    """The director went on without the signatures: in red in the timeline and the RETEX."""

    LEAVES: ClassVar = ("reason",)
    approval: int
    reason: str = ""


class ApprovalRefused(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    approval: int
    reason: str = ""


class ApprovalCancelled(Event, frozen=True, kw_only=True):
    """The step was left by another way: the request falls."""

    approval: int


class ApprovalSilent(Event, frozen=True, kw_only=True):
    """Nobody of a group answered: the deputies are called, the director may force."""

    LEAVES: ClassVar = ("people",)
    approval: int
    people: tuple[str, ...] = ()
    late_ms: int = 0


class RatificationLate(Event, frozen=True, kw_only=True):
    approval: int
    late_ms: int = 0


class VoiceConfirmed(Event, frozen=True, kw_only=True):
    approval: int


class VoiceUnconfirmed(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("person",)
    approval: int
    person: str = ""
    late_ms: int = 0


# The cell


class RoleAssigned(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("person",)
    role: str
    person: str = ""


class PresenceMarked(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("person",)
    person: str = ""
    status: str


class PresenceSilent(Event, frozen=True, kw_only=True):
    """Did not answer the roll-call; the deputy is called, then the director."""

    LEAVES: ClassVar = ("person", "people")
    person: str = ""
    rung: int
    people: tuple[str, ...] = ()
    late_ms: int = 0


class RollCalled(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("people",)
    people: tuple[str, ...] = ()


class HandedOver(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("to", "report")
    to: str = ""
    roles: tuple[str, ...]
    report: str = ""


class SituationReported(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("text",)
    text: str = ""


class SituationDue(Event, frozen=True, kw_only=True):
    late_ms: int = 0


# The main courante


class NoteTaken(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("text",)
    text: str = ""


class DecisionMade(Event, frozen=True, kw_only=True):
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
    LEAVES: ClassVar = ("text",)
    entry: int
    text: str = ""


class Said(Event, frozen=True, kw_only=True):
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
    task: int


class TaskLate(Event, frozen=True, kw_only=True):
    task: int
    rung: int = 1
    late_ms: int = 0


# Activities and the law's clocks


class ActivityChanged(Event, frozen=True, kw_only=True):
    """The entry's `occurred_at` says since when."""

    activity: str
    status: str
    run: int = 0


class ClockStarted(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    clock: str
    start: Instant
    due: Instant = 0
    """0: due at once, or of no fixed length."""
    run: int = 0
    reason: str = ""


class ClockSuspended(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    clock: str
    reason: str = ""


class ClockResumed(Event, frozen=True, kw_only=True):
    clock: str


class ClockStopped(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    clock: str
    reason: str = ""


class ClockCorrected(Event, frozen=True, kw_only=True):
    LEAVES: ClassVar = ("reason",)
    clock: str
    start: Instant
    due: Instant = 0
    reason: str = ""


class ClockWarned(Event, frozen=True, kw_only=True):
    clock: str
    percent: int
    late_ms: int = 0
    told: bool = True


class ClockBreached(Event, frozen=True, kw_only=True):
    clock: str
    late_ms: int = 0


# Families, for the state's sake

LifecycleEvent = IncidentDeclared | IncidentClosed | IncidentReopened | SeverityChanged
ApprovalEvent = (
    ApprovalAsked
    | ApprovalGiven
    | ApprovalForced
    | ApprovalRefused
    | ApprovalCancelled
    | ApprovalSilent
    | RatificationLate
    | VoiceConfirmed
    | VoiceUnconfirmed
)
ClockEvent = (
    ClockStarted | ClockSuspended | ClockResumed | ClockStopped | ClockCorrected | ClockWarned | ClockBreached
)
CellEvent = RoleAssigned | PresenceMarked | PresenceSilent | RollCalled | HandedOver | DirectorAnswered
AtStep = StepTaken | StepWoken | ItemTicked | StepBlocked | RollMarked | WaitStarted | Escalated
AnyEvent = (
    LifecycleEvent | ApprovalEvent | ClockEvent | CellEvent | AtStep
    | DecisionMade | DeviationRecorded | EntryCorrected | Erased | EvidenceAdded | FactSet | MessageSent | NoteTaken
    | OutcomePicked | RunEnded | RunOpened | RunReopened | Said | SituationDue | SituationReported | T0Corrected
    | TaskAdded | TaskFinished | TaskLate | TrackEnded | TrackMoved | TrackOpened | ActivityChanged
)  # fmt: skip
