"""The questions of a form, one by one: in words, about somebody, of the procedure."""

from __future__ import annotations

from typing import Final

from bots.chat.speaker import Speaker
from bots.chat.values import Field
from bots.lines import choices_of
from engine.core.cards import Place
from engine.core.cards.values import Answer
from engine.core.specs import FactSpec
from engine.core.targets import facts_of

__all__ = ["FACT", "fact_field", "people", "person_field", "text_field"]

FACT: Final = "fact:"
"""Begins the name of a field that asks a question of the procedure."""
_KINDS: Final = {
    "integer": "number", "number": "number", "money": "number", "choice": "choice", "date": "date",
    "datetime": "datetime", "person": "person",
}  # fmt: skip
"""Types of facts to kinds of fields; the others are text."""


def text_field(
    speaker: Speaker, name: str, *, kind: str = "long", optional: bool = False, value: str = ""
) -> Field:
    """A question in words, with how to answer it."""
    return Field(
        name=name,
        label=speaker.say(f"chat.field.{name}"),
        kind=kind,
        help=speaker.say(f"chat.help.{name}") if speaker.office.words.has(f"chat.help.{name}") else "",
        optional=optional,
        value=value,
    )


def person_field(speaker: Speaker, name: str, *, optional: bool = False) -> Field:
    """Somebody of the directory."""
    return Field(
        name=name,
        label=speaker.say(f"chat.field.{name}"),
        kind="person",
        choices=people(speaker),
        optional=optional,
    )


def people(speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """Everybody of the directory."""
    directory = speaker.scene.world.directory
    return tuple((one.id, one.name) for one in directory.people.values() if one.id not in directory.over)


def fact_field(speaker: Speaker, place: Place, name: str, *, optional: bool = False) -> Field:
    """A question of the procedure. What is known already is shown, unless it is sensitive."""
    spec = place.definition.facts[name]
    kind = _KINDS.get(spec.type, "text")
    unknown = (("?", speaker.say("cards.question.unknown")),)
    known = facts_of(speaker.incident, place.run).get(name, "")
    return Field(
        name=f"{FACT}{name}",
        label=spec.label,
        kind=kind,
        help=" ".join(filter(None, (spec.help, _how(speaker, name, spec)))),
        choices=(
            (*spec.choices.items(), *unknown)
            if kind == "choice"
            else people(speaker)
            if kind == "person"
            else ()
        ),
        value="" if spec.sensitive else known,
        optional=optional,
        sensitive=spec.sensitive,
    )


def _how(speaker: Speaker, name: str, spec: FactSpec) -> str:
    return "" if spec.choices else choices_of(Answer(fact=name, label="", kind=spec.type), speaker.speech)
