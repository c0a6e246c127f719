"""All the measures of one incident, in one pass over its journal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.directory import DIRECTOR, Directory
from engine.core.evolve import evolve
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.world import World
from engine.review.limits import LegalClock, legal_clock
from engine.review.metrics.outages import Episodes, Outage, union
from engine.review.metrics.owners import unowned
from engine.review.metrics.span import Moment, Span
from engine.review.metrics.stepping import StepTime, left_by, still_open
from engine.review.variants import is_decision

__all__ = ["SPANS", "Metrics", "measured"]

SPANS = ("detect", "declare", "acknowledge", "cell", "decide", "close")
"""In the order in which they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """What one incident took. Instants and lengths in milliseconds."""

    incident: Incident
    until: Instant
    """Up to when: its closing, or now."""
    spans: Mapping[str, Span]
    """By name, one of `SPANS`."""
    steps: tuple[StepTime, ...]
    outages: tuple[Outage, ...]
    degraded_ms: int | None
    """How long at least one activity ran in degraded mode; None: none was ever said to."""
    clocks: tuple[LegalClock, ...]
    handovers: tuple[int, ...]
    """The entries."""
    decisions: tuple[int, ...]
    unowned: tuple[int, ...] | None
    """Decisions whose text names nobody to carry them out; None when a decision's text was erased."""

    @property
    def late_steps(self) -> tuple[StepTime, ...]:
        return tuple(one for one in self.steps if one.late_ms)


@dataclass(slots=True)
class _Reading:
    """What is noted on the way."""

    world: World
    declared: Moment | None = None
    known: Moment | None = None
    acknowledged: Moment | None = None
    cell: Moment | None = None
    decided: Moment | None = None
    closed: Moment | None = None
    handovers: list[int] = field(default_factory=list)
    decisions: list[e.Entry] = field(default_factory=list)
    steps: list[StepTime] = field(default_factory=list)
    episodes: Episodes = field(default_factory=Episodes)

    def follow(self, entry: e.Entry, before: Incident, after: Incident) -> None:
        event = entry.event
        match event:
            case e.IncidentDeclared(known_at=known_at):
                self.declared = Moment(at=entry.at, entry=entry.seq)
                self.known = Moment(at=known_at, entry=entry.seq)
            case e.StepTaken() | e.OutcomePicked(how="pressed") if entry.actor.id and not self.acknowledged:
                self.acknowledged = Moment.of(entry)
            case e.IncidentClosed():
                self.closed = Moment.of(entry)
            case e.IncidentReopened():
                self.closed = None
            case e.HandedOver():
                self.handovers.append(entry.seq)
        if is_decision(event):
            self.decisions.append(entry)
            self.decided = self.decided or Moment.of(entry)
        if (
            self.cell is None
            and isinstance(event, e.PresenceMarked)
            and _gathered(after, self.world.directory)
        ):
            self.cell = Moment.of(entry)
        if (left := left_by(entry, before, self.world)) is not None:
            self.steps.append(left)
        self.episodes.follow(entry, before, after)


def measured(entries: Iterable[e.Entry], scene: Scene) -> Metrics:
    """Measure an incident. `scene`: as it is now; what is still open is counted until then."""
    reading, incident = _Reading(scene.world), Incident(id=scene.incident.id)
    for entry in entries:
        before, incident = incident, evolve(incident, entry)
        reading.follow(entry, before, incident)
    until = reading.closed.at if reading.closed else scene.now
    scene = replace(scene, now=until)  # measured again a month later, it is the same
    outages = tuple(reading.episodes.outages(scene))
    begun = _begun(outages, reading.known)
    return Metrics(
        incident=scene.incident,
        until=until,
        spans={
            "detect": Span(start=begun, end=reading.known),
            "declare": Span(start=reading.known, end=reading.declared),
            "acknowledge": Span(start=reading.declared, end=reading.acknowledged),
            "cell": Span(start=reading.declared, end=reading.cell),
            "decide": Span(start=reading.declared, end=reading.decided),
            "close": Span(start=reading.declared, end=reading.closed),
        },
        steps=(*reading.steps, *still_open(scene)),
        outages=outages,
        degraded_ms=_degraded(outages, until),
        clocks=tuple(legal_clock(scene, one) for one in scene.incident.clocks.values()),
        handovers=tuple(reading.handovers),
        decisions=tuple(entry.seq for entry in reading.decisions),
        unowned=unowned(reading.decisions, scene.world.directory, _roles(scene)),
    )


def _gathered(incident: Incident, directory: Directory) -> bool:
    """A director of the crisis is there, of the directory or appointed, and somebody else with them."""
    here = {person for person, status in incident.presence.items() if status == "present"}
    directors = {*directory.directors(), incident.roles.get(DIRECTOR, "")}
    return len(here) > 1 and bool(here & directors)


def _begun(outages: Iterable[Outage], known: Moment | None) -> Moment | None:
    """When it began: the first activity that is said to have stopped before anybody knew."""
    starts = (one.span.start for one in outages if one.span.start is not None)
    before = [one for one in starts if known is not None and one.at < known.at]
    return min(before, key=lambda one: one.at, default=None)


def _degraded(outages: Iterable[Outage], until: Instant) -> int | None:
    spans = [(begun, ended or max(until, begun)) for one in outages for begun, ended in one.degraded]
    return union(spans) if spans else None


def _roles(scene: Scene) -> Iterator[str]:
    for run in scene.incident.runs.values():
        with contextlib.suppress(KeyError):  # nobody has that procedure any more
            yield from scene.definition(run).runbook.roles
