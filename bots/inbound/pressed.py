"""What was pressed becomes a command: the intents that a button may carry, in numbers, and what they mean.

Numbers of the definition that the run is pinned to, which never changes: the place of a track, a step, an outcome, a
fact or a choice among their names in alphabetical order. Somebody is the digest of their name in the directory, which
may get other people meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2s
from typing import Final

from engine.core import commands as c
from engine.core.cards import Place, Scene
from engine.core.runbook import Definition

__all__ = [
    "ACTS", "CALLED", "STATUSES", "At", "Intent", "at_step", "command_of", "fact_number", "intent_of", "named",
    "number_for", "of_incident", "person_for", "person_number", "place_at",
]  # fmt: skip

ACTS: Final = frozenset(
    # at a step
    "outcome take tick fact note evidence blocked deviation task roll sent view "
    # in an incident
    "me status decision handover situation rollcall say presence called approve refuse confirm finish cell line "
    "blank role steps lesson open since "
    # before any
    "declare enroll help quiz reach review".split()
)
STATUSES: Final = ("present", "coming", "unavailable")
"""What a `presence` token's value stands for, from 1."""
CALLED: Final = ("reached", "voicemail", "wrong_number")
"""What a `called` token's value stands for, from 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a press means, in numbers. `track` and `step` count from 0; 0 elsewhere is "not said"."""

    act: str
    incident: str = ""
    run: int = 0
    track: int = 0
    step: int = 0
    visit: int = 0
    what: int = 0
    """The outcome, box, fact, approval, task or person: from 1."""
    value: int = 0
    """The choice, the status: from 1."""

    @property
    def numbers(self) -> tuple[int, ...]:
        return (self.run, self.track, self.step, self.visit, self.what, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """Where an intent's step is, by the names of its pinned definition."""

    run: int
    track: str
    step: str
    visit: int
    definition: Definition


# Names and numbers


def number_for(name: str, names: Iterable[str]) -> int:
    """The place of a name among names, from 1. ValueError if it isn't there."""
    return sorted(names).index(name) + 1


def named(number: int, names: Iterable[str]) -> str:
    """The name at this place, from 1; empty if there is none."""
    listed = sorted(names)
    return listed[number - 1] if 0 < number <= len(listed) else ""


def person_number(person: str) -> int:
    """A number for somebody, or for anything with a name, whoever else is in the directory."""
    return int.from_bytes(blake2s(person.encode(), digest_size=4).digest()) or 1


def person_for(number: int, people: Iterable[str]) -> str:
    """Who this number stands for; empty when nobody, or not one person alone."""
    found = [one for one in people if person_number(one) == number]
    return found[0] if len(found) == 1 else ""


def place_at(intent: Intent, scene: Scene) -> At | None:
    """The step that a token is about, whether the run is still there or not; None if it never was."""
    run = scene.incident.runs.get(intent.run)
    if run is None:
        return None
    definition = scene.definition(run)
    track = named(intent.track + 1, definition.runbook.tracks)
    step = named(intent.step + 1, definition.runbook.tracks[track].steps) if track else ""
    if not step:
        return None
    return At(run=run.id, track=track, step=step, visit=intent.visit, definition=definition)


# Making them


def of_incident(act: str, scene: Scene, what: int = 0, value: int = 0) -> Intent:
    """An intent about the incident as a whole."""
    return Intent(act=act, incident=scene.incident.id, what=what, value=value)


def at_step(act: str, scene: Scene, place: Place, what: int = 0, value: int = 0) -> Intent:
    """An intent about the step where this track stands."""
    cursor = place.cursor
    return _at(
        act, scene, run=place.run.id, track=place.track, step=cursor.step, visit=cursor.visit, what=what, value=value
    )  # fmt: skip


def _at(
    act: str, scene: Scene, *, run: int, track: str, step: str, visit: int, what: int = 0, value: int = 0
) -> Intent:
    tracks = scene.definition(scene.incident.runs[run]).runbook.tracks
    return Intent(
        act=act,
        incident=scene.incident.id,
        run=run,
        track=number_for(track, tracks) - 1,
        step=number_for(step, tracks[track].steps) - 1,
        visit=visit,
        what=what,
        value=value,
    )


def fact_number(name: str, definition: Definition) -> int:
    """A fact among those of its pinned definition."""
    return number_for(name, definition.facts)


def intent_of(command: c.Command, scene: Scene) -> Intent | None:
    """The intent of a card's command; None for one that no button carries."""
    match command:
        case c.Approve(approval=number):
            return of_incident("approve", scene, number)
        case c.Refuse(approval=number):
            return of_incident("refuse", scene, number)
        case c.ConfirmVoice(approval=number):
            return of_incident("confirm", scene, number)
        case c.FinishTask(task=number):
            return of_incident("finish", scene, number)
        case c.MarkPresence(person=person, status=status):
            return of_incident("presence", scene, person_number(person), STATUSES.index(status) + 1)
        case c.MarkCall(person=person, result=result):
            return of_incident("called", scene, person_number(person), CALLED.index(result) + 1)
        case c.CallRoll():
            return of_incident("rollcall", scene)
        case _:
            return _intent_at_step(command, scene)


def _intent_at_step(command: c.Command, scene: Scene) -> Intent | None:
    match command:
        case c.PickOutcome(run=run, track=track, step=step, visit=visit, outcome=outcome):
            outcomes = scene.definition(scene.incident.runs[run]).step(track, step).outcomes
            what = number_for(outcome, outcomes)
            return _at("outcome", scene, run=run, track=track, step=step, visit=visit, what=what)
        case c.TakeStep(run=run, track=track, step=step, visit=visit):
            return _at("take", scene, run=run, track=track, step=step, visit=visit)
        case c.Tick(run=run, track=track, step=step, visit=visit, item=item, done=done):
            value = 1 if done else 2
            return _at("tick", scene, run=run, track=track, step=step, visit=visit, what=item, value=value)
        case c.OpenRunbook(runbook=runbook):
            return of_incident("open", scene, person_number(runbook))
        case _:
            return None


def command_of(intent: Intent, scene: Scene) -> c.Command | None:
    """What a press orders by itself; None for one that asks something first, or that nothing here is about."""
    match intent.act:
        case "approve":
            return c.Approve(approval=intent.what)
        case "refuse":
            return c.Refuse(approval=intent.what)
        case "confirm":
            return c.ConfirmVoice(approval=intent.what)
        case "finish":
            return c.FinishTask(task=intent.what)
        case "rollcall":
            return c.CallRoll()
        case "presence" if 0 < intent.value <= len(STATUSES):
            person = person_for(intent.what, scene.world.directory.people)
            return c.MarkPresence(person=person, status=STATUSES[intent.value - 1]) if person else None
        case "called" if 0 < intent.value <= len(CALLED):
            person = person_for(intent.what, scene.world.directory.people)
            return c.MarkCall(person=person, result=CALLED[intent.value - 1]) if person else None
        case _:
            return _step_command(intent, scene)


def _step_command(intent: Intent, scene: Scene) -> c.Command | None:
    if intent.act == "open":
        return _opening(intent, scene)
    at = place_at(intent, scene)
    if at is None:
        return None
    where = {"run": at.run, "track": at.track, "step": at.step, "visit": at.visit}
    step = at.definition.step(at.track, at.step)
    match intent.act:
        case "take":
            return c.TakeStep(**where)  # type: ignore[arg-type]
        case "tick" if 0 < intent.what <= len(step.checklist):
            return c.Tick(**where, item=intent.what, done=intent.value != 2)  # type: ignore[arg-type]
        case "fact" if intent.value:
            return _choice(intent, at)
        case "outcome" if outcome := named(intent.what, step.outcomes):
            return c.PickOutcome(**where, outcome=outcome)  # type: ignore[arg-type]
        case _:
            return None


def _opening(intent: Intent, scene: Scene) -> c.Command | None:
    """One of the procedures that keep an activity going."""
    runbook = person_for(intent.what, {one for some in scene.keeping().values() for one in some})
    return c.OpenRunbook(runbook=runbook) if runbook else None


def _choice(intent: Intent, at: At) -> c.Command | None:
    """An answer by its button: a choice, or (the number after the last) "not known for now"."""
    name = named(intent.what, at.definition.facts)
    if not name:
        return None
    choices = at.definition.facts[name].choices
    chosen = named(intent.value, choices)
    if not chosen and intent.value != len(choices) + 1:
        return None
    return c.SetFact(name=name, value=chosen, run=at.run)
