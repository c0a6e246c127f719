"""Who is who: people, the roles they hold, who replaces them. A plain value, read from `annuaire.yaml` by the library.

Accounts are not here: an enrolment ties them to a person, in the journal.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from msgspec.structs import replace

__all__ = ["DIRECTOR", "NOBODY", "Directory", "Person", "Post"]

DIRECTOR = "directeur_crise"
"""The role that decides when nobody else can, always defined: an ordered list of people."""

NOBODY = ""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody of the town, or a guest: how they are named, called and spoken to."""

    id: str
    name: str
    phone: str = ""
    lang: str = "fr"
    prefers: str = ""
    until: str = ""
    """A guest's last day, ISO date: from the next one they may do nothing."""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A role: its holder, then its deputies in the order they are called."""

    holder: str = NOBODY
    deputies: tuple[str, ...] = ()

    @property
    def people(self) -> tuple[str, ...]:
        return ((self.holder,) if self.holder else ()) + self.deputies

    def without(self, people: frozenset[str]) -> Post:
        """The same role, these people no longer among those who hold it."""
        holder = NOBODY if self.holder in people else self.holder
        return Post(holder=holder, deputies=tuple(one for one in self.deputies if one not in people))


class Directory(msgspec.Struct, frozen=True, kw_only=True):
    """People, roles, and who takes a role that nobody holds."""

    people: Mapping[str, Person] = {}
    roles: Mapping[str, Post] = {}
    fallback: Mapping[str, tuple[str, ...]] = {}
    """Who takes a role that nobody holds; after them the director."""
    over: frozenset[str] = frozenset()
    """Guests whose last day has passed: they still have a name, and nothing else (`on`)."""
    left: frozenset[str] = frozenset()
    """Those who said that they no longer have their functions: among `over`."""
    former: Mapping[str, str] = {}
    """Names of those who were taken out of the file while the program ran: they have nothing else either."""

    def on(self, day: str) -> Directory:
        """The directory as it is that day: whoever's last day has passed holds no role, and is nobody's deputy."""
        over = self.left.union(one.id for one in self.people.values() if one.until and day > one.until)
        if over == self.over:
            return self
        roles = {name: post.without(over) for name, post in self.roles.items()}
        return replace(self, roles=roles, over=over)

    def after(self, before: Directory) -> Directory:
        """The directory as it was read again: whoever is no longer in it keeps a name."""
        left = {one.id: one.name for one in before.people.values() if one.id not in self.people}
        return replace(self, former={**before.former, **left})

    def is_gone(self, person: str) -> bool:
        """Whether somebody who was of the cell no longer is: what was theirs falls to who replaces them.

        A directory of nobody is one that could not be read: nobody is gone then.
        """
        return person in self.over or bool(self.people and person not in self.people)

    def name(self, person: str) -> str:
        known = self.people.get(person)
        return known.name if known else self.former.get(person, person)

    def directors(self) -> tuple[str, ...]:
        post = self.roles.get(DIRECTOR)
        return post.people if post else ()

    def roles_of(self, person: str) -> Iterator[str]:
        return (role for role, post in self.roles.items() if person in post.people)
