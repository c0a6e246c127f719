"""What a platform should show of an incident now, and where: the faces' wishes, each with its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, Protocol

import msgspec

from bots.answering.office import register_of, scene_of, titles_of
from bots.chat.faces import GROUP, View, Wanted
from bots.chat.values import Content, Place
from bots.relay.shown import Drawing, Heard, Shown, digest_of, span_of
from engine.core.events import Entry, Erased, SurfaceChanged
from engine.core.house import CRISIS, EXERCISES, Chat
from engine.core.incident import Incident
from engine.core.quantities import MINUTE, Instant
from engine.home import Home
from engine.journal.posts import Posts
from engine.timers import Clock

__all__ = ["Faces", "Painter"]

FORGOTTEN_AFTER: Final = 10 * MINUTE
"""A notice from before the book was begun may have been told: it is told again while fresh, marked as a repeat. An
older one is not, nor is one that was so old when its place was bound: the cards say what is true now."""


class Faces(Protocol):
    """What is to be shown (`bots.chat.faces`)."""

    def group_wanted(self, view: View) -> Sequence[Wanted]: ...
    def private_wanted(
        self, view: View, person: str, standing: Collection[str] | None
    ) -> Sequence[Wanted]: ...
    def notices(
        self, view: View, entries: Sequence[Entry], hashes: Mapping[int, str] | None
    ) -> Sequence[Wanted]: ...
    def retired(self, view: View, key: str, afresh: str, person: str) -> Content: ...
    def next_change(self, view: View) -> Instant: ...
    def people(self, view: View) -> Sequence[str]: ...
    def speaks_on(self, person: str, view: View) -> Sequence[str]: ...


class Painter:
    """Draws for all platforms, from the home as it is now."""

    def __init__(self, home: Home, faces: Faces, posts: Posts, clock: Clock) -> None:
        self._home, self._faces, self._posts, self._clock = home, faces, posts, clock

    def view(self, incident: Incident, surface: str, health: Mapping[str, Instant | None]) -> View:
        """Look at an incident from a platform, now."""
        home = self._home
        register = register_of(home)
        now = max(self._clock.now(), incident.now)
        return View(
            scene=scene_of(home, incident, now, register),
            house=home.house,
            surface=surface,
            lang=home.config.organisation.lang,
            titles=titles_of(home, register),
            health=health,
        )

    def draw(self, view: View, heard: Sequence[Heard]) -> Drawing:
        """What this platform should show. `heard`: the notices that may not have been told."""
        standing: dict[str, set[str]] = defaultdict(set)
        for post in self._posts.of(view.incident.id):
            if post.surface == view.surface and not post.once:
                standing[post.person].add(post.key)
        return Drawing(
            view=view,
            cards=tuple(self._cards(view, standing)),
            notices=tuple(self._placed(view, heard)),
            next_change=self._faces.next_change(view) if view.incident.status == "open" else 0,
        )

    def hear(self, view: View, after: int) -> tuple[list[Heard], set[int]]:
        """The notices of the entries that followed, and the entries that those erased."""
        reader, name = self._home.journal.reader, view.incident.id
        new = tuple(reader.entries(name, after))
        if not new:
            return [], set()
        kept_back: tuple[Entry, ...] = ()
        if not view.suspect and any(_surface(one, view) == "sound" for one in new):
            kept_back = tuple(_kept_back(reader.entries(name), view))
        recorded = {one.seq: one for one in (*kept_back, *new)}
        entries = [recorded[seq] for seq in sorted(recorded)]
        meanwhile = {one.seq for one in kept_back}
        heard: list[Heard] = []
        hashes = {row.seq: row.hash.hex() for row in reader.rows(name, entries[0].seq - 1)}
        for wanted in self._faces.notices(view, entries, hashes):
            seq = span_of(wanted.key)[1]
            at, late = recorded[seq].at, seq in meanwhile
            if late and not _only_here(view, wanted.person):
                continue  # they were told elsewhere
            doubtful = at < self._posts.born
            if not doubtful or at >= view.scene.now - FORGOTTEN_AFTER:
                heard.append(
                    Heard(wanted=wanted, at=at, doubtful=doubtful, suspect=view.suspect, meanwhile=late)
                )
        return heard, {seq for one in new if isinstance(one.event, Erased) for seq in one.event.entries}

    def missed(self, view: View, one: Heard) -> bool:
        """Whether its place was bound only long after: whoever came then needs no old news."""
        return one.at < _bound(view, one.wanted.person) - FORGOTTEN_AFTER

    def retired(self, view: View, key: str, afresh: str, person: str) -> Content:
        """What becomes of a message that is no longer the one to look at."""
        return self._faces.retired(view, key, afresh, person)

    def _cards(self, view: View, standing: Mapping[str, Collection[str]]) -> Iterator[Shown]:
        group = _group(view)
        if group is not None:
            yield from (_shown(group, "", one) for one in self._faces.group_wanted(view))
        for person in self._faces.people(view):
            spots = list(self._privates(view, person))
            if not spots:
                continue
            spoken = view.surface in self._faces.speaks_on(person, view)
            for wanted in self._faces.private_wanted(view, person, standing.get(person, ())):
                kept = wanted if spoken else msgspec.structs.replace(wanted, only_edit=True)
                yield from (_shown(place, account, kept) for place, account in spots)

    def _placed(self, view: View, heard: Sequence[Heard]) -> Iterator[Shown]:
        for one in heard:
            if view.suspect and not one.suspect:
                continue  # it was to be told before somebody else could read it
            # Where nobody could be told yet, nothing was: no excuse is needed.
            doubtful = one.doubtful and one.at >= _bound(view, one.wanted.person)
            for place, account in self._places(view, one.wanted.person):
                shown = _shown(place, account, one.wanted)
                yield msgspec.structs.replace(shown, at=one.at, doubtful=doubtful, meanwhile=one.meanwhile)

    def _places(self, view: View, person: str) -> Iterable[tuple[Place, str]]:
        if person == GROUP:
            group = _group(view)
            return [(group, "")] if group is not None else []
        return self._privates(view, person) if view.surface in self._faces.speaks_on(person, view) else []

    def _privates(self, view: View, person: str) -> Iterator[tuple[Place, str]]:
        for surface, account in view.house.accounts(person):
            if surface == view.surface and view.house.reachable(surface, account):
                chat = self._posts.chat_of(surface, account)
                yield Place(surface=surface, chat=chat, person=person), account


def _surface(entry: Entry, view: View) -> str:
    """What the entry says of this platform: suspect, sound, or nothing."""
    event = entry.event
    return event.status if isinstance(event, SurfaceChanged) and event.surface == view.surface else ""


def _kept_back(entries: Iterable[Entry], view: View) -> Iterator[Entry]:
    """What happened each time that this platform was suspect."""
    suspect = False
    for entry in entries:
        if status := _surface(entry, view):
            suspect = status == "suspect"
        elif suspect:
            yield entry


def _only_here(view: View, person: str) -> bool:
    """Whether this platform alone tells them: its group, and who has nothing else."""
    return person == GROUP or view.house.cut_off(person, {view.surface})


def _chat(view: View) -> Chat | None:
    if view.incident.readiness:
        return None  # the cell's group is for crises: a review is shown to those who have a part in it
    purpose = EXERCISES if view.incident.exercise else CRISIS
    return view.house.shows(view.incident.id, view.surface, purpose)


def _group(view: View) -> Place | None:
    found = _chat(view)
    return Place(surface=view.surface, chat=found.chat, thread=found.thread) if found else None


def _bound(view: View, person: str) -> Instant:
    """Since when the cell, or somebody, can be told things on this platform; 0 while they can't."""
    if person == GROUP:
        found = _chat(view)
        return found.since if found else 0
    links = view.house.links.values()
    return next((one.since for one in links if (one.person, one.surface) == (person, view.surface)), 0)


def _shown(place: Place, account: str, wanted: Wanted) -> Shown:
    return Shown(place=place, account=account, wanted=wanted, digest=digest_of(wanted.content))
