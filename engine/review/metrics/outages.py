"""Each time an activity was down: from when to when, and how long it ran degraded meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.incident import Activity, Incident
from engine.core.outages import RESTORED, THREATENED
from engine.core.quantities import Instant
from engine.review.limits import Limit, limit
from engine.review.metrics.span import Moment, Span

__all__ = ["Episodes", "Outage", "union"]

DEGRADED = "degraded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """One interruption of one activity, from the hour it stopped to the hour it was whole again."""

    activity: str
    span: Span
    degraded: tuple[tuple[Instant, Instant], ...] = ()
    """When it ran in degraded mode; an end of 0 while it still does."""
    rto: Limit | None = None
    dmia: Limit | None = None


class _Seen(NamedTuple):
    """An activity as one entry left it."""

    state: Activity
    entry: int


@dataclass(slots=True)
class Episodes:
    """Follows the activities of an incident, entry after entry."""

    seen: dict[str, list[list[_Seen]]] = field(default_factory=dict)
    """By activity, its interruptions: each the states it went through."""

    def follow(self, entry: e.Entry, before: Incident, after: Incident) -> None:
        """Take in what this entry changed."""
        if after.activities is before.activities:
            return
        for name, now in after.activities.items():
            was = before.activities.get(name)
            if now is was:
                continue
            told = self.seen.setdefault(name, [])
            if was is None or (was.status == RESTORED and now.status != RESTORED):
                told.append([])
            if told[-1] and told[-1][-1].state.status == now.status:
                told[-1].pop()  # the same again corrects its hour
            told[-1].append(_Seen(now, entry.seq))

    def outages(self, scene: Scene) -> Iterator[Outage]:
        """The interruptions. What was only threatened, and never said to have stopped, is none."""
        for name, told in self.seen.items():
            for states in told:
                if any(one.state.status not in (THREATENED, RESTORED) for one in states) or _unsaid(states):
                    yield _outage(name, states, scene)


def _unsaid(states: Sequence[_Seen]) -> bool:
    """Said to be whole again, though nobody had said that it stopped."""
    return states[-1].state.interrupted_at == 0


def _outage(name: str, states: Sequence[_Seen], scene: Scene) -> Outage:
    last = states[-1].state
    begun, ended = last.interrupted_at, last.restored_at
    first = next((one.entry for one in states if one.state.interrupted_at == begun), states[0].entry)
    known = scene.register.get(name)
    hours = [*(one.state.since for one in states[1:]), 0]
    return Outage(
        activity=name,
        span=Span(
            start=Moment(at=begun, entry=first) if begun else None,
            end=Moment(at=ended, entry=states[-1].entry) if ended else None,
        ),
        rto=limit(scene, begun, ended, known.rto) if known else None,
        dmia=limit(scene, begun, ended, known.dmia) if known else None,
        degraded=tuple(
            (one.state.since, until)
            for one, until in zip(states, hours, strict=True)
            if one.state.status == DEGRADED and (not until or until > one.state.since)
        ),
    )


def union(spans: Iterable[tuple[Instant, Instant]]) -> int:
    """How long at least one of these lasts, in milliseconds: two at once count once."""
    total, reached = 0, 0
    for begun, ended in sorted(spans):
        total += max(ended - max(begun, reached), 0)
        reached = max(reached, ended)
    return total
