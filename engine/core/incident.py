"""The state of an incident: what is true now, folded from its events by `evolve`.

Values are frozen and shared: an event copies only the path it touches, so that `is` tells what changed. Deadlines and
cards rely on it. Nothing here grows with the number of events, except what people must still see (tasks, facts).
No value holds a cycle: the collector needn't walk them (`gc=False`), which a thousand incidents would feel.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from engine.core.house import House
from engine.core.quantities import Instant

__all__ = [
    "WARNINGS",
    "Activity",
    "Application",
    "Approval",
    "Clock",
    "Cursor",
    "Incident",
    "Left",
    "Mark",
    "Phoned",
    "Run",
    "Signed",
    "Started",
    "Task",
    "TrackState",
]


class Mark(msgspec.Struct, gc=False, frozen=True):
    """Who did something and when."""

    by: str
    at: Instant


class Phoned(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """The last telephone call to somebody. `result`: reached, voicemail, wrong_number."""

    result: str
    by: str
    at: Instant


class Left(msgspec.Struct, gc=False, frozen=True):
    """How a step was last left: what a late press is answered with."""

    visit: int
    outcome: str
    by: str
    at: Instant
    entered_at: Instant = 0
    """When that visit began: its target is counted from there."""


class Cursor(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A track at a step: one visit of it."""

    step: str
    visit: int
    entered_at: Instant
    """When the visit began, or when it woke: what its own delays count from."""
    taken: Mark | None = None
    ticks: Mapping[int, Mark] = {}
    blocked: Mapping[str, str] = {}
    """Who said "bloqué", and why: no reminder goes to them."""
    rung: int = 0
    """The highest rung of the ladder already fired."""
    rung_at: Instant = 0
    """When that rung was due: a target moved beyond it starts the ladder again."""
    reminded: int = 0
    """How often it was reminded at the pace of the procedure, for want of a target."""
    awake: bool = True
    waits_for: int = 0
    """The run whose end this step waits for."""
    roll: Mapping[int, str] = {}


