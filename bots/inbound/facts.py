"""An answer as people type it (`20/11`, `hier 18h`, `nadia`, the start of a choice), written as the core reads it."""

from __future__ import annotations

import re

from bots.inbound.lookup import best, fact, person
from bots.inbound.moments import Unreadable, day_in, happened
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import is_number, plain
from engine.core.commands import SetFact
from engine.core.specs import FactSpec

__all__ = ["as_typed", "letter_answers", "letter_question", "set_fact"]

_UNKNOWN = ("?", "inconnu", "unknown", "je ne sais pas", "inconnu pour l instant", "not known")


def set_fact(context: Context, text: str) -> tuple[SetFact, ...] | Misheard:
    """`fait NOM=VALEUR`; `fait NOM=?` says that it isn't known for now."""
    name, equals, value = text.partition("=")
    if not equals:
        name, _, value = text.strip().partition(" ")
        if text.rstrip().endswith("?") and not value:
            name, value = text.rstrip("? "), "?"
    if not name.strip() or not value.strip():
        return Misheard(code="usage", facts={"verb": "fact"})
    found = fact(context, name.strip())
    return found if isinstance(found, Misheard) else (as_typed(context, found, value),)


def letter_question(context: Context, letter: str) -> Asked | None:
    """The question that this letter showed: how to answer it."""
    shown = _shown(context, letter)
    return Asked(what="question", subject=f"{shown[0]}:{shown[1]}") if shown else None


def _shown(context: Context, letter: str) -> tuple[int, str] | None:
    number = ord(letter.lower()) - ord("a") - len(context.shown.boxes)
    return context.shown.questions[number] if 0 <= number < len(context.shown.questions) else None


def letter_answers(context: Context, text: str) -> tuple[SetFact, ...] | Misheard | None:
    """`g=20/11`, or `g2` for a choice that was shown: the question that has this letter. None if it is no answer."""
    found = re.fullmatch(r"([A-Za-z])(?:\s*(=)\s*|\s+|(?=\d{1,2}$|\?$))(\S.*)", text, re.DOTALL)
    shown = _shown(context, found[1]) if found else None
    if found is None or shown is None:
        return None
    (run, name), value = shown, found[3].strip()
    spec = _spec(context, name, run)
    if spec is None:
        return None
    chosen = value == "?" or bool(spec.choices and _choices(spec, value))
    # A sentence may begin with one letter: without a sign, only what was shown is an answer.
    return (as_typed(context, name, value, run),) if found[2] or chosen else None


def as_typed(context: Context, name: str, value: str, run: int = 0) -> SetFact:
    """The answer to a question; what can't be read stays as it was typed, and the core says what would do."""
    value = value.strip()
    if plain(value) in _UNKNOWN or value == "?":
        return SetFact(name=name, value="", run=run)
    spec = _spec(context, name, run)
    return SetFact(name=name, value=_read(context, spec, value) if spec else value, run=run)


def _spec(context: Context, name: str, run: int) -> FactSpec | None:
    scene = context.scene
    runs = [scene.incident.runs[run]] if run in scene.incident.runs else scene.incident.open_runs
    found = (scene.definition(one).facts.get(name) for one in runs)
    return next((spec for spec in found if spec is not None), None)


def _read(context: Context, spec: FactSpec, value: str) -> str:
    calendar, now = context.scene.world.calendar, context.now
    match spec.type:
        case "date":
            day = day_in(value, calendar, now)
            return day.isoformat() if day else value
        case "datetime":
            try:
                return calendar.local(happened(value, calendar, now)).strftime("%Y-%m-%dT%H:%M")
            except Unreadable:
                day = day_in(value, calendar, now)
                return day.isoformat() if day else value
        case "person":
            found = person(context, value)
            return value if isinstance(found, Misheard) else found
        case "choice":
            chosen = _choices(spec, value)
            return chosen[0] if len(chosen) == 1 else value
        case _:
            return value


def _choices(spec: FactSpec, value: str) -> tuple[str, ...]:
    if is_number(value) and not {value} & {*spec.choices, *spec.choices.values()}:
        return tuple(spec.choices)[int(value) - 1 : int(value)] if int(value) else ()
    return best(value, {key: [key, label] for key, label in spec.choices.items()}, inner=False)
