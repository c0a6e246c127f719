"""What the cards read: an incident at one instant, in its world, with the few questions they all ask of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.cards.values import Due, Named, Text
from engine.core.incident import Cursor, Incident, Mark, Run, TrackState
from engine.core.permissions import holders, is_away, who_may
from engine.core.quantities import Duration, Instant
from engine.core.runbook import Definition, Step
from engine.core.targets import due, facts_of, moment
from engine.core.world import World

__all__ = ["Limits", "Place", "Scene", "next_change"]

_THRESHOLDS = (50, 75, 90, 100)
_NEXT_UPDATE = "next_update_at"
_HOLE = re.compile(r"\{\{-?\s*([A-Za-z_][A-Za-z0-9_]*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An open step: where a track stands."""

    run: Run
    track: str
    state: TrackState
    cursor: Cursor
    definition: Definition

    @property
    def step(self) -> Step:
        return self.definition.step(self.track, self.cursor.step)

    @property
    def track_title(self) -> str:
        return self.definition.runbook.tracks[self.track].title


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the town's register says of an activity: its name, by when it must be back, when harm is unacceptable."""

    title: str
    rto: Duration | None = None
    dmia: Duration | None = None
    degraded: str = ""
    """How it goes on meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """An incident, its world, now."""

    incident: Incident
    world: World
    now: Instant
    register: Mapping[str, Limits] = field(default_factory=dict)
    keeping: Callable[[], Mapping[str, tuple[str, ...]]] = dict
    """By activity, the procedures that keep it going: all have to be read to know, so only once one is wanted."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "world", self.world.at(self.now))

    def definition(self, run: Run) -> Definition:
        return self.world.shelf.definition(run.digest)

    def places(self) -> Iterator[Place]:
        """The open steps of the open runs, in the order in which people read them."""
        for run in self.incident.runs.values():
            if run.open:
                definition = self.definition(run)
                for track in definition.runbook.tracks:
                    state = run.tracks.get(track)
                    if state is not None and state.open and state.cursor is not None:
                        yield Place(
                            run=run, track=track, state=state, cursor=state.cursor, definition=definition
                        )

    def place(self, run: int, track: str) -> Place | None:
        return next((one for one in self.places() if one.run.id == run and one.track == track), None)

    def name(self, person: str) -> str:
        return self.world.directory.name(person)

    def phone(self, person: str) -> str:
        known = self.world.directory.people.get(person)
        return known.phone if known else ""

    def name_and_phone(self, person: str) -> str:
        return " ".join(filter(None, (self.name(person), self.phone(person))))

    def first_for(self, roles: tuple[str, ...]) -> str:
        """The first person to turn to for these roles, those marked unavailable left out."""
        people = who_may(roles, self.incident, self.world.directory)
        return next((one for one in people if not is_away(one, self.incident)), "")

    def taken(self, place: Place) -> Mark | None:
        """Who took this step and when; None when nobody did, or whoever did is no longer of the cell."""
        taken = place.cursor.taken
        return None if taken is None or self.world.directory.is_gone(taken.by) else taken

    def is_vacant(self, roles: tuple[str, ...]) -> bool:
        return not any(holders(role, self.incident, self.world.directory) for role in roles)

    def due(self, place: Place) -> Due | None:
        """By when this step should be done, or when it wakes."""
        return self.delay(place.cursor.entered_at, self.target(place))

    def target(self, place: Place) -> Instant | None:
        calendar = self.world.calendar
        return due(place.definition, self.incident, place.run, place.track, place.cursor, calendar)

    def wake(self, place: Place) -> Instant | None:
        """When a sleeping step wakes; None when it is awake, or while its fact is unknown."""
        wake, calendar = place.step.wake, self.world.calendar
        if wake is None or place.cursor.awake:
            return None
        return moment(wake, place.definition, self.incident, place.run, place.cursor, calendar)

    def delay(self, start: Instant, at: Instant | None) -> Due | None:
        if at is None:
            return None
        total = max(at - start, 1)
        spent = max(self.now - start, 0) * 100 // total if self.now < at else 100
        return Due(at=at, start=start, reached=max((t for t in _THRESHOLDS if t <= spent), default=0))

    def next_report(self) -> Instant:
        """When the next situation report is due, at the pace of the quickest open run; 0 when none is."""
        paces = [
            pace.every for run in self.incident.open_runs if (pace := self.definition(run).runbook.updates)
        ]
        if not paces or self.incident.status != "open":
            return 0
        return self.world.calendar.add(self.incident.reported_at, min(paces, key=lambda one: one.rough_ms))

    def text(self, source: str, run: Run, definition: Definition) -> Text:
        """A text with only the facts that it names: another fact must not make its card look changed.

        `next_update_at` is always known: when the next situation report is due.
        """
        known, named = dict(facts_of(self.incident, run)), dict.fromkeys(_HOLE.findall(source))
        if _NEXT_UPDATE in named and (at := self.next_report()):
            known.setdefault(_NEXT_UPDATE, self.world.calendar.local(at).isoformat(timespec="minutes"))
        return Text(
            source=source,
            facts={name: known[name] for name in named if name in known},
            masked=tuple(n for n in named if n in definition.facts and definition.facts[n].sensitive),
        )

    def activity(self, activity: str) -> Named:
        known = self.register.get(activity)
        return Named("activity", activity, known.title if known else "")


def next_change(delay: Due | None, now: Instant) -> Instant:
    """When this delay next crosses a threshold; 0 when it won't any more."""
    if delay is None:
        return 0
    total = delay.at - delay.start
    marks = (delay.start + total * threshold // 100 for threshold in _THRESHOLDS)
    return next((mark for mark in marks if mark > now), 0)