class TrackState(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """`status`: waiting, at, ended; whether it is not needed is computed (`engine.core.flow.not_needed`)."""

    status: str = "waiting"
    cursor: Cursor | None = None
    visits: Mapping[str, int] = {}
    left: Mapping[str, Left] = {}
    end: str = ""
    end_step: str = ""
    ended_at: Instant = 0

    @property
    def open(self) -> bool:
        return self.status == "at"

    @property
    def position(self) -> str | None:
        """Where the flow sees it: its step, the end it reached, or None before it opened."""
        return self.cursor.step if self.cursor else self.end_step or None


class Run(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A procedure inside the incident, pinned to a definition by its digest."""

    id: int
    runbook: str
    version: int
    digest: str
    opened_at: Instant
    t0: Instant
    t0_corrected: bool = False
    parent: int = 0
    tracks: Mapping[str, TrackState] = {}
    facts: Mapping[str, str] = {}
    unknown: frozenset[str] = frozenset()
    """Asked, and "not known for now": a visible debt."""
    picked: frozenset[str] = frozenset()
    """Outcomes picked so far, as `track.step.outcome`."""
    ended_at: Instant = 0
    end: str = ""
    result: str = ""
    handed_to: int = 0
    readiness: bool = False
    """Of a procedure that comes round (`recurs`), which no event of the world has called for."""

    @property
    def open(self) -> bool:
        return not self.end


class Signed(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    by: str
    role: str
    at: Instant
    fits: tuple[int, ...] = ()
    voice: bool = False
    entered_by: str = ""
    confirmed: bool = True
    confirm_by: Instant = 0
    source: str = ""
    """Where it was given."""
    proof: str = ""


class Started(msgspec.Struct, gc=False, frozen=True):
    """Half a signature while a surface is suspect: the same person says it again another way, or gives their PIN.

    `way`: the surface that it was said on, or voice.
    """

    by: str
    way: str
    at: Instant


class Approval(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A request for signatures. `status`: asked, owed (the act is done), complete, forced, refused, cancelled."""

    id: int
    run: int
    track: str
    step: str
    visit: int
    outcome: str
    groups: tuple[tuple[str, ...], ...]
    requested: Mark
    asked_at: Instant = 0
    """When it was recorded: silence counts from here, whatever hour the requester gives."""
    typed_by: str = ""
    """Who typed it, when the requester didn't."""
    after: bool = False
    due: Instant = 0
    signed: tuple[Signed, ...] = ()
    started: tuple[Started, ...] = ()
    status: str = "asked"
    silent: bool = False
    """Thirty minutes without an answer: the director may force."""
    late: bool = False
    reason: str = ""
    unticked: tuple[int, ...] = ()
    entries: tuple[int, ...] = ()
    """Where it was asked for and signed: they can't be erased while it is pending."""

    @property
    def pending(self) -> bool:
        return self.status in ("asked", "owed")


class Task(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    id: int
    text: str
    who: str
    role: str
    due: Instant
    added: Mark
    duty: str = ""
    done: Mark | None = None
    rung: int = 0


class Activity(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """An essential activity touched by the incident. `status`: threatened, interrupted, degraded, restored."""

    status: str
    since: Instant
    interrupted_at: Instant = 0
    restored_at: Instant = 0


class Application(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """An application that was said to be down. `status`: down, restored."""

    status: str
    since: Instant


WARNINGS = (50, 75, 90, 100)
"""The shares of a legal delay, in per cent, at which people are told; the last is its breach."""


class Clock(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """A legal delay. `status`: running, suspended, stopped. `due` 0: at once, or no fixed length."""

    id: str
    run: int
    start: Instant
    due: Instant
    set_by: str
    status: str = "running"
    warned: int = 0
    """The highest percentage already warned of."""
    breached: bool = False
    stopped_at: Instant = 0

    def threshold(self, percent: int) -> Instant:
        """When this share of the delay has run."""
        return self.start + (self.due - self.start) * percent // 100


class Incident(msgspec.Struct, gc=False, frozen=True, kw_only=True):
    """`seq`: how many entries made this state; `now`: the latest instant seen (time never runs backwards)."""

    id: str
    seq: int = 0
    now: Instant = 0
    title: str = ""
    exercise: bool = False
    readiness: bool = False
    """Nothing but readiness procedures so far: no crisis, though it is written in the same book."""
    severity: str = ""
    declared_at: Instant = 0
    declared_by: str = ""
    known_at: Instant = 0
    known_by: str = ""
    interim: str = ""
    """Interim director: whoever declared, until a director of the directory answers."""
    status: str = "none"
    """none, open, closed."""
    closed: Mark | None = None
    runs: Mapping[int, Run] = {}
    facts: Mapping[str, str] = {}
    unknown: frozenset[str] = frozenset()
    roles: Mapping[str, str] = {}
    """Role to person, where this incident departs from the directory."""
    presence: Mapping[str, str] = {}
    told_away: Mapping[str, str] = {}
    """People marked unavailable by somebody else: by whom."""
    answered: frozenset[str] = frozenset()
    """People who were here by their own act, and have not said since that they are unavailable."""
    calls: Mapping[str, tuple[Instant, int]] = {}
    """People called by the roll and silent so far: since when, highest rung fired."""
    rolled_by: str = ""
    """Who called the roll last: they see the numbers to dial."""
    phoned: Mapping[str, Phoned] = {}
    """How the last telephone call to somebody went."""
    approvals: Mapping[int, Approval] = {}
    tasks: Mapping[int, Task] = {}
    activities: Mapping[str, Activity] = {}
    applications: Mapping[str, Application] = {}
    clocks: Mapping[str, Clock] = {}
    reported_at: Instant = 0
    """Last situation report, or the opening."""
    report_reminded: bool = False
    deviations: int = 0
    evidence: int = 0
    suspect: frozenset[str] = frozenset()
    """Surfaces that are no longer trusted: nothing may be done from there."""
    house: House | None = None
    """The house's own book: of that one stream (`HOUSE`) only, which is no incident."""

    @property
    def played_out(self) -> bool:
        """A closed exercise: it owes nothing, and must ring nobody during the real thing."""
        return self.exercise and self.status == "closed"

    @property
    def open_runs(self) -> Iterator[Run]:
        return (run for run in self.runs.values() if run.open)
