"""What is asked before a press is done: the fields, and what must be read first (what can't be undone, who signs)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from msgspec.structs import replace

from bots.chat.fields import fact_field, person_field, text_field
from bots.chat.outcome import before, lacking
from bots.chat.since import since_field
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Field, Form
from bots.inbound.pressed import At, Intent, named, place_at
from bots.lines import Line
from engine.core.cards import Place
from engine.core.cards.buttons import awaited
from engine.core.cards.sections import needed_roles
from engine.core.permissions import gives
from engine.review.situation import situation_report

__all__ = ["form", "form_for", "place_of"]


def form_for(speaker: Speaker, intent: Intent) -> Form | None:
    """The form of a press that asks something; None when it is about a step that isn't there any more."""
    fields = _FIELDS.get(intent.act)
    if fields is not None:
        note = _report(speaker) if intent.act == "situation" else ()
        return form(speaker, intent, tuple(fields(speaker)), note)
    at = place_at(intent, speaker.scene)
    place = place_of(speaker, at)
    if at is None or place is None:
        return None
    match intent.act:
        case "tick" if place.step.checklist and not intent.what:
            return form(speaker, intent, (_boxes(speaker, place),))
        case "fact":
            return _questions(speaker, intent, place)
        case "roll" if place.step.roll is not None:
            return form(speaker, intent, tuple(_roster(speaker, place)))
        case "sent" if place.step.message:
            sending = form(speaker, intent, (_sent(speaker),), _to_send(speaker, place))
            return replace(sending, submit=speaker.say("chat.form.submit_sent"))
        case "outcome":
            return _outcome(speaker, intent, at, place)
        case _:
            return None


def place_of(speaker: Speaker, at: At | None) -> Place | None:
    """Where the track stands, if it still is at that visit of that step."""
    place = speaker.scene.place(at.run, at.track) if at else None
    if at is None or place is None or place.cursor.step != at.step:
        return None
    return place if at.visit in (0, place.cursor.visit) else None


def form(speaker: Speaker, intent: Intent, fields: tuple[Field, ...], note: tuple[Line, ...] = ()) -> Form:
    """The form that completes this press; an exercise says so before anything else."""
    title = speaker.say(f"chat.form.{intent.act}")
    if speaker.incident.exercise:
        note = (Line(kind="exercise", text=speaker.say("cards.heading.exercise")), *note)
    return Form(
        token=token_of(intent), title=title, fields=fields, submit=speaker.say("chat.form.submit"), note=note
    )


# Of the incident, or of any step


def _noted(speaker: Speaker) -> Iterator[Field]:
    yield replace(text_field(speaker, "text"), help=speaker.say("chat.help.hour"))
    yield text_field(speaker, "when", kind="text", optional=True)


def _said(speaker: Speaker) -> Iterator[Field]:
    yield text_field(speaker, "text")


def _why(speaker: Speaker) -> Iterator[Field]:
    yield text_field(speaker, "reason")


def _brought(speaker: Speaker) -> Iterator[Field]:
    yield text_field(speaker, "file", kind="file", optional=True)
    yield replace(text_field(speaker, "text", optional=True), help=speaker.say("chat.help.hour"))
    yield text_field(speaker, "when", kind="text", optional=True)


def _task(speaker: Speaker) -> Iterator[Field]:
    yield text_field(speaker, "text")
    yield person_field(speaker, "who", optional=True)
    yield text_field(speaker, "due", kind="text", optional=True)


def _role(speaker: Speaker) -> Iterator[Field]:
    scene, label = speaker.scene, speaker.say("chat.field.role")
    given = gives(speaker.person, needed_roles(scene), scene.incident, scene.world.directory)
    yield Field(
        name="role", label=label, kind="choice", choices=tuple((r, speaker.speech.role(r)) for r in given)
    )
    yield person_field(speaker, "who")


def _handover(speaker: Speaker) -> Iterator[Field]:
    yield person_field(speaker, "to")
    yield text_field(speaker, "more", optional=True)


def _reported(speaker: Speaker) -> Iterator[Field]:
    yield text_field(speaker, "more", optional=True)


def _report(speaker: Speaker) -> tuple[Line, ...]:
    """The situation report as it would be kept."""
    report = situation_report(speaker.scene, speaker.speech)
    return tuple(Line(kind="quote", text=one) for one in report.splitlines())


_FIELDS: Final[Mapping[str, Callable[[Speaker], Iterator[Field]]]] = {
    "note": _noted,
    "decision": _noted,
    "deviation": _noted,
    "say": _said,
    "blocked": _why,
    "refuse": _why,
    "evidence": _brought,
    "task": _task,
    "role": _role,
    "handover": _handover,
    "situation": _reported,
    "since": since_field,
}


# Of a step


def _boxes(speaker: Speaker, place: Place) -> Field:
    told = ((n, speaker.scene.text(item.do, place.run, place.definition)) for n, item in
            enumerate(place.step.checklist, 1))  # fmt: skip
    return Field(
        name="items",
        label=speaker.say("chat.field.items"),
        kind="many",
        choices=tuple((str(n), speaker.speech.text(text)) for n, text in told),
        value=",".join(map(str, sorted(place.cursor.ticks))),
        optional=True,
    )


def _questions(speaker: Speaker, intent: Intent, place: Place) -> Form:
    specs = place.definition.facts
    asked = tuple(dict.fromkeys((*place.step.ask, *awaited(speaker.scene, place))))
    names = (named(intent.what, specs),) if intent.what else asked
    fields = tuple(
        fact_field(speaker, place, name, optional=len(names) > 1) for name in names if name in specs
    )
    return form(speaker, intent, fields)


def _roster(speaker: Speaker, place: Place) -> Iterator[Field]:
    yield text_field(speaker, "numbers", kind="text")
    states = tuple(place.step.roll.states.items()) if place.step.roll else ()
    yield Field(name="state", label=speaker.say("chat.field.state"), kind="choice", choices=states)


def _sent(speaker: Speaker) -> Field:
    label, help_ = speaker.say("chat.field.sent"), speaker.say("chat.help.sent")
    return Field(name="text", label=label, kind="long", help=help_, optional=True)


def _to_send(speaker: Speaker, place: Place) -> tuple[Line, ...]:
    message = place.definition.runbook.messages[place.step.message or ""]
    text = speaker.speech.text(speaker.scene.text(message.text, place.run, place.definition))
    title = speaker.say("cards.section.message", audience=message.audience)
    quoted = (Line(kind="quote", text=one) for one in text.splitlines())
    return Line(kind="label", text=title), *quoted


def _outcome(speaker: Speaker, intent: Intent, at: At, place: Place) -> Form | None:
    outcome = place.step.outcomes.get(named(intent.what, place.step.outcomes))
    if outcome is None:
        return None
    fields, note = lacking(speaker, at, place, outcome), before(speaker, place, outcome)
    return replace(form(speaker, intent, tuple(fields), tuple(note)), title=outcome.label)
