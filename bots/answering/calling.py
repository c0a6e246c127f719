"""Whom to call, and at which number: a terminal calls nobody, so that it must say what the hand is to dial."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bots.answering.asking import Asking
from bots.inbound.lookup import labels_of
from bots.inbound.vocabulary import plain
from bots.lines import Line
from engine.core import permissions
from engine.core.cards import Scene
from engine.core.cards.sections import needed_roles
from engine.core.directory import DIRECTOR
from engine.speech import Speech

__all__ = ["directory", "to_call"]


def to_call(scene: Scene, speech: Speech) -> Iterator[Line]:
    """Those who were called and are silent, in the order of the directory, each with their number."""
    silent = [one for one in scene.world.directory.people if one in scene.incident.calls]
    if silent:
        yield Line(kind="call", text=speech.say("console.directory.to_call"))
    yield from (_person(scene, speech, one) for one in silent)


def directory(talk: Asking, asked: str) -> Iterator[Line]:
    """The public numbers, then everybody; or those that a name, a role or a word finds."""
    scene, speech = talk.scene, talk.speech
    people = [one for one in scene.world.directory.people if _fits(asked, _names(scene, one))]
    roles = tuple(_roles_named(scene, asked)) if asked else ()
    if asked and roles:
        for role in roles:
            yield from _role(scene, speech, role)
        return
    contacts = tuple(_contacts(talk, asked))
    if contacts:
        yield Line(kind="label", text=speech.say("console.directory.contacts"))
    yield from contacts
    if people:
        yield Line(kind="label", text=speech.say("console.directory.people"))
    yield from (_person(scene, speech, one) for one in people)
    if not people and not contacts:
        yield Line(kind="no", text=speech.say("console.directory.nobody", name=asked))


def _names(scene: Scene, person: str) -> list[str]:
    return [person, scene.name(person), *scene.name(person).split()]


def _fits(asked: str, names: Iterable[str]) -> bool:
    return not asked or any(plain(asked) in plain(name) for name in names)


def _roles_named(scene: Scene, asked: str) -> Iterator[str]:
    for role in dict.fromkeys((DIRECTOR, *scene.world.directory.roles, *needed_roles(scene))):
        if plain(asked) in (plain(name) for name in (role, *labels_of("role", role))):
            yield role


def _role(scene: Scene, speech: Speech, role: str) -> Iterator[Line]:
    """Who holds a role, then who replaces them."""
    yield Line(kind="label", text=speech.role(role))
    people = permissions.who_may((role,), scene.incident, scene.world.directory)
    if not people:
        yield Line(kind="no", text=speech.say("cards.cell.nobody"))
    yield from (_person(scene, speech, one, roles=False) for one in people)


def _person(scene: Scene, speech: Speech, person: str, *, roles: bool = True) -> Line:
    directory = scene.world.directory
    phone = scene.phone(person) or speech.say("console.directory.no_number")
    held = [role for role, post in directory.roles.items() if post.people[:1] == (person,)]
    held = [role for role, one in scene.incident.roles.items() if one == person and role not in held] + held
    told = ", ".join(speech.role(role) for role in held)
    text = f"{phone} — {told}" if roles and told else phone
    return Line(kind="item", text=text, label=scene.name(person), id=person)


def _contacts(talk: Asking, asked: str) -> Iterator[Line]:
    """The public numbers; those that are local, and that the town hasn't written yet, in one line."""
    speech = talk.speech
    found = {
        name: one
        for name, one in talk.office.home.library.contacts.items()
        if _fits(asked, (name, one.title))
    }
    for name, contact in found.items():
        if contact.channel:
            doubt = "" if contact.certainty == "sur" else f" ({speech.say('cards.clock.to_confirm')})"
            yield Line(kind="item", text=f"{contact.channel}{doubt}", label=contact.title, id=name)
    if missing := ", ".join(one.title for one in found.values() if not one.channel):
        yield Line(kind="item", text=missing, label=speech.say("console.directory.local"))
