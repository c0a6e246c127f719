"""What every export is made of: one incident as one reader may see it, its lines, and how to prove them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.incident import Activity, Incident
from engine.core.outages import THREATENED
from engine.core.quantities import Instant
from engine.review.audiences import AUDIENCES
from engine.review.filters import Filter
from engine.review.limits import LegalClock, Limit, legal_clock, limit
from engine.review.narrator import Narrator
from engine.review.timeline import Line, timeline
from engine.speech import Speech

__all__ = [
    "UNREAD",
    "Dossier",
    "Interruption",
    "LegalClock",
    "Limit",
    "audience_notes",
    "dossier_of",
    "extract",
]


UNREAD: Final = "line"
"""Entries left out whole, as a type of what is removed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """An activity that the incident touched."""

    id: str
    title: str
    status: str
    """threatened, interrupted, degraded, restored."""
    begun: Instant
    """0: never said to have stopped."""
    ended: Instant = 0
    lasted: int = 0
    """Milliseconds, until now while it goes on."""
    rto: Limit | None = None
    dmia: Limit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """The incident as this reader may see it: already redacted when it is for somebody (`audience`)."""

    scene: Scene
    speech: Speech
    lines: Sequence[Line]
    head: str
    """The last seal of its chain, in hexadecimal."""
    audience: str = ""
    """Whom it is for: a name of `engine.review.audiences`; empty for the crisis team itself."""
    removed: Mapping[str, int] = field(default_factory=dict)
    """What this reader doesn't get: type to how many. Every document tells it."""
    extract: str = ""
    """In words, the filter that the lines went through; empty when they are all there. Every document tells it."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What every document says before all else: an extract, a copy for somebody, what was taken out."""
        told = audience_notes(self.speech, self.audience, self.removed)
        return (*((self.extract,) if self.extract else ()), *told)

    @property
    def partial(self) -> bool:
        """Some lines aren't here: that there is none of a sort can't be said."""
        return bool(self.extract or self.removed.get(UNREAD))

    def leaves_out(self, family: str) -> bool:
        """Whether this reader gets nothing of these entries (`engine.review.families`)."""
        known = AUDIENCES.get(self.audience)
        return known is not None and family in known.unread

    @property
    def incident(self) -> Incident:
        return self.scene.incident

    @property
    def exercise(self) -> bool:
        return self.incident.exercise

    @property
    def mark(self) -> str:
        """What nobody may miss on an exercise; empty for the real thing."""
        return self.speech.say("cards.heading.exercise") if self.exercise else ""

    def marked(self, text: str) -> str:
        """A text that must say by itself that it is of an exercise."""
        return " ".join(filter(None, (self.mark, text)))

    @property
    def clocks(self) -> tuple[LegalClock, ...]:
        return tuple(legal_clock(self.scene, one) for one in self.incident.clocks.values())

    @property
    def activities(self) -> tuple[Interruption, ...]:
        touched = self.incident.activities.items()
        return tuple(_interruption(self.scene, *one) for one in touched if one[1].status != THREATENED)


def dossier_of(
    entries: Iterable[e.Entry],
    speech: Speech,
    scene: Callable[[Incident], Scene],
    *,
    head: str,
    redacted: bool = False,
) -> Dossier:
    """Fold the entries and tell them. `scene` sets the folded incident in its town, at the hour of the reader."""
    entries = tuple(entries)
    first = entries[0].incident if entries else ""
    narrator = Narrator(speech, scene(Incident(id=first)).world, redacted=redacted)
    lines = timeline(entries, narrator)
    return Dossier(scene=scene(narrator.incident), speech=speech, lines=lines, head=head)


def audience_notes(speech: Speech, audience: str, removed: Mapping[str, int]) -> tuple[str, ...]:
    """For whom a copy is, what was taken out of it, and that it is to be reread before it leaves."""
    if not audience:
        return ()
    listed = [
        speech.say(f"review.removed.{one}", count=removed[one]) for one in sorted(removed) if removed[one]
    ]
    name = speech.say(f"review.audience.{audience}")
    if not listed:
        return (speech.say("review.copy.whole", audience=name),)
    return (
        speech.say("review.copy.for", audience=name, removed=", ".join(listed)),
        speech.say("review.copy.reread"),
    )


def extract(dossier: Dossier, keep: Filter) -> Dossier:
    """Only the lines that pass the filter; the document says that it is an extract, and of how many."""
    if keep.empty:
        return dossier
    lines = tuple(keep.keep(dossier.lines))
    tracks = ((one.where.track, one.where.track_title) for one in dossier.lines)
    told = dossier.speech.say(
        "review.filter.extract",
        filter=keep.told(dossier.speech, tracks),
        count=len(lines),
        total=len(dossier.lines),
    )
    return replace(dossier, lines=lines, extract=told)


def _interruption(scene: Scene, name: str, activity: Activity) -> Interruption:
    begun, ended = activity.interrupted_at, activity.restored_at
    limits = scene.register.get(name)
    return Interruption(
        id=name,
        title=limits.title if limits else name.replace("_", " "),
        status=activity.status,
        begun=begun,
        ended=ended,
        lasted=(ended or scene.now) - begun if begun else 0,
        rto=limit(scene, begun, ended, limits.rto if limits else None),
        dmia=limit(scene, begun, ended, limits.dmia if limits else None),
    )
