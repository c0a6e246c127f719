"""Events are facts: what happened, as the journal keeps it for ever.

A stored event never changes meaning: a new need is a new event, or a new version with an upcaster
(`engine.journal.codec`). An event carries all its consequences (where a press led, which track opened): replaying it
never asks the flow again.

`LEAVES` names the fields that a person could ask to have erased (identities, free text, values). They are kept beside
the chain, which holds only their salted commitment; an erased leaf reads as the field's default, so each has one.
"""

from __future__ import annotations

from engine.core.events.approval import (
    ApprovalAsked,
    ApprovalCancelled,
    ApprovalDoubted,
    ApprovalForced,
    ApprovalGiven,
    ApprovalRefused,
    ApprovalSilent,
    ApprovalStarted,
    RatificationLate,
    VoiceConfirmed,
    VoiceUnconfirmed,
)
from engine.core.events.base import Actor, Entry, Event
from engine.core.events.cell import (
    CallMade,
    HandedOver,
    PresenceMarked,
    PresenceSilent,
    RoleAssigned,
    RollCalled,
    SituationDue,
    SituationReported,
)
from engine.core.events.house import (
    AccountLinked,
    AccountRevoked,
    BotNamed,
    ChatMoved,
    GroupBound,
    InvitationCancelled,
    PersonInvited,
    PinSet,
    PlaceBound,
    ReachChanged,
    Reminded,
    SurfaceChanged,
)
from engine.core.events.incident import (
    DirectorAnswered,
    Erased,
    IncidentClosed,
    IncidentDeclared,
    IncidentReopened,
    SeverityChanged,
)
from engine.core.events.law import (
    ActivityChanged,
    ApplicationChanged,
    ClockBreached,
    ClockCorrected,
    ClockResumed,
    ClockStarted,
    ClockStopped,
    ClockSuspended,
    ClockWarned,
)
from engine.core.events.log import (
    DecisionMade,
    DeviationRecorded,
    EntryCorrected,
    KeptMessageChanged,
    MessageKept,
    NoteTaken,
    Said,
    TaskAdded,
    TaskFinished,
    TaskLate,
)
from engine.core.events.procedure import (
    OutcomePicked,
    RunEnded,
    RunOpened,
    RunReopened,
    T0Corrected,
    TrackEnded,
    TrackMoved,
    TrackOpened,
    WaitStarted,
)
from engine.core.events.staff import (
    LessonJudged,
    NumberChanged,
    PersonLeft,
    ReachAsked,
    ReachConfirmed,
    RoleAppointed,
)
from engine.core.events.step import (
    Escalated,
    EvidenceAdded,
    FactSet,
    ItemTicked,
    MessageSent,
    RollMarked,
    StepBlocked,
    StepTaken,
    StepWoken,
)

__all__ = [
    "AccountLinked", "AccountRevoked", "ActivityChanged", "Actor", "AnyEvent", "ApplicationChanged", "ApprovalAsked",
    "ApprovalCancelled", "ApprovalDoubted", "ApprovalEvent",
    "ApprovalForced", "ApprovalGiven", "ApprovalRefused", "ApprovalSilent", "ApprovalStarted", "AtStep",
    "BotNamed", "CallMade", "CellEvent", "ChatMoved",
    "ClockBreached", "ClockCorrected", "ClockEvent", "ClockResumed", "ClockStarted", "ClockStopped",
    "ClockSuspended", "ClockWarned", "DecisionMade", "DeviationRecorded", "DirectorAnswered", "Entry",
    "EntryCorrected", "Erased", "Escalated", "Event", "EvidenceAdded", "FactSet", "GroupBound",
    "HandedOver", "HouseEvent",
    "IncidentClosed", "IncidentDeclared", "IncidentReopened", "InvitationCancelled", "ItemTicked",
    "KeptMessageChanged", "LessonJudged", "LifecycleEvent",
    "MessageKept", "MessageSent",
    "NoteTaken", "NumberChanged", "OutcomePicked", "PersonInvited", "PersonLeft", "PinSet", "PlaceBound",
    "PresenceMarked", "PresenceSilent",
    "RatificationLate", "ReachAsked", "ReachChanged", "ReachConfirmed", "Reminded", "RoleAppointed", "RoleAssigned",
    "RollCalled", "RollMarked", "RunEnded", "RunOpened", "RunReopened", "Said", "SeverityChanged",
    "SituationDue", "SituationReported", "StaffEvent", "StepBlocked", "StepTaken", "StepWoken",
    "SurfaceChanged", "T0Corrected",
    "TaskAdded", "TaskFinished", "TaskLate", "TrackEnded", "TrackMoved", "TrackOpened", "VoiceConfirmed",
    "VoiceUnconfirmed", "WaitStarted",
]  # fmt: skip

# Families, for the state's sake

LifecycleEvent = IncidentDeclared | IncidentClosed | IncidentReopened | SeverityChanged
ApprovalEvent = (
    ApprovalAsked
    | ApprovalGiven
    | ApprovalForced
    | ApprovalRefused
    | ApprovalCancelled
    | ApprovalDoubted
    | ApprovalSilent
    | ApprovalStarted
    | RatificationLate
    | VoiceConfirmed
    | VoiceUnconfirmed
)
ClockEvent = (
    ClockStarted | ClockSuspended | ClockResumed | ClockStopped | ClockCorrected | ClockWarned | ClockBreached
)
CellEvent = (
    RoleAssigned | PresenceMarked | PresenceSilent | CallMade | RollCalled | HandedOver | DirectorAnswered
)  # fmt: skip
AtStep = StepTaken | StepWoken | ItemTicked | StepBlocked | RollMarked | WaitStarted | Escalated
StaffEvent = LessonJudged | RoleAppointed | NumberChanged | PersonLeft | ReachAsked | ReachConfirmed
HouseEvent = (
    PersonInvited | InvitationCancelled | PinSet | AccountLinked | AccountRevoked | ReachChanged
    | GroupBound | PlaceBound | ChatMoved | BotNamed | Reminded | StaffEvent
)  # fmt: skip
AnyEvent = (
    HouseEvent | SurfaceChanged
    | LifecycleEvent | ApprovalEvent | ClockEvent | CellEvent | AtStep
    | DecisionMade | DeviationRecorded | EntryCorrected | Erased | EvidenceAdded | FactSet | KeptMessageChanged
    | MessageKept | MessageSent | NoteTaken
    | OutcomePicked | RunEnded | RunOpened | RunReopened | Said | SituationDue | SituationReported | T0Corrected
    | TaskAdded | TaskFinished | TaskLate | TrackEnded | TrackMoved | TrackOpened | ActivityChanged | ApplicationChanged
)  # fmt: skip
