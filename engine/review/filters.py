"""Keep some lines of the timeline: a track, kinds, people, decisions only, a span of time, a word."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.core.quantities import Instant
from engine.review.families import FAMILIES
from engine.review.timeline import Line
from engine.speech import Speech

__all__ = ["EVERYTHING", "Filter"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Each part that is given must hold; of what one part lists, any will do."""

    tracks: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    """Families (`engine.review.families`) or kinds of the journal."""
    people: tuple[str, ...] = ()
    """By id: what they did, and what somebody else typed for them."""
    decisions: bool = False
    since: Instant = 0
    until: Instant = 0
    """Both by the hour when it happened; 0: no bound."""
    search: str = ""
    """Looked for in the text and in who did it; accents and capitals don't matter."""

    @property
    def empty(self) -> bool:
        return self == EVERYTHING

    def keep(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines that pass, in their order."""
        kinds = {kind for one in self.kinds for kind in FAMILIES.get(one, (one,))}
        wanted = _folded(self.search)
        for line in lines:
            if (
                (not self.tracks or line.where.track in self.tracks)
                and (not kinds or line.kind in kinds)
                and (not self.people or line.person in self.people)
                and (not self.decisions or line.decision)
                and line.happened >= self.since
                and (not self.until or line.happened <= self.until)
                and (not wanted or wanted in _folded(f"{line.who} {line.text}"))
            ):
                yield line

    def told(self, speech: Speech, tracks: Iterable[tuple[str, str]] = ()) -> str:
        """In words, what was asked for; empty when everything was. `tracks`: their titles, by id."""
        titles = dict(tracks)
        parts = [
            *(speech.say("review.filter.track", track=titles.get(one, one)) for one in self.tracks),
            *(_kind(one, speech) for one in self.kinds),
            *(speech.person(one) for one in self.people),
            *([speech.say("review.filter.decisions")] if self.decisions else ()),
            *([speech.say("review.filter.since", at=speech.dated(self.since))] if self.since else ()),
            *([speech.say("review.filter.until", at=speech.dated(self.until))] if self.until else ()),
            *([speech.say("review.filter.search", text=self.search)] if self.search else ()),
        ]
        return ", ".join(parts)


EVERYTHING = Filter()


def _kind(name: str, speech: Speech) -> str:
    return speech.say(f"review.family.{name}" if name in FAMILIES else f"review.kind.{name}")


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
