"""What can be asked without writing: help here and now, a step in whole, the timeline, clocks, ready texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from bots.inbound import WORDS, Asked, Misheard
from bots.inbound.lookup import place_named
from bots.inbound.values import Context
from bots.lines import Line, lines
from engine.core.cards import activities_card, cell_card, clocks_card, person_card, step_card, tasks_card
from engine.review.narrator import Narrator
from engine.review.timeline import timeline

if TYPE_CHECKING:
    from bots.console.talk import Talk

__all__ = ["answer"]

LAST = 20
"""Entries of the timeline shown when none is asked for."""
_ELSEWHERE = ("channel", "enroll", "bind")


def answer(talk: Talk, asked: Asked) -> Iterable[Line] | Misheard:
    """The lines that answer a question."""
    match asked.what:
        case "help":
            from bots.console.helping import everything, here_and_now

            return everything(talk) if asked.subject else here_and_now(talk)
        case "me":
            return lines(person_card(talk.scene, talk.person), talk.speech)
        case "view":
            return _view(talk, asked.subject)
        case "timeline":
            return _timeline(talk, asked.subject)
        case "messages" | "message":
            return _messages(talk, asked.subject)
        case "export":
            return _export(talk, asked.subject)
        case what if what in _ELSEWHERE:
            return [Line(kind="hint", text=talk.speech.say("console.elsewhere", word=WORDS[what][0]))]
        case _:
            return _card(talk, asked.what)


def _card(talk: Talk, what: str) -> Iterator[Line]:
    cards = {"clocks": clocks_card, "tasks": tasks_card, "activities": activities_card}
    return lines(cards.get(what, cell_card)(talk.scene), talk.speech)


def _view(talk: Talk, subject: str) -> Iterable[Line] | Misheard:
    """A step in whole; it becomes the one in focus."""
    context = Context(scene=talk.scene, person=talk.person, speech=talk.speech)
    place = place_named(context, subject)
    if isinstance(place, Misheard):
        return place
    talk.focus = (place.run.id, place.track)
    return lines(step_card(talk.scene, place), talk.speech, whole=True)


def _timeline(talk: Talk, subject: str) -> Iterator[Line]:
    """The last entries, a number of them, or those that hold a word."""
    narrator = Narrator(talk.speech, talk.office.home.world)
    found = timeline(talk.office.entries(talk.incident_id), narrator)
    if subject and not subject.isdecimal():
        found = tuple(one for one in found if subject.casefold() in f"{one.who} {one.text}".casefold())
    count = int(subject) if subject.isdecimal() and len(subject) < 6 else LAST
    for one in found[-count:]:
        text = talk.speech.say(
            "console.entry",
            number=one.number,
            at=talk.speech.at(one.happened),
            who=one.who,
            text=one.text,
        )
        if one.corrected_by:
            links = ", ".join(map(str, one.corrected_by))
            text = f"{text} ({talk.speech.say('timeline.line.corrected', entry=links)})"
        yield Line(kind="loud" if one.loud else "more" if one.corrected_by else "entry", text=text)


def _messages(talk: Talk, subject: str) -> Iterator[Line]:
    number, _, name = subject.partition(":")
    for run in talk.incident.runs.values():
        definition = talk.scene.definition(run)
        for key, message in definition.runbook.messages.items():
            title = talk.speech.say("cards.section.message", audience=message.audience)
            if not subject:
                yield Line(kind="item", text=f"{key} : {title}")
            elif (number, name) == (str(run.id), key):
                text = talk.scene.text(message.text, run, definition)
                yield Line(kind="label", text=title)
                yield from (Line(kind="quote", text=one) for one in talk.speech.text(text).splitlines())
                yield Line(kind="hint", text=talk.speech.say("console.message_sent", name=key))


def _export(talk: Talk, subject: str) -> Iterator[Line]:
    """How to export: the command that does it, ready to copy."""
    chosen = subject if subject in ("md", "jsonl") else "md"
    yield Line(kind="hint", text=talk.speech.say("console.export", incident=talk.incident_id, format=chosen))
