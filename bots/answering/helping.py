"""`?`: what can be done here and now, nothing else. `? tout`: every word."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_lowercase

from bots.answering.asking import Asking
from bots.answering.naming import asked
from bots.inbound import WORDS
from bots.lines import Line
from engine.core.cards import Place, may_sign, mine
from engine.core.permissions import directors

__all__ = ["everything", "here_and_now"]

_ALWAYS = (
    "note", "decision", "task", "evidence", "blocked", "deviation", "situation", "status", "me", "view",
    "directory", "quit",
)  # fmt: skip
_CLOSED = ("declare", "note", "timeline", "export", "reopen", "quit")
_NOTHING_OPEN = ("declare", "reopen", "timeline", "export", "directory", "quit")
_DIRECTOR = ("skip", "goto", "severity", "close")


def everything(talk: Asking) -> Iterator[Line]:
    """Every word, with its use."""
    for meaning in (one for one in WORDS if one not in talk.deaf_to):
        yield _verb(talk, meaning)
    yield _verb(talk, "by")


def here_and_now(talk: Asking) -> Iterator[Line]:
    """What would be accepted now from this person, most useful first."""
    speech, scene, shown = talk.speech, talk.scene, talk.shown
    if talk.incident.status != "open":
        words = _CLOSED if talk.incident.status == "closed" else _NOTHING_OPEN
        yield from (_verb(talk, one) for one in words if one not in talk.deaf_to)
        return
    if shown.outcomes:
        yield Line(kind="item", text=speech.say("console.help.numbers", count=len(shown.outcomes)))
    if shown.boxes:
        yield Line(kind="item", text=speech.say("console.help.letters", count=len(shown.boxes)))
    if shown.questions:
        letters = [ascii_lowercase[(len(shown.boxes) + n) % 26] for n in range(len(shown.questions))]
        yield Line(kind="item", text=speech.say("console.help.questions", letters=", ".join(letters)))
    for place in mine(scene, talk.person):
        yield from _at(talk, place)
    if any(place.step.roll for place in scene.places()):
        yield _verb(talk, "roster")
    yield from _owed(talk)
    yield from (_verb(talk, one) for one in _ALWAYS if one not in talk.deaf_to)
    if talk.person in directors(talk.incident, scene.world.directory):
        yield from (_verb(talk, one) for one in _DIRECTOR)
    yield Line(kind="hint", text=speech.say("console.help.all"))


def _at(talk: Asking, place: Place) -> Iterator[Line]:
    """At a step of mine: take it, answer what is asked."""
    speech, step = talk.speech, place.step
    if place.cursor.taken is None:
        text = speech.say("console.help.take", step=step.title, name=place.cursor.step)
        yield Line(kind="item", text=text)
    for name in step.ask:
        spec = place.definition.facts.get(name)
        if spec is not None and name not in talk.incident.facts and name not in place.run.facts:
            _, choices = asked(talk.scene, speech, name, place.run.id)
            text = speech.say("console.help.fact", name=name, label=spec.label, choices=choices)
            yield Line(kind="item", text=text)
    if step.message:
        yield Line(kind="item", text=speech.say("console.help.message", name=step.message))


def _owed(talk: Asking) -> Iterator[Line]:
    """Signatures, spoken approvals to confirm, tasks of mine."""
    speech, incident = talk.speech, talk.incident
    for one in incident.approvals.values():
        if may_sign(talk.scene, one, talk.person):
            yield Line(kind="item", text=speech.say("console.help.approve", number=one.id))
        if any(s.by == talk.person and s.voice and not s.confirmed for s in one.signed):
            yield Line(kind="item", text=speech.say("console.help.confirm", number=one.id))
    for task in incident.tasks.values():
        if task.done is None and task.who == talk.person:
            yield Line(kind="item", text=speech.say("console.help.finish", number=task.id, text=task.text))


def _verb(talk: Asking, meaning: str) -> Line:
    usage, told = (talk.speech.say(f"inbound.{part}.{meaning}") for part in ("usage", "help"))
    return Line(kind="item", text=f"{usage} — {told}")
