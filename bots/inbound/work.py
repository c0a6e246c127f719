"""The words about the work inside a step: tick, answer, bring evidence, say that it is blocked, follow a roster."""

from __future__ import annotations

import re

from bots.inbound.lookup import fact, here, split_place
from bots.inbound.values import Context, Misheard
from bots.inbound.vocabulary import is_number, plain
from engine.core import commands as c
from engine.core.cards import Place

__all__ = ["blocked", "boxes", "evidence", "join", "roster", "set_fact", "tick_shown"]

Commands = tuple[c.Command, ...]
_UNKNOWN = ("?", "inconnu", "unknown", "je ne sais pas", "inconnu pour l instant", "not known")
_ALL = ("tout", "toutes", "tous", "all")


def tick_shown(context: Context, letter: str) -> Commands | Misheard:
    """The box that this letter showed."""
    number = ord(letter) - ord("a")
    shown = context.shown.boxes
    if not 0 <= number < len(shown):
        return Misheard(code="no_letter", facts={"letter": letter})
    return (shown[number],)


def boxes(context: Context, text: str, *, done: bool) -> Commands | Misheard:
    """`cocher [ÉTAPE] 1 2 · b · VPN · tout`: boxes by number, letter, words, or all of them."""
    place, rest = split_place(context, text)
    if place is None and not rest.replace(",", " ").split():
        return Misheard(code="usage", facts={"verb": "tick" if done else "untick"})
    letters = rest.replace(",", " ").split()
    if (
        place is None
        and letters
        and all(len(one) == 1 and one.isalpha() for one in letters)
        and context.shown.boxes
    ):
        return _by_letters(context, letters, done=done)
    found = place or _with_boxes(context)
    if isinstance(found, Misheard):
        return found
    numbers = _numbers(found, rest)
    if isinstance(numbers, Misheard):
        return numbers
    where = {"run": found.run.id, "visit": found.cursor.visit}
    return tuple(
        c.Tick(**where, track=found.track, step=found.cursor.step, item=n, done=done) for n in numbers
    )


def _by_letters(context: Context, letters: list[str], *, done: bool) -> Commands | Misheard:
    ticks: list[c.Command] = []
    for letter in letters:
        found = tick_shown(context, letter.lower())
        if isinstance(found, Misheard):
            return found
        for one in found:
            assert isinstance(one, c.Tick)
            ticks.append(
                c.Tick(run=one.run, track=one.track, step=one.step, visit=one.visit, item=one.item, done=done)
            )
    return tuple(ticks)


def _with_boxes(context: Context) -> Place | Misheard:
    """The step in focus if it has boxes, else the only step that has some."""
    focus = here(context)
    if isinstance(focus, Place) and focus.step.checklist:
        return focus
    having = [place for place in context.places() if place.step.checklist]
    if len(having) == 1:
        return having[0]
    if not having:
        return Misheard(code="no_boxes")
    listed = tuple(f"{place.cursor.step} ({place.track_title})" for place in having)
    return Misheard(code="which_step", facts={"name": ""}, suggestions=listed)


def _numbers(place: Place, text: str) -> tuple[int, ...] | Misheard:
    items = place.step.checklist
    if plain(text) in _ALL:
        return tuple(n for n in range(1, len(items) + 1) if n not in place.cursor.ticks)
    words = text.replace(",", " ").split()
    if all(is_number(word) for word in words):
        return tuple(int(word) for word in words)
    if found := re.fullmatch(r"(\d+)\s*-\s*(\d+)", text.strip()):
        return tuple(range(int(found[1]), min(int(found[2]), len(items) + 1) + 1))
    wanted = plain(text)
    named = [n for n, item in enumerate(items, 1) if wanted and wanted in plain(item.do)]
    if len(named) == 1:
        return (named[0],)
    listed = tuple(f"{n}. {item.do}" for n, item in enumerate(items, 1) if not named or n in named)
    return Misheard(code="which_box", facts={"name": text}, suggestions=listed)


def set_fact(context: Context, text: str) -> Commands | Misheard:
    """`fait NOM=VALEUR`; `fait NOM=?` says that it isn't known for now."""
    name, equals, value = text.partition("=")
    if not equals:
        name, _, value = text.strip().partition(" ")
        if text.rstrip().endswith("?") and not value:
            name, value = text.rstrip("? "), "?"
    if not name.strip() or not value.strip():
        return Misheard(code="usage", facts={"verb": "fact"})
    found = fact(context, name.strip())
    if isinstance(found, Misheard):
        return found
    written = "" if plain(value) in _UNKNOWN or value.strip() == "?" else value.strip()
    return (c.SetFact(name=found, value=written),)


def evidence(context: Context, text: str) -> Commands | Misheard:
    """`preuve [ÉTAPE] TEXTE`: on the step named, else the one in focus, else the incident."""
    place, rest = split_place(context, text)
    if not rest.strip():
        return Misheard(code="usage", facts={"verb": "evidence"})
    where = place or here(context)
    if isinstance(where, Misheard):
        return (c.AddEvidence(run=0, track="", step="", name=rest, text=rest),)
    cursor = where.cursor
    return (
        c.AddEvidence(
            run=where.run.id, track=where.track, step=cursor.step, visit=cursor.visit, name=rest, text=rest
        ),
    )


def blocked(context: Context, text: str) -> Commands | Misheard:
    """`bloque [ÉTAPE] POURQUOI`."""
    place, rest = split_place(context, text)
    where = place or here(context)
    if isinstance(where, Misheard):
        return where
    cursor, why = where.cursor, rest.lstrip(": ")
    return (
        c.ReportBlocked(run=where.run.id, track=where.track, step=cursor.step, visit=cursor.visit, text=why),
    )


def roster(context: Context, text: str) -> Commands | Misheard:
    """`liste N ÉTAT`: the state of one item of the step's roster."""
    place, rest = split_place(context, text)
    where = place or next((one for one in context.places() if one.step.roll is not None), None)
    words = rest.split(None, 1)
    if where is None or where.step.roll is None or len(words) < 2 or not is_number(words[0]):
        return Misheard(code="usage", facts={"verb": "roster"})
    cursor, status = where.cursor, words[1]
    states = where.step.roll.states
    known = [name for name, label in states.items() if plain(status) in (plain(name), plain(label))]
    return (
        c.MarkRoll(
            run=where.run.id, track=where.track, step=cursor.step, visit=cursor.visit,
            item=int(words[0]), status=known[0] if known else status,
        ),
    )  # fmt: skip


def join(context: Context, text: str) -> Commands | Misheard:
    """`rejoindre [N]`: the step waits for the procedure already going; `rejoindre nouvelle` opens another."""
    waiting = [one for one in context.places() if one.step.wait_for and not one.cursor.waits_for]
    if not waiting:
        return Misheard(code="nothing_to_join")
    place = waiting[0]
    if is_number(text):
        child = int(text)
    elif plain(text) in ("nouvelle", "nouveau", "new"):
        child = 0
    else:
        same = [run.id for run in context.scene.incident.open_runs if run.runbook == place.step.wait_for]
        child = same[0] if same else 0
    return (
        c.JoinRun(
            run=place.run.id, track=place.track, step=place.cursor.step, visit=place.cursor.visit, child=child
        ),
    )
