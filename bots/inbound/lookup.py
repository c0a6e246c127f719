"""Find what a person names: a step, an outcome, a person, a role, a fact. Exactly, or by its beginning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from bots.inbound.values import Context, Misheard
from bots.inbound.vocabulary import close_words, is_number, plain
from engine.core.cards import Place, mine
from engine.core.commands import PickOutcome
from engine.core.directory import DIRECTOR
from engine.core.permissions import holders
from engine.core.specs import FactSpec
from engine.i18n import LANGUAGES, load_area

__all__ = [
    "best", "fact", "here", "is_called", "is_named", "labels_of", "outcome_in", "outcomes_everywhere", "person",
    "person_at_start", "place_named", "role", "split_place",
]  # fmt: skip

T = TypeVar("T")
_MYSELF = ("moi", "moi meme", "me", "myself")


def best(
    typed: str, named: Mapping[T, Iterable[str]], *, inner: bool = True, whole: bool = False
) -> tuple[T, ...]:
    """The things that a name may mean: all that it names exactly, else that it begins, else whose words it begins.

    Without `inner`, only the first two; `whole`, only the first: a line that is no more than a name must not be
    guessed at.
    """
    wanted = plain(typed)
    if not wanted:
        return ()
    known = {thing: [plain(name) for name in names] for thing, names in named.items()}
    for fits in (
        lambda name: name == wanted,
        lambda name: not whole and name.startswith(wanted),
        lambda name: inner and not whole and len(wanted) > 2 and f" {wanted}" in f" {name}",
    ):
        found = tuple(thing for thing, names in known.items() if any(fits(name) for name in names))
        if found:
            return found
    return ()


# People and roles


def person(context: Context, typed: str) -> str | Misheard:
    """A person by identifier, name, first name, or the role they hold; `moi` is whoever speaks."""
    scene = context.scene
    if plain(typed) in _MYSELF and context.person:
        return context.person
    directory = scene.world.directory
    named: dict[str, list[str]] = {
        one.id: [one.id, one.name, *one.name.split()] for one in directory.people.values()
    }
    for name in (*directory.roles, DIRECTOR):
        people = holders(name, scene.incident, directory)
        if people and people[0] in named:
            named[people[0]] += [name, *labels_of("role", name)]
    found = best(typed.lstrip("@"), named)
    if len(found) == 1:
        return found[0]
    names = tuple(directory.name(one) for one in found)
    close = close_words(typed, (one.name for one in directory.people.values()))
    return Misheard(
        code="which_person" if found else "unknown_person",
        facts={"name": typed.lstrip("@")},
        suggestions=names or tuple(one for one in close if plain(one) not in ("par", "for")),
    )


def person_at_start(context: Context, text: str) -> tuple[str, str] | Misheard:
    """Take a person off the start of a text; a name may be two or three words."""
    words = text.split()
    for count in (3, 2):
        if len(words) >= count:
            name = " ".join(words[:count])
            exact = {one.id: [one.name] for one in context.scene.world.directory.people.values()}
            found = [one for one, (full,) in exact.items() if plain(full) == plain(name)]
            if found:
                return found[0], _after(text, count)
    if not words:
        return Misheard(code="unknown_person", facts={"name": ""})
    found_one = person(context, words[0])
    return found_one if isinstance(found_one, Misheard) else (found_one, _after(text, 1))


def _after(text: str, words: int) -> str:
    pieces = text.split(None, words)
    return pieces[words] if len(pieces) > words else ""


def labels_of(kind: str, name: str) -> list[str]:
    """What the catalogues call a role, an activity…, in every language."""
    found = (load_area(lang, "cards").get(f"cards.{kind}_name.{name}") for lang in LANGUAGES)
    return [one for one in found if isinstance(one, str)]


def is_called(context: Context, typed: str) -> bool:
    """Whether this is no more than somebody's name, or a role's: they are to be called."""
    directory = context.scene.world.directory
    names = [name for one in directory.people.values() for name in (one.name, *one.name.split())]
    roles = [name for one in (*directory.roles, DIRECTOR) for name in (one, *labels_of("role", one))]
    return plain(typed) in map(plain, (*names, *roles))


def role(context: Context, typed: str) -> str | Misheard:
    """A role by identifier or by what it is called."""
    scene = context.scene
    needed = (role for run in scene.incident.open_runs for role in scene.definition(run).runbook.roles)
    known = dict.fromkeys((DIRECTOR, *scene.world.directory.roles, *needed))
    found = best(typed, {name: [name, *labels_of("role", name)] for name in known})
    if len(found) == 1:
        return found[0]
    names = tuple(context.speech.role(one) for one in found or known)
    return Misheard(code="which_role", facts={"name": typed}, suggestions=names)


# Steps and outcomes


def _names(place: Place) -> list[str]:
    """All that may name an open step; with several runs, its number and a dot come before."""
    names = [place.cursor.step, place.step.title, place.track, place.track_title]
    names.append(f"{place.track} {place.cursor.step}")
    return [*names, *(f"{place.run.id} {name}" for name in tuple(names))]


def is_named(place: Place, typed: str) -> bool:
    """Whether this name is exactly that of the step or of its track."""
    return plain(typed) in (plain(name) for name in _names(place))


def place_named(context: Context, typed: str) -> Place | Misheard:
    """An open step by its name or its track's."""
    places = {(place.run.id, place.track): place for place in context.places()}
    found = best(typed, {key: _names(place) for key, place in places.items()})
    if len(found) == 1:
        return places[found[0]]
    listed = tuple(places[key] for key in found) or tuple(places.values())
    return Misheard(
        code="which_step",
        facts={"name": typed},
        suggestions=tuple(f"{place.cursor.step} ({place.track_title})" for place in listed),
    )


