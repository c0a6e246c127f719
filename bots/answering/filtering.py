"""Understand which lines of the timeline are asked for: options of the command line, words of a conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bots.answering.office import Office
from bots.inbound.lookup import best, labels_of
from bots.inbound.moments import YEARS, Unreadable, happened
from bots.inbound.vocabulary import is_number, plain
from engine.core.directory import DIRECTOR
from engine.core.incident import Incident
from engine.core.permissions import holders
from engine.core.quantities import Instant
from engine.core.targets import instant_of
from engine.core.world import Calendar
from engine.i18n import LANGUAGES, load_area
from engine.journal.codec import event_kinds
from engine.review.families import FAMILIES
from engine.review.filters import Filter

__all__ = ["Names", "NotOne", "asked_for", "hour", "names_of"]


_QUOTES = '"«»“” '  # not a message: what people put around a text to look for


class NotOne(Exception):
    """A name that means nothing here, or several things (`several`). `known`: what there is, or what it may mean."""

    def __init__(self, what: str, typed: str, known: tuple[str, ...], *, several: bool) -> None:
        super().__init__(typed)
        self.what, self.typed, self.known, self.several = what, typed, known, several


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What may be named in the timeline of one incident: each by all it is called."""

    tracks: Mapping[str, Sequence[str]]
    kinds: Mapping[str, Sequence[str]]
    people: Mapping[str, Sequence[str]]

    def track(self, typed: str) -> str:
        return _one("track", typed, self.tracks)

    def kind(self, typed: str) -> str:
        return _one("kind", typed, self.kinds)

    def person(self, typed: str) -> str:
        return _one("person", typed.removeprefix("@"), self.people)


def names_of(office: Office, incident: Incident) -> Names:
    """The tracks of its procedures, every kind of entry in every language, its people and their roles."""
    tracks: dict[str, list[str]] = {}
    for run in incident.runs.values():
        try:
            book = office.home.world.shelf.definition(run.digest).runbook
        except KeyError:
            tracks |= {name: [name] for name in run.tracks if name not in tracks}
            continue
        for name, track in book.tracks.items():
            tracks.setdefault(name, [name]).append(track.title)
    directory = office.home.world.directory
    people = {one.id: [one.name, one.id, *one.name.split()] for one in directory.people.values()}
    for role in (*directory.roles, DIRECTOR):
        for person in holders(role, incident, directory)[:1]:
            people.setdefault(person, []).extend((role, *labels_of("role", role)))
    return Names(tracks=tracks, kinds=_kinds(), people=people)


def _kinds() -> dict[str, list[str]]:
    """A family by its words, a kind by its own; the family first, where both are called the same."""
    families = {one: [*_worded(f"review.family.{one}"), one] for one in FAMILIES}
    taken = {plain(word) for words in families.values() for word in words}
    kinds = {
        kind: [word for word in (*_worded(f"review.kind.{kind}"), kind) if plain(word) not in taken]
        for kind in event_kinds()
    }
    return families | kinds


def _worded(key: str) -> list[str]:
    return [str(load_area(lang, "review")[key]) for lang in LANGUAGES]


def _one(what: str, typed: str, named: Mapping[str, Sequence[str]]) -> str:
    found = best(typed, named, inner=False)
    families = [one for one in found if what == "kind" and one in FAMILIES]
    if len(found) == 1 or len(families) == 1:  # a family holds the kind that is called like it
        return (families or found)[0]
    shown = found or tuple(one for one in named if what != "kind" or one in FAMILIES)
    raise NotOne(what, typed, tuple(named[one][0] for one in shown), several=bool(found))


def hour(typed: str, calendar: Calendar, now: Instant) -> Instant:
    """An hour as people type it, or in ISO 8601; without a day, the last time it was that hour. Raises Unreadable."""
    try:
        year = datetime.fromisoformat(typed).year
    except ValueError:
        return happened(typed.removeprefix("@"), calendar, now)
    found = instant_of(typed, calendar) if len(typed) >= len("2026-11-24") and year in YEARS else None
    return happened(typed, calendar, now) if found is None else found


def asked_for(subject: str, names: Names, calendar: Calendar, now: Instant) -> tuple[Filter, int]:
    """The filter that the words after `chrono` mean, and how many of the last lines: 0 when it isn't said.

    Words that name a track, a kind, a person (`@marie`) or an hour (`depuis 14:00`) are taken from the front; what
    follows, and what stands in quotes, is looked for in the text.
    """
    keep, count, words = Filter(), 0, subject.split()
    while words and words[0][0] not in _QUOTES:
        taken = _bound(words, keep, calendar, now) or _named(words, keep, names)
        if taken is None and is_number(words[0]) and not count and len(words[0]) < 6:
            count, words = int(words[0]), words[1:]
        elif taken is None:
            break
        else:
            keep, words = taken
    return replace(keep, search=" ".join(words).strip(_QUOTES)), count


def _bound(
    words: list[str], keep: Filter, calendar: Calendar, now: Instant
) -> tuple[Filter, list[str]] | None:
    side = {"depuis": "since", "since": "since", "avant": "until", "before": "until"}.get(plain(words[0]))
    if side is None:
        return None
    for length in (2, 1):
        if len(words) > length:
            try:
                at = hour(" ".join(words[1 : length + 1]), calendar, now)
            except Unreadable:
                continue
            found = replace(keep, since=at) if side == "since" else replace(keep, until=at)
            return found, words[length + 1 :]
    return None


def _named(words: list[str], keep: Filter, names: Names) -> tuple[Filter, list[str]] | None:
    if words[0].startswith("@") and len(words[0]) > 1:
        return replace(keep, people=(*keep.people, names.person(words[0]))), words[1:]
    if plain(words[0]) in ("decision", "decisions"):
        return replace(keep, decisions=True), words[1:]
    for length in range(min(len(words), 4), 0, -1):
        typed = " ".join(words[:length])
        if track := _whole(typed, names.tracks):
            return replace(keep, tracks=(*keep.tracks, track)), words[length:]
        if kind := _whole(typed, names.kinds):
            return replace(keep, kinds=(*keep.kinds, kind)), words[length:]
    return None


def _whole(typed: str, named: Mapping[str, Sequence[str]]) -> str:
    """What is called exactly this (a final s aside): a word to look for must not be guessed at."""
    wanted = plain(typed)
    fits = [one for one, called in named.items() if wanted in map(plain, called)]
    fits = fits or [one for one, called in named.items() if wanted + "s" in map(plain, called)]
    return fits[0] if len(fits) == 1 else ""
