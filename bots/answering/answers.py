"""What is answered to a line: what was written, why not, or what would have been understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bots.answering.calling import to_call
from bots.inbound import Misheard
from bots.lines import Line
from engine.core import commands as c
from engine.core import events as e
from engine.core.cards import Scene, proposed
from engine.core.house import House
from engine.core.outages import DOWN
from engine.core.refusal import Refused
from engine.review.narrator import Narrator
from engine.review.timeline import who
from engine.review.variants import is_loud
from engine.speech import Speech

__all__ = ["beside", "misheard", "news", "refused", "written"]

_QUIET = (e.PresenceMarked, e.TrackEnded, e.DirectorAnswered)
"""Consequences that the screen shows anyway."""


def written(entries: Sequence[e.Entry], narrator: Narrator) -> Iterator[Line]:
    """What an order wrote: the act with its number, then what followed from it."""
    speech = narrator.speech
    if not entries:
        yield Line(kind="ok", text=speech.say("console.nothing_changed"))
        return
    act, *following = entries
    text = speech.say("console.written", number=act.seq, text=_first_line(narrator.tell(act)))
    yield Line(kind="loud" if is_loud(act.event) else "ok", text=text)
    for entry in following:
        if not _is_quiet(entry.event):
            yield Line(
                kind="loud" if is_loud(entry.event) else "follow", text=_first_line(narrator.tell(entry))
            )


def beside(command: c.Command, scene: Scene, speech: Speech, house: House) -> Iterator[Line]:
    """What the hand is to do after an order: nobody is called from here, and no procedure opens by itself."""
    if isinstance(command, c.CallRoll):
        yield from to_call(scene, speech)
    if isinstance(command, c.ChangeApplication) and command.status == DOWN:
        yield from _to_open(scene, speech)
    for person in _meant_for(command):
        if house.cut_off(person, scene.incident.suspect):
            yield Line(kind="late", text=speech.say("console.cut_off", person=speech.person(person)))


def _to_open(scene: Scene, speech: Speech) -> Iterator[Line]:
    """The procedures that keep going what has fallen, each with what to type."""
    for button in proposed(scene):
        if isinstance(button.command, c.OpenRunbook):
            label = button.label if isinstance(button.label, str) else speech.phrase(button.label)
            yield Line(
                kind="hint", text=speech.say("console.to_open", label=label, runbook=button.command.runbook)
            )


def _meant_for(command: c.Command) -> tuple[str, ...]:
    """Who is to learn of an order."""
    match command:
        case c.HandOver(to=person) | c.AddTask(who=person) | c.AssignRole(person=person):
            return (person,)
        case c.TakeVacantRoles(people=people):
            return people
        case _:
            return ()


def _is_quiet(event: e.Event) -> bool:
    if isinstance(event, e.TaskAdded):
        return bool(event.duty)
    if isinstance(event, e.ClockStarted):
        return not event.due
    return isinstance(event, _QUIET)


def _first_line(text: str) -> str:
    first, _, more = text.partition("\n")
    return f"{first} […]" if more else first


def news(entries: Iterable[e.Entry], narrator: Narrator) -> Iterator[Line]:
    """What happened meanwhile: the clock's doing, or somebody else's, each with its hour."""
    speech = narrator.speech
    for entry in entries:
        told = speech.say(
            "console.news",
            at=speech.at(entry.at),
            who=who(entry, speech),
            text=_first_line(narrator.tell(entry)),
        )
        if not _is_quiet(entry.event):
            yield Line(kind="loud" if is_loud(entry.event) or _is_late(entry.event) else "news", text=told)


def _is_late(event: e.Event) -> bool:
    return isinstance(event, e.Escalated | e.ClockWarned | e.TaskLate | e.ApprovalSilent | e.PresenceSilent)


def refused(refusal: Refused, speech: Speech) -> Line:
    """Why not, and what would do."""
    return Line(kind="no", text=speech.refusal(refusal))


def misheard(found: Misheard, speech: Speech, line: str) -> Iterator[Line]:
    """What wasn't understood, and what was probably meant."""
    facts = dict(found.facts)
    if "verb" in facts:
        facts["usage"] = speech.say(f"inbound.usage.{facts['verb']}")
    key = f"inbound.misheard.{found.code}"
    for name in ("name", "step"):
        if name in facts and not facts[name] and speech.words.has(f"{key}_without_{name}"):
            key = f"{key}_without_{name}"
            break
    yield Line(kind="no", text=speech.say(key, **facts))
    if found.suggestions:
        words = ", ".join(found.suggestions[:8])
        yield Line(kind="hint", text=speech.say("inbound.misheard.did_you_mean", words=words))
    elif found.code == "unknown_word" and " " in line.strip():
        yield Line(kind="hint", text=speech.say("inbound.misheard.to_note", text=line.strip()[:60]))
