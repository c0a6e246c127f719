"""What can be asked without writing: help here and now, a step in whole, the timeline, clocks, ready texts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from bots.answering.asking import Asking
from bots.answering.calling import directory
from bots.answering.filtering import NotOne, asked_for, hour, names_of
from bots.answering.helping import everything, here_and_now
from bots.answering.looking_back import set_back
from bots.answering.naming import asked as asked_of
from bots.inbound import WORDS, Asked, Misheard
from bots.inbound.lookup import place_named
from bots.inbound.moments import Unreadable
from bots.inbound.values import Shown
from bots.inbound.vocabulary import plain
from bots.lines import Line, block_lines, button_words, lines
from engine.core.cards import activities_card, cell_card, clocks_card, person_card, step_card, tasks_card
from engine.core.cards.values import Card, Roster
from engine.core.commands import PickOutcome
from engine.review.asof import KNOWN, TRUE, View
from engine.review.narrator import Narrator
from engine.review.situation import situation_report
from engine.review.timeline import Line as Told
from engine.review.timeline import timeline

__all__ = ["answer"]

LAST = 20
"""Entries of the timeline shown when none is asked for."""
_WITHIN = "\n│ "
"""Begins each further line of an entry: what somebody wrote must not look like another's entry."""
_TRUE = ("vrai", "true")
_ELSEWHERE = ("enroll", "bind", "quiz", "holder", "details")


def answer(talk: Asking, asked: Asked) -> Iterable[Line] | Misheard:
    """The lines that answer a question."""
    told = _TOLD.get(asked.what)
    if told is not None:
        return told(talk, asked.subject)
    if asked.what in _ELSEWHERE:
        return [Line(kind="hint", text=talk.speech.say("console.elsewhere", word=WORDS[asked.what][0]))]
    return _card(talk, asked.what)


def _help(talk: Asking, subject: str) -> Iterable[Line]:
    return everything(talk) if subject else here_and_now(talk)


def _me(talk: Asking, _: str) -> Iterable[Line]:
    return lines(person_card(talk.scene, talk.person), talk.speech)


def _card(talk: Asking, what: str) -> Iterator[Line]:
    cards = {"clocks": clocks_card, "tasks": tasks_card, "activities": activities_card}
    for line in lines(cards.get(what, cell_card)(talk.scene), talk.speech):
        # A clock is named by its code, which no procedure shows.
        yield replace(line, text=f"{line.text} ({line.id})") if what == "clocks" and line.id else line


def _view(talk: Asking, subject: str) -> Iterable[Line] | Misheard:
    """A step in whole, or the one in front; it becomes the one in focus, with its choices' numbers."""
    context = replace(talk.context, shown=Shown())
    front = talk.scene.place(*talk.shown.front) if talk.shown.front else None
    place = front if front is not None and not subject else place_named(context, subject)
    if isinstance(place, Misheard):
        return place
    talk.look_at(place.run.id, place.track)
    card = step_card(talk.scene, place)
    return (*lines(card, talk.speech, whole=True), *_choices(talk, card))


def _choices(talk: Asking, card: Card) -> Iterator[Line]:
    """The outcomes, with the numbers that the next line may press."""
    number = 0
    for button in card.buttons:
        if isinstance(button.command, PickOutcome):
            number += button.why_not is None
            label = str(number) if button.why_not is None else "–"
            yield Line(kind="number", text=button_words(button, talk.speech), label=label)


def _question(talk: Asking, subject: str) -> Iterator[Line]:
    """How to answer a question whose letter was typed."""
    run, _, name = subject.partition(":")
    label, choices = asked_of(talk.scene, talk.speech, name, int(run))
    yield Line(kind="item", text=label)
    yield Line(kind="how", text=talk.speech.say("cards.question.how", name=name, choices=choices))


def _roster(talk: Asking, subject: str) -> Iterator[Line]:
    """The states of a roster, and how many are in each."""
    run, _, track = subject.partition(":")
    place = talk.scene.place(int(run), track)
    found = step_card(talk.scene, place).find(Roster) if place else None
    if isinstance(found, Roster):
        yield from block_lines(found, talk.speech)
        for state, label, count in found.counts:
            yield Line(kind="item", text=f"{label} ({count})", label=state)


def _timeline(talk: Asking, subject: str) -> Iterable[Line] | Misheard:
    """The last entries, a number of them, or those of a track, a kind, somebody, a span of time, that hold a word."""
    calendar = talk.office.home.world.calendar
    try:
        keep, count = asked_for(subject, names_of(talk.office, talk.incident), calendar, talk.scene.now)
    except NotOne as wrong:
        code = "which_person" if wrong.several else "unknown_person"
        return Misheard(code=code, facts={"name": wrong.typed.removeprefix("@")}, suggestions=wrong.known)
    narrator = Narrator(talk.speech, talk.office.home.world)
    found = tuple(keep.keep(timeline(talk.office.entries(talk.incident_id), narrator)))
    if not found:
        return [Line(kind="hint", text=talk.speech.say("review.filter.nothing"))]
    return (_entry(talk, one) for one in found[-(count or LAST) :])


def _then(talk: Asking, subject: str) -> Iterable[Line] | Misheard:
    """The situation as it was at an hour: as it was known then, or (`vrai 14:00`) as it was."""
    first, _, rest = subject.partition(" ")
    view: View = TRUE if plain(first) in _TRUE else KNOWN
    typed = rest if view == TRUE else subject
    incident, calendar = talk.incident, talk.office.home.world.calendar
    try:
        # Of an incident that is over, an hour without a day is one of its last.
        at = hour(typed.strip(), calendar, incident.closed.at if incident.closed else talk.scene.now)
    except Unreadable:
        return Misheard(code="bad_time", facts={"time": typed or subject})
    if at > talk.scene.now:
        return Misheard(code="bad_time", facts={"time": typed})
    then = set_back(talk.office, incident, at, view, talk.speech)
    report = situation_report(then.scene, then.speech).splitlines() if then.scene else ()
    return (*then.lines, *(Line(kind="entry", text=one) for one in report))


def _entry(talk: Asking, one: Told) -> Line:
    text = talk.speech.say(
        "console.entry",
        number=one.number,
        at=talk.speech.at(one.happened),
        who=one.who,
        text=one.text.replace("\n", _WITHIN),
    )
    if one.corrected_by:
        links = ", ".join(map(str, one.corrected_by))
        text = f"{text} ({talk.speech.say('timeline.line.corrected', entry=links)})"
    return Line(kind="loud" if one.loud else "more" if one.corrected_by else "entry", text=text)


def _messages(talk: Asking, subject: str) -> Iterator[Line]:
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


def _export(talk: Asking, subject: str) -> Iterator[Line]:
    """How to export: the command that does it, ready to copy."""
    chosen = subject if subject in ("md", "jsonl") else "md"
    yield Line(kind="hint", text=talk.speech.say("console.export", incident=talk.incident_id, format=chosen))


_TOLD: Final[Mapping[str, Callable[[Asking, str], Iterable[Line] | Misheard]]] = {
    "help": _help,
    "me": _me,
    "view": _view,
    "timeline": _timeline,
    "then": _then,
    "messages": _messages,
    "message": _messages,
    "export": _export,
    "directory": directory,
    "question": _question,
    "roster": _roster,
}