def here(context: Context) -> Place | Misheard:
    """The step that words without a step are about: the one in focus, the only one of mine, the only one."""
    places = context.places()
    focus = context.shown.focus
    for place in places:
        if (place.run.id, place.track) == focus:
            return place
    own = mine(context.scene, context.person)
    taken = tuple(place for place in own if place.cursor.taken is not None)
    found = taken if len(taken) == 1 else own or places
    if len(found) == 1:
        return found[0]
    if not places:
        return Misheard(code="no_step")
    return Misheard(
        code="which_step",
        facts={"name": ""},
        suggestions=tuple(f"{place.cursor.step} ({place.track_title})" for place in found),
    )


def split_place(context: Context, text: str) -> tuple[Place | None, str]:
    """Take a step off the start of a text, if its first words are exactly one's name."""
    words = text.split()
    for count in range(min(len(words), 6), 0, -1):
        name = " ".join(words[:count])
        found = [place for place in context.places() if is_named(place, name)]
        if len(found) == 1:
            return found[0], _after(text, count)
    return None, text


def outcome_in(place: Place, typed: str) -> tuple[str, ...]:
    """The outcomes of a step that a name may mean; a number counts them from 1."""
    pressable = place.definition.pressable(place.step)
    if is_number(typed):
        return pressable[int(typed) - 1 : int(typed)] if int(typed) else ()
    return best(typed, {name: [name, place.step.outcomes[name].label] for name in pressable})


def outcomes_everywhere(context: Context, typed: str, *, whole: bool = False) -> tuple[PickOutcome, ...]:
    """The outcomes of all open steps that a name may mean, those of the exact name first."""
    found: dict[PickOutcome, list[str]] = {}
    for place in context.places():
        for name in place.definition.pressable(place.step):
            pick = PickOutcome(
                run=place.run.id,
                track=place.track,
                step=place.cursor.step,
                visit=place.cursor.visit,
                outcome=name,
            )
            found[pick] = [name, place.step.outcomes[name].label]
    return best(typed, found, whole=whole)


# Facts


def fact(context: Context, typed: str) -> str | Misheard:
    """A question by identifier or label: those of the open steps first, then of their procedures."""
    specs: dict[str, FactSpec] = {}
    asked: dict[str, FactSpec] = {}
    for place in context.places():
        facts = place.definition.facts
        specs |= facts
        wanted: Sequence[str] = (*place.step.ask, *(f for o in place.step.outcomes.values() for f in o.when))
        asked |= {name: facts[name] for name in wanted if name in facts}
    for run in context.scene.incident.runs.values():
        specs |= context.scene.definition(run).facts
    if typed in specs:
        return typed
    for known in (asked, specs):
        found = best(typed, {name: [name, spec.label] for name, spec in known.items()})
        if len(found) == 1:
            return found[0]
        if found:
            break
    return Misheard(code="which_fact", facts={"name": typed}, suggestions=tuple(found or asked))
