"""Before the conversation: who are you, what is happening, or shall we go on where it was."""

from __future__ import annotations

import sys
from collections.abc import Mapping

from prompt_toolkit import prompt

from bots.console.doorway import open_incidents
from bots.console.office import Office
from bots.console.paint import console, draw_lines
from bots.inbound.lookup import best
from bots.inbound.vocabulary import is_number, plain
from bots.lines import Line

__all__ = ["ask_incident", "ask_person", "ask_runbook"]

_YES = ("", "oui", "o", "yes", "y")


def ask_person(office: Office) -> str | None:
    """Who sits at this keyboard; None when they leave."""
    people = {one.id: one.name for one in office.home.world.directory.people.values()}
    return _choose(office, "who", people)


def ask_runbook(office: Office) -> str | None:
    """What is happening: "I don't know yet" first, then the procedures in plain words."""
    books = {}
    for name, title in office.runbooks.items():
        summary = office.home.library.runbook(name).summary
        books[name] = f"{title} — {summary}" if summary else title
    return _choose(office, "which", books)


def ask_incident(office: Office) -> str | None:
    """An open incident to go on with; empty when a new one is wanted; None when they leave."""
    found = open_incidents(office)
    say = office.words.say
    if not found:
        return ""
    if len(found) > 1:
        named = {one.id: f"{one.id} · {one.title}" for one in found} | {"": say("console.opening.new")}
        return _choose(office, "several", named, asking="which")
    answer = _ask(say("console.prompt.resume", incident=found[0].id, title=found[0].title))
    if answer is None:
        return None
    return found[0].id if plain(answer) in _YES else ""


def _choose(office: Office, title: str, named: Mapping[str, str], asking: str = "") -> str | None:
    """One of these, by number or by the beginning of its name; asked again until it is."""
    say = office.words.say
    listed = [Line(kind="head", text=say(f"console.opening.{title}"))]
    listed += [
        Line(kind="number", label=str(number), text=words) for number, words in enumerate(named.values(), 1)
    ]
    console(sys.stdout).print(draw_lines(listed))
    while True:
        answer = _ask(say(f"console.prompt.{asking or title}"))
        if answer is None:
            return None
        keys = list(named)
        if is_number(answer) and 1 <= int(answer) <= len(keys):
            return keys[int(answer) - 1]
        found = best(answer, {key: [key, words, *words.split()] for key, words in named.items()})
        if len(found) == 1:
            return found[0]
        line = Line(kind="no", text=say("console.opening.choose", word=answer))
        console(sys.stdout).print(draw_lines([line]))


def _ask(question: str) -> str | None:
    try:
        return prompt(question).strip()
    except (EOFError, KeyboardInterrupt):
        return None
