"""Before the conversation: who are you, what is happening, or shall we go on where it was."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from prompt_toolkit import prompt

from bots.answering.office import Office
from bots.console.doorway import open_incidents
from bots.console.paint import console, draw_lines
from bots.console.prompting import leaves
from bots.inbound.lookup import best, labels_of
from bots.inbound.vocabulary import NO, YES, is_number, plain
from bots.lines import Line
from engine.core.cards import incident_title

__all__ = ["ask_incident", "ask_person", "ask_runbook"]


def ask_person(office: Office) -> str | None:
    """Who sits at this keyboard, by name or by function; None when they leave."""
    directory, speech = office.home.world.directory, office.speech()
    shown, known = {}, {}
    for one in directory.people.values():
        roles = [role for role, post in directory.roles.items() if post.holder == one.id]
        told = ", ".join(speech.role(role) for role in roles)
        shown[one.id] = f"{one.name} — {told}" if told else one.name
        labels = (name for role in roles for name in (role, *labels_of("role", role)))
        known[one.id] = (one.id, one.name, *one.name.split(), *labels)
    return _choose(office, "who", shown, known)


def ask_runbook(office: Office) -> str | None:
    """What is happening: "I don't know yet" first, then the procedures in plain words."""
    books = {}
    for name, title in office.runbooks.items():
        summary = office.home.library.runbook(name).summary
        books[name] = f"{title} — {summary}" if summary else title
    return _choose(office, "which", books)


def ask_incident(office: Office) -> str | None:
    """An open incident to go on with; empty when a new one is wanted; None when they leave."""
    found, say = open_incidents(office), office.words.say
    if not found:
        return ""
    new = say("console.opening.new")
    if len(found) > 1:
        named = {one.id: f"{one.id} · {incident_title(office.scene(one))}" for one in found} | {"": new}
        return _choose(office, "several", named, asking="which")
    only = found[0]
    title = say("console.opening.resume", incident=only.id, title=incident_title(office.scene(only)))
    named = {only.id: say("console.opening.go_on"), "": new}
    return _choose(office, title, named, {only.id: YES, "": NO}, asking="which")


def _choose(
    office: Office,
    title: str,
    named: Mapping[str, str],
    known: Mapping[str, Iterable[str]] | None = None,
    asking: str = "",
) -> str | None:
    """One of these, by number or by the beginning of its name; asked again until it is, or until they leave."""
    say, keys = office.words.say, list(named)
    head = say(f"console.opening.{title}") if office.words.has(f"console.opening.{title}") else title
    listed = [Line(kind="head", text=head)]
    listed += [
        Line(kind="number", label=str(number), text=words) for number, words in enumerate(named.values(), 1)
    ]
    console(sys.stdout).print(draw_lines(listed))
    while True:
        answer = _ask(say(f"console.prompt.{asking or title}"))
        if answer is None or leaves(answer):
            return None
        if is_number(answer) and 1 <= int(answer) <= len(keys):
            return keys[int(answer) - 1]
        found = _meant(answer, named, known or {})
        if len(found) == 1:
            return found[0]
        line = Line(kind="no", text=say("console.opening.choose", word=answer))
        console(sys.stdout).print(draw_lines([line]))


def _meant(answer: str, named: Mapping[str, str], known: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    exact = tuple(key for key, names in known.items() if plain(answer) in map(plain, names))
    every = {key: [key, words, *words.split(), *known.get(key, ())] for key, words in named.items()}
    return exact if len(exact) == 1 else best(answer, every)


def _ask(question: str) -> str | None:
    try:
        return prompt(question).strip()
    except (EOFError, KeyboardInterrupt):
        return None
