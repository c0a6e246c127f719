"""Rewrite entries for one reader: people by their roles, texts without what they should not get.

Identifiers of people stay inside the entries, so that the state folds as it was; the directory that tells them has
roles for names (`speech`, `scene`), and what leaves the house drops them (`engine.review.copies`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace as with_changes
from typing import Any, Final

from msgspec.structs import replace

from engine.core import events as e
from engine.core.cards import Scene
from engine.core.directory import DIRECTOR, Directory, Person
from engine.review.audiences import Audience
from engine.review.families import family_of
from engine.review.narrator import kind_of
from engine.review.redaction.patterns import Scrubber
from engine.speech import Speech

__all__ = ["PEOPLE", "Redactor"]

PEOPLE: Final = frozenset(("person", "people", "who", "to", "known_by", "instead_of"))
"""Leaves that say who, by identifier."""
_NEVER: Final = frozenset(("author", "message", "phone", "account", "salt", "digest"))
"""Leaves that identify somebody or reach them: nobody who gets roles gets these."""
_PARTICLES: Final = frozenset(("de", "du", "des", "la", "le", "les", "van", "von", "el", "al"))


class Redactor:
    """Redacts one incident for one audience, and counts what it takes out (`removed`, by type)."""

    def __init__(self, audience: Audience, speech: Speech, entries: Iterable[e.Entry]) -> None:
        self.audience, self._say = audience, speech.say
        self.removed: Counter[str] = Counter()
        names = {one.id: one.name for one in speech.directory.people.values()} | dict(speech.directory.former)
        secrets = set()
        for entry in entries:
            if isinstance(entry.event, e.FactSet) and entry.event.sensitive:
                secrets.add(entry.event.value)
            for actor in (entry.actor, entry.entered_by):
                if actor is not None and actor.id:
                    names.setdefault(actor.id, actor.name)
        self._roles = {person: _role(person, speech) for person in names}
        self.directory = self._masked(speech.directory) if self.hides("name") else speech.directory
        called = {one: self._roles[person] for person, name in names.items() for one in _calls(person, name)}
        self._scrubber = Scrubber(audience.hides, called, self._hole, secrets)

    def _hole(self, type_: str) -> str:
        return self._say(f"review.hole.{type_}")

    def hides(self, type_: str) -> bool:
        return type_ in self.audience.hides

    def knows(self, value: str) -> bool:
        """Whether this is the identifier of somebody."""
        return value in self._roles

    def speech(self, speech: Speech) -> Speech:
        """The same speech, of roles instead of names; sensitive facts are masked in texts that hold them."""
        return with_changes(speech, directory=self.directory, hides=speech.hides or self.hides("sensitive"))

    def scene(self, scene: Scene) -> Scene:
        return with_changes(scene, world=with_changes(scene.world, directory=self.directory))

    def reads(self, kind: str) -> bool:
        """Whether a document for this reader tells entries of this kind."""
        return family_of(kind) not in self.audience.unread

    def entry(self, entry: e.Entry) -> e.Entry:
        """The entry as this reader gets it."""
        if not self.audience.hides:
            return entry
        event, family = entry.event, family_of(kind_of(entry.event))
        untold = family in self.audience.untold or family in self.audience.unread
        changed = {name: self._leaf(event, name, untold=untold) for name in event.LEAVES}
        return replace(
            entry,
            event=replace(event, **changed),
            actor=self._actor(entry.actor),
            entered_by=self._actor(entry.entered_by, typist=True) if entry.entered_by else None,
        )

    def _actor(self, actor: e.Actor, *, typist: bool = False) -> e.Actor:
        if not self.hides("name") or not (actor.id or actor.name):
            return actor
        self.removed["name"] += 1
        # The role under which they acted tells who; of a typist, or of one who acted under none, what they are.
        label = self._roles.get(actor.id, self._hole("member")) if typist or not actor.role else ""
        return e.Actor(actor.id, label, actor.role)

    def _leaf(self, event: e.Event, name: str, *, untold: bool) -> Any:
        value = getattr(event, name)
        if not value:
            return value
        if name in PEOPLE:
            return self._people(value)
        if (name in _NEVER and self.hides("name")) or (
            untold and (name != "title" or not self.audience.titled)
        ):
            self.removed["name" if name in _NEVER else "text"] += 1
            return type(value)()
        if name == "value" and getattr(event, "sensitive", False) and self.hides("sensitive"):
            self.removed["sensitive"] += 1
            return ""
        if not isinstance(value, str) or value in self._roles:
            return value
        return self._scrubber.scrub(value, self.removed)

    def _people(self, value: Any) -> Any:
        """Known people are told by the directory; somebody else who is named is taken out."""
        if not self.hides("name"):
            return value
        if isinstance(value, tuple):
            return tuple(self._people(one) for one in value)
        self.removed["name"] += 1
        return value if value in self._roles else self._hole("name")

    def _masked(self, directory: Directory) -> Directory:
        people = {
            person: replace(directory.people.get(person, Person(id=person, name="")), name=role, phone="")
            for person, role in self._roles.items()
        }
        return replace(directory, people=people, former={})


def _role(person: str, speech: Speech) -> str:
    """What somebody is: the first role that they hold, else the first they stand in for; "director" tells least."""
    posts = sorted(speech.directory.roles.items(), key=lambda one: one[0] == DIRECTOR)
    held = [role for role, post in posts if post.holder == person]
    held += [role for role, post in posts if person in post.deputies]
    return speech.role(held[0]) if held else speech.say("review.hole.member")


def _calls(person: str, name: str) -> set[str]:
    """All that somebody is called: whole, and each part; their identifier, where it could be their name."""
    parts = {part for part in name.split() if len(part) > 2 and part.lower() not in _PARTICLES}
    by_id = {person} if len(person) > 3 and person.isalpha() else set()
    return {one for one in ({name.strip()} | parts | by_id) if len(one) > 2}
