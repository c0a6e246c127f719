"""What the town must do, and when: reviews that come round, pages to reread, measures to finish.

Pure: the same town, main courante and day give the same answer. A review counts as done when a run of its procedure
has ended, for real, with its proof beside it; one without proof stays due, and is told apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.continuity.town import Town, day_in
from engine.core.house.staff import Judged
from engine.core.incident import Incident
from engine.core.permissions import who_may
from engine.core.quantities import Duration, Instant
from engine.core.runbook import Runbook

__all__ = [
    "LESSON",
    "MEASURE",
    "PAGE",
    "REVIEW",
    "Done",
    "Due",
    "History",
    "Past",
    "due",
    "history",
    "person_for",
]

REVIEW, PAGE, MEASURE, LESSON = "review", "page", "measure", "lesson"

_ENDS: Final = ("closed", "retex")
_SEEN: Final[Mapping[str, tuple[str, ...]]] = {"g3_clos": ("G3", "G4"), "g4_clos": ("G4",)}
"""The occasions that the main courante knows of: a real incident as grave as this was closed. The others happen
elsewhere (somebody arrives, a contract ends), and are only recalled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A run that went to its end."""

    at: Instant
    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the main courante knows of one procedure; exercises prove nothing."""

    done: Done | None = None
    """Its last run that ended with proof."""
    unproved: Done | None = None
    """A later one, that ended without any."""
    open: str = ""
    """Where a run of it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the main courante says that the calendar needs."""

    opened: Instant
    """When the town began to keep it: since then what was never done is due."""
    runs: Mapping[str, History]
    closed: tuple[tuple[Instant, str], ...] = ()
    """Real incidents that were closed, with their gravity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to do by a day."""

    kind: str
    id: str
    title: str
    owner: str
    """A role; empty when nobody was named."""
    on: date
    why: str
    """never, pace, reread, measure, or the occasion that called for it."""
    past: History = History()
    also_on: tuple[str, ...] = ()
    """Occasions that call for it and that the main courante doesn't see."""
    brief: bool = False
    """Comes round so often that an alarm a week before would be the last one."""

    @property
    def name(self) -> str:
        return f"{self.kind}:{self.id}"

    def late_days(self, today: date) -> int:
        """Days past its day; 0 the day itself, negative before."""
        return (today - self.on).days


def history(incidents: Iterable[Incident], now: Instant, founded: Instant = 0) -> Past:
    """Read the main courante. `founded`: its first entry, when that is no incident's."""
    runs: dict[str, History] = {}
    closed: list[tuple[Instant, str]] = []
    first = [founded] if founded else []
    for incident in incidents:
        first.append(incident.declared_at)
        if incident.exercise:
            continue
        if incident.closed is not None and not incident.readiness:
            closed.append((incident.closed.at, incident.severity))
        for run in incident.runs.values():
            known = runs.get(run.runbook, History())
            done = Done(at=run.ended_at, incident=incident.id)
            if run.open and incident.status == "open":
                known = History(done=known.done, unproved=known.unproved, open=incident.id)
            elif run.end in _ENDS:
                known = _ended(known, done, proved=incident.evidence > 0)
            runs[run.runbook] = known
    return Past(opened=min(first, default=now), runs=runs, closed=tuple(closed))


def _ended(known: History, done: Done, *, proved: bool) -> History:
    last, unproved = known.done, known.unproved
    if proved:
        last = max((one for one in (last, done) if one), key=lambda one: one.at)
    else:
        unproved = max((one for one in (unproved, done) if one), key=lambda one: one.at)
    if last is not None and unproved is not None and unproved.at <= last.at:
        unproved = None
    return History(done=last, unproved=unproved, open=known.open)


def due(town: Town, past: Past, lessons: Mapping[str, Judged] | None = None) -> tuple[Due, ...]:
    """All that has a day: reviews and measures, those to come too; pages only once they are to be reread.

    `lessons`: what became of the proposals of closed incidents; those that were taken are measures like others.
    """
    found = [*_reviews(town, past), *_pages(town, past), *_measures(town), *_taken(lessons or {})]
    return tuple(sorted(found, key=lambda one: (one.on, one.kind, one.id)))


def person_for(owner: str, town: Town) -> str:
    """Who does it today: the holder of the role, else who stands in, else who would direct a crisis."""
    roles = (owner,) if owner else ()
    return next(iter(who_may(roles, Incident(id=""), town.directory)), "")


def _reviews(town: Town, past: Past) -> Iterator[Due]:
    for name, runbook in town.runbooks.items():
        if not runbook.is_readiness:
            continue
        known = past.runs.get(name, History())
        on, why = _next(town, past, runbook, known)
        occasions = [one for recurrence in runbook.recurs for one in recurrence.on]
        if on is not None:
            pace = _pace(runbook)
            yield Due(
                kind=REVIEW, id=name, title=runbook.title, owner=_first_role(runbook), on=on, why=why, past=known,
                also_on=tuple(one for one in occasions if one not in _SEEN),
                brief=pace is not None and pace.rough_ms < _MONTH.rough_ms,
            )  # fmt: skip


_MONTH: Final = Duration(months=1)


def _next(town: Town, past: Past, runbook: Runbook, known: History) -> tuple[date | None, str]:
    """When a review is next due, and why: the earliest of its pace and of what has happened since it was done."""
    if known.done is None:
        return town.calendar.local(past.opened).date(), "never"
    last, found = known.done.at, list[tuple[date, str]]()
    if (pace := _pace(runbook)) is not None:
        found.append((town.after(town.calendar.local(last).date(), pace), "pace"))
    for recurrence in runbook.recurs:
        for occasion in recurrence.on:
            since = [at for at, gravity in past.closed if at > last and gravity in _SEEN.get(occasion, ())]
            found += [(town.calendar.local(at).date(), occasion) for at in since[:1]]
    return min(found, default=(None, ""))


def _pace(runbook: Runbook) -> Duration | None:
    """The shortest that it gives itself."""
    paces = [one.every for one in runbook.recurs if one.every is not None]
    return min(paces, key=lambda one: one.rough_ms, default=None)


def _first_role(runbook: Runbook) -> str:
    """Whose turn it is first: they start it."""
    for track in runbook.tracks.values():
        if not track.openers:
            return next(iter(track.steps[track.first].role), "")
    return ""


def _pages(town: Town, past: Past) -> Iterator[Due]:
    for name, runbook in town.runbooks.items():
        if runbook.page_review is None:
            continue
        last, every = town.reread(name), runbook.page_review.every
        on = town.after(last, every) if last else town.calendar.local(past.opened).date()
        if on <= town.today:
            yield Due(
                kind=PAGE, id=name, title=runbook.title, owner=runbook.page_review.owner, on=on,
                why="reread" if last else "never",
            )  # fmt: skip


def _measures(town: Town) -> Iterator[Due]:
    for name, one in town.register.measures.items():
        if one.due is not None and not one.over:
            owner = one.owner or ""
            yield Due(kind=MEASURE, id=name, title=one.title, owner=owner, on=one.due, why="measure")


def _taken(lessons: Mapping[str, Judged]) -> Iterator[Due]:
    for name, one in lessons.items():
        day = day_in(one.due)
        if one.state == "taken" and day is not None:
            yield Due(kind=LESSON, id=name, title=one.text, owner=one.owner, on=day, why="lesson")
