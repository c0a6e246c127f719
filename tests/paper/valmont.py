"""A small town of its own, so that the golden pages change only when the paper does."""

from __future__ import annotations

from pathlib import Path

from engine.core.directory import Directory, Person, Post
from engine.core.runbook import Definition
from engine.core.world import Calendar, World
from engine.i18n import Words
from engine.library.catalogue import Library
from engine.paper.material import Material

__all__ = ["PEOPLE", "material", "with_phone"]

TOWN = Path(__file__).parent / "town"
PEOPLE = Directory(
    people={
        "p1": Person(id="p1", name="Hélène Castaing", phone="06 39 98 01 11"),
        "p2": Person(id="p2", name="Marc Ollivier", phone="06 39 98 01 22"),
        "p3": Person(id="p3", name="Thierry Lacombe"),
        "p4": Person(id="p4", name="Une invitée", phone="06 39 98 01 44", until="2026-12-31"),
    },
    roles={
        "maire": Post(holder="p1", deputies=("p2",)),
        "directeur_crise": Post(holder="p1", deputies=("p2",)),
        "dgs": Post(holder="p2"),
        "dsi": Post(holder="p3", deputies=("p2",)),
        "dpo": Post(),
    },
    fallback={"dpo": ("dgs",)},
)


class _NoShelf:
    def current(self, runbook: str) -> str | None:
        return None

    def definition(self, digest: str) -> Definition:
        raise KeyError(digest)


def material(
    lang: str = "fr",
    *,
    people: Directory = PEOPLE,
    library: Library | None = None,
    town: str = "Ville de Valmont",
) -> Material:
    world = World(directory=people, shelf=_NoShelf(), calendar=Calendar(), organisation=town)
    return Material(library=library or Library(TOWN), world=world, words=Words(lang))


def with_phone(person: str, phone: str) -> Directory:
    """The directory, one number changed."""
    one = PEOPLE.people[person]
    changed = Person(id=one.id, name=one.name, phone=phone, until=one.until)
    return Directory(people={**PEOPLE.people, person: changed}, roles=PEOPLE.roles, fallback=PEOPLE.fallback)
