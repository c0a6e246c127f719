"""What a closed incident or exercise proposes to change in the plan: each taken or refused by whoever it belongs to.

Pure: the same entries propose the same. What is proposed is what the main courante shows, never a judgement: an
activity was longer down than it may be, nobody answered for a role, a step stayed late, somebody had to leave the
procedure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from engine.continuity.town import Town
from engine.core import events as e
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.runbook import Definition, Runbook

__all__ = ["KINDS", "Lesson", "lessons"]

KINDS: Final = (
    "activity", "clock", "silent", "number", "deviation", "blocked", "late",
)  # fmt: skip
"""In the order in which they weigh."""

_SEEN_BY: Final = ("dgs", "directeur_crise")
"""Who looks at what is nobody's: the first of these roles that the town has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One proposal. `seq`: the entry that shows it, by which it is named."""

    incident: str
    seq: int
    kind: str
    owner: str
    """The role that it belongs to."""
    about: str = ""
    """An activity, a clock, a role or somebody, by id; of a procedure, its title and the step's."""
    took_ms: int = 0
    """How long it was, or how late."""
    limit_ms: int = 0
    """The delay that it went over; 0: none was set."""
    text: str = ""
    """What somebody wrote."""
    exercise: bool = False

    @property
    def id(self) -> str:
        return f"{self.incident}/{self.seq}"


def lessons(
    incident: Incident, entries: Iterable[e.Entry], town: Town, definition: Callable[[str], Definition]
) -> tuple[Lesson, ...]:
    """All that a closed incident proposes, what weighs most first; nothing while it is open, or of a review."""
    if incident.status != "closed" or incident.readiness:
        return ()
    reading = _Reading(incident, town, definition)
    found = [one for entry in entries for one in reading.follow(entry)]
    found += reading.left_down()
    found += reading.late.values()
    return tuple(sorted(found, key=lambda one: (KINDS.index(one.kind), one.seq)))


@dataclass(slots=True)
class _Reading:
    """Reads the entries of one incident in their order."""

    incident: Incident
    town: Town
    definition: Callable[[str], Definition]
    down: dict[str, e.Entry] = field(default_factory=dict)
    """By activity, the entry that interrupted it."""
    late: dict[tuple[int, str, str], Lesson] = field(default_factory=dict)
    """By step, the latest that it was."""
    told: set[tuple[str, str]] = field(default_factory=set)
    """What is proposed once, however often it happened."""

    def follow(self, entry: e.Entry) -> Iterator[Lesson]:
        event = entry.event
        match event:
            case e.ActivityChanged():
                yield from self._activity(entry, event)
            case e.ClockBreached():
                yield from self._once(entry, "clock", event.clock, took_ms=event.late_ms)
            case e.PresenceSilent() if event.person:
                yield from self._once(entry, "silent", event.person)
            case e.CallMade() if event.result == "wrong_number" and event.person:
                yield from self._once(entry, "number", event.person)
            case e.DeviationRecorded() if event.text:
                yield self._lesson(
                    entry, "deviation", self._owner(event.run), self._step(event), text=event.text
                )
            case e.StepBlocked() if event.text:
                yield self._lesson(
                    entry, "blocked", self._owner(event.run), self._step(event), text=event.text
                )
            case e.Escalated() if event.rung > 1 and not event.paced:
                name = (event.run, event.track, event.step)
                known = self.late.get(name)
                if known is None or event.late_ms > known.took_ms:
                    self.late[name] = self._lesson(
                        entry, "late", self._owner(event.run), self._step(event), took_ms=event.late_ms
                    )

    def _activity(self, entry: e.Entry, event: e.ActivityChanged) -> Iterator[Lesson]:
        """An interruption ends when the activity goes on, degraded or restored."""
        if event.status == "interrupted":
            self.down.setdefault(event.activity, entry)
        elif event.status in ("degraded", "restored") and event.activity in self.down:
            since = self.down.pop(event.activity).occurred_at
            yield from self._too_long(entry, event.activity, since, entry.occurred_at)

    def left_down(self) -> Iterator[Lesson]:
        """Interrupted, and nobody said that it came back: as long as until the closing, at least."""
        if self.incident.closed:
            for activity, entry in self.down.items():
                yield from self._too_long(entry, activity, entry.occurred_at, self.incident.closed.at)

    def _too_long(self, entry: e.Entry, activity: str, since: Instant, until: Instant) -> Iterator[Lesson]:
        known = self.town.activities.get(activity)
        limit = (known.rto or known.dmia) if known else None
        if limit is not None and until > self.town.calendar.add(since, limit):
            owner = self.town.register.activities.get(activity)
            yield self._lesson(
                entry, "activity", (owner and owner.owner) or self._anybody(), activity,
                took_ms=until - since, limit_ms=limit.rough_ms,
            )  # fmt: skip

    def _once(self, entry: e.Entry, kind: str, about: str, *, took_ms: int = 0) -> Iterator[Lesson]:
        if (kind, about) not in self.told:
            self.told.add((kind, about))
            yield self._lesson(entry, kind, self._anybody(), about, took_ms=took_ms)

    def _lesson(
        self, entry: e.Entry, kind: str, owner: str, about: str, *, took_ms: int = 0, limit_ms: int = 0,
        text: str = "",
    ) -> Lesson:  # fmt: skip
        return Lesson(
            incident=self.incident.id, seq=entry.seq, kind=kind, owner=owner, about=about, took_ms=took_ms,
            limit_ms=limit_ms, text=text, exercise=self.incident.exercise,
        )  # fmt: skip

    def _runbook(self, run: int) -> Runbook | None:
        known = self.incident.runs.get(run)
        return self.definition(known.digest).runbook if known is not None else None

    def _owner(self, run: int) -> str:
        """Whoever rereads the procedure's page."""
        runbook = self._runbook(run)
        return (runbook and runbook.page_review and runbook.page_review.owner) or self._anybody()

    def _step(self, event: e.DeviationRecorded | e.StepBlocked | e.Escalated) -> str:
        runbook = self._runbook(event.run)
        if runbook is None:
            return self.incident.title
        track = runbook.tracks.get(event.track)
        step = track.steps.get(event.step) if track else None
        return f"{runbook.title}, {step.title}" if step else runbook.title

    def _anybody(self) -> str:
        return next((role for role in _SEEN_BY if role in self.town.directory.roles), _SEEN_BY[-1])
