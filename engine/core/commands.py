"""Commands are orders: what a person, or the clock, wants done. Deciding whether it may be is `decide`'s.

The envelope `Order` says who, when, through which door, and carries the idempotency key: the same key is answered
with the first receipt and writes nothing. Step commands carry the visit they were shown: a press on a card that has
moved on is answered with who moved it, never applied. A visit of 0 means "whichever is current" (typed commands).
"""

from __future__ import annotations

from typing import Final

import msgspec

from engine.core.quantities import Instant

__all__ = [
    "PAPER",
    "AbandonRun", "AddEvidence", "AddTask", "Approve", "AskSituation", "AssignRole", "CallRoll",
    "ChangeActivity", "ChangeApplication", "ChangeSeverity", "ChangeSurface", "CloseIncident", "Command",
    "ConfirmVoice", "Correct",
    "CorrectClock", "CorrectT0", "Decision", "Declare", "Deviate", "Erase", "FinishTask", "FireDeadline",
    "GoTo", "HandOver", "JoinRun", "KeepMessage", "MarkCall", "MarkPresence", "MarkRoll", "Note", "OpenRunbook",
    "Order", "PickOutcome", "Refuse", "ReopenIncident", "ReportBlocked", "ReportChange", "Say", "SendMessage",
    "SetFact", "Skip",
    "StartClock", "StopClock", "TakeStep", "TakeVacantRoles", "Tick",
]  # fmt: skip


class Command(
    msgspec.Struct, gc=False, frozen=True, kw_only=True, tag_field="command", tag=lambda name: name
):
    """Base of all commands."""


PAPER: Final = "paper"
"""The source of what was written by hand first, and typed in afterwards."""


class Order(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A command in its envelope."""

    incident: str
    command: Command
    by: str
    """The person of the directory who acts; empty for the clock."""
    at: Instant
    key: str
    """Idempotency key, made by the door from what the platform redelivers."""
    source: str = "terminal"
    entered_by: str = ""
    """Set when somebody else types what `by` did."""
    occurred_at: Instant | None = None
    """When it really happened, if earlier than `at`."""


# Opening and closing


class Declare(Command, frozen=True, kw_only=True):
    """Open an incident. `known_at`: first knowledge, from which the law counts; `known_by`: who knew."""

    title: str
    known_at: Instant
    known_by: str = ""
    runbook: str = ""
    severity: str = ""
    exercise: bool = False


class OpenRunbook(Command, frozen=True, kw_only=True):
    """Start a procedure. If one of that name already runs, `again` says that this is another case."""

    runbook: str
    again: bool = False


class AbandonRun(Command, frozen=True, kw_only=True):
    run: int
    reason: str


class CorrectT0(Command, frozen=True, kw_only=True):
    run: int
    t0: Instant
    reason: str


class CloseIncident(Command, frozen=True, kw_only=True):
    """Close; `confirm` accepts that runs, ratifications or clocks are still open (they are listed first)."""

    reason: str = ""
    confirm: bool = False


class ReopenIncident(Command, frozen=True, kw_only=True):
    reason: str


class ChangeSeverity(Command, frozen=True, kw_only=True):
    level: str
    reason: str = ""


class ChangeSurface(Command, frozen=True, kw_only=True):
    """Slack or Telegram is `suspect` (nothing may be done from there any more), or `sound` again."""

    surface: str
    status: str
    reason: str = ""


# Working a step


class _AtStep(Command, frozen=True, kw_only=True):
    """Where the press was made: integers and ids of the pinned definition."""

    run: int
    track: str
    step: str
    visit: int = 0


class JoinRun(_AtStep, frozen=True, kw_only=True):
    """The step waits for a procedure: `child` is the run already going ("la même"); 0 opens another."""

    child: int = 0


class TakeStep(_AtStep, frozen=True, kw_only=True):
    pass


class Tick(_AtStep, frozen=True, kw_only=True):
    """Tick (or untick) a box, numbered from 1. `name`: who did it, when somebody else ticks."""

    item: int
    done: bool = True


class SetFact(Command, frozen=True, kw_only=True):
    """Answer a question; `value` empty means "unknown for now", which stays a visible debt."""

    name: str
    value: str
    run: int = 0
    """The run whose fact it is; 0: found by name (a run's own first, then the incident's)."""


class AddEvidence(_AtStep, frozen=True, kw_only=True):
    """What was brought: a file (already stored, named by its SHA-256) or a text."""

    name: str
    sha256: str = ""
    size: int = 0
    media: str = ""
    text: str = ""


class PickOutcome(_AtStep, frozen=True, kw_only=True):
    outcome: str
    reason: str = ""
    confirm: bool = False


class Approve(Command, frozen=True, kw_only=True):
    """Vote for. `voice` names the person whose spoken yes is entered by `by`; `force` is the director's, in red.

    `proof`: `pin` when the door has checked the PIN of `by`; it matters while a surface is suspect.
    """

    approval: int
    voice: str = ""
    force: bool = False
    reason: str = ""
    proof: str = ""


class Refuse(Command, frozen=True, kw_only=True):
    approval: int
    reason: str = ""


class ConfirmVoice(Command, frozen=True, kw_only=True):
    approval: int


class ReportBlocked(_AtStep, frozen=True, kw_only=True):
    text: str


class Skip(_AtStep, frozen=True, kw_only=True):
    reason: str


class GoTo(Command, frozen=True, kw_only=True):
    """Go to any step of a track (director, with a reason)."""

    run: int
    track: str
    to: str
    reason: str


class MarkRoll(_AtStep, frozen=True, kw_only=True):
    """Set the state of one item of a roster, by its number."""

    item: int
    status: str


class SendMessage(Command, frozen=True, kw_only=True):
    """Record that a prepared text was sent."""

    run: int
    message: str
    text: str


# The cell


class AssignRole(Command, frozen=True, kw_only=True):
    role: str
    person: str


class TakeVacantRoles(Command, frozen=True, kw_only=True):
    """Give every role that the open runs need, and that nobody present holds, to `people` in turn.

    "We are three: give me the vacant roles."
    """

    people: tuple[str, ...] = ()


class MarkPresence(Command, frozen=True, kw_only=True):
    """`status`: present, coming, unavailable."""

    person: str
    status: str


class MarkCall(Command, frozen=True, kw_only=True):
    """Somebody was telephoned. `result`: reached (they come), voicemail, wrong_number (the next is called)."""

    person: str
    result: str


class CallRoll(Command, frozen=True, kw_only=True):
    """Ask everybody who holds a needed role whether they are there."""


class HandOver(Command, frozen=True, kw_only=True):
    """Hand one's roles over to somebody, with a situation report."""

    to: str
    roles: tuple[str, ...] = ()
    report: str = ""


class AskSituation(Command, frozen=True, kw_only=True):
    """Make a situation report; its text is generated by the door from the state, and may be completed."""

    text: str


# The main courante


class Note(Command, frozen=True, kw_only=True):
    text: str


class Decision(Command, frozen=True, kw_only=True):
    text: str


class Deviate(Command, frozen=True, kw_only=True):
    """Something was done outside the procedure, or without the approval it needed. Always recorded."""

    text: str
    run: int = 0
    track: str = ""
    step: str = ""


class Correct(Command, frozen=True, kw_only=True):
    entry: int
    text: str


class KeepMessage(Command, frozen=True, kw_only=True):
    """Keep what `author` wrote in a chat; the order's `occurred_at` is the hour of the message."""

    text: str
    author: str
    message: str


class ReportChange(Command, frozen=True, kw_only=True):
    """A kept message (`entry`) was edited, or `deleted`, on its platform."""

    entry: int
    text: str = ""
    deleted: bool = False


class Say(Command, frozen=True, kw_only=True):
    text: str


class AddTask(Command, frozen=True, kw_only=True):
    text: str
    who: str = ""
    due: Instant = 0


class FinishTask(Command, frozen=True, kw_only=True):
    task: int


class Erase(Command, frozen=True, kw_only=True):
    """Legal erasure: drop the plaintext of fields of entries; the chain still verifies."""

    entries: tuple[int, ...]
    reason: str
    visa: str = ""
    """Public archives require a visa before destruction (code du patrimoine, L212-2): its reference."""


# Activities and the law's clocks


class ChangeActivity(Command, frozen=True, kw_only=True):
    """`status`: interrupted, degraded, restored. The order's `occurred_at` says when."""

    activity: str
    status: str


class ChangeApplication(Command, frozen=True, kw_only=True):
    """`status`: down, restored. The order's `occurred_at` says when."""

    application: str
    status: str


class StartClock(Command, frozen=True, kw_only=True):
    clock: str
    start: Instant = 0
    reason: str = ""


class StopClock(Command, frozen=True, kw_only=True):
    clock: str
    reason: str = ""


class CorrectClock(Command, frozen=True, kw_only=True):
    clock: str
    start: Instant
    reason: str


# Time


class FireDeadline(Command, frozen=True, kw_only=True):
    """A deadline is due. It is refused, silently, if what it watched has moved on."""

    kind: str
    run: int = 0
    track: str = ""
    visit: int = 0
    subject: str = ""
    rung: int = 0
    due: Instant = 0


AnyCommand = (
    AbandonRun | AddEvidence | AddTask | Approve | AskSituation | AssignRole | CallRoll | ChangeActivity
    | ChangeApplication
    | ChangeSeverity | ChangeSurface | CloseIncident | ConfirmVoice | Correct | CorrectClock | CorrectT0 | Decision
    | Declare | Deviate | Erase | FinishTask | FireDeadline | GoTo | HandOver | JoinRun | KeepMessage | MarkCall
    | MarkPresence | MarkRoll | Note | OpenRunbook | PickOutcome | Refuse | ReopenIncident | ReportBlocked
    | ReportChange | Say
    | SendMessage | SetFact | Skip | StartClock | StopClock | TakeStep | TakeVacantRoles | Tick
)  # fmt: skip
