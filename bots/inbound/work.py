"""The words about the work inside a step: tick, answer, bring evidence, say that it is blocked, follow a roster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bots.inbound.lookup import best, here, split_place
from bots.inbound.values import Asked, Context, Misheard
from bots.inbound.vocabulary import is_number, plain
from engine.core import commands as c
from engine.core.cards import Place
from engine.core.targets import facts_of

__all__ = ["blocked", "boxes", "evidence", "join", "roster", "roster_size", "tick_letters"]

Commands = tuple[c.Command, ...]
_ALL = ("tout", "toutes", "tous", "all")


def tick_letters(context: Context, letters: Sequence[str]) -> Commands | Misheard:
    """The boxes that these letters showed: a ticked one alone is unticked; several are ticked."""
    found = []
    for letter in letters:
        number = ord(letter.lower()) - ord("a")
        if not 0 <= number < len(context.shown.boxes):
            return Misheard(code="no_letter", facts={"letter": letter})
        box = context.shown.boxes[number]
        found.append(box if len(letters) == 1 else _ticked(box, done=True))
    return tuple(found)


def _ticked(box: c.Tick, *, done: bool) -> c.Tick:
    return c.Tick(run=box.run, track=box.track, step=box.step, visit=box.visit, item=box.item, done=done)


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
    found = place or _with_boxes(context, seen=is_number(letters[0]) or plain(rest) in _ALL)
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
    found = tick_letters(context, letters)
    if isinstance(found, Misheard):
        return found
    return tuple(_ticked(one, done=done) for one in found if isinstance(one, c.Tick))


def _with_boxes(context: Context, *, seen: bool) -> Place | Misheard:
    """The step in focus if it has boxes, else the only step that has some.

    `seen`: what is typed refers to boxes that were read, so not to those of a step that another one hides.
    """
    focus = here(context)
    if isinstance(focus, Place) and focus.step.checklist:
        return focus
    having = [place for place in context.places() if place.step.checklist]
    if len(having) == 1 and not (seen and context.shown.focus):
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


def roster(context: Context, text: str) -> Commands | Asked | Misheard:
    """`liste 1-3 ÉTAT`, `liste tout ÉTAT`: the state of items of the step's roster; alone: its states."""
    place, rest = split_place(context, text)
    where = place or next((one for one in _focus_first(context) if one.step.roll is not None), None)
    if where is None or where.step.roll is None:
        return Misheard(code="no_roster")
    if not rest:
        return Asked(what="roster", subject=f"{where.run.id}:{where.track}")
    found = re.fullmatch(r"(?P<items>tout|toutes|tous|all|\d[\d ,-]*)\s+(?P<state>\D.*)", rest, re.IGNORECASE)
    size = roster_size(context, where)
    states = {name: [name, label] for name, label in where.step.roll.states.items()}
    chosen = best(found["state"], states) if found else ()
    if found is None or len(chosen) != 1:
        listed = tuple(
            f"{name} ({label})" for name, (_, label) in states.items() if not chosen or name in chosen
        )
        typed = found["state"] if found else rest
        return Misheard(code="which_roster_state", facts={"name": typed}, suggestions=listed)
    numbers = tuple(_items(found["items"], size)) if size else ()
    if not numbers:
        return Misheard(code="roster_empty", facts={"fact": where.step.roll.size})
    return tuple(
        c.MarkRoll(
            run=where.run.id, track=where.track, step=where.cursor.step, visit=where.cursor.visit,
            item=number, status=chosen[0],
        )
        for number in numbers
    )  # fmt: skip


def _focus_first(context: Context) -> tuple[Place, ...]:
    front = (context.shown.focus, context.shown.front)
    return tuple(sorted(context.places(), key=lambda one: (one.run.id, one.track) not in front))


def roster_size(context: Context, place: Place) -> int:
    """How many items there are; 0 while nobody has said."""
    roll = place.step.roll
    told = facts_of(context.scene.incident, place.run).get(roll.size, "") if roll else ""
    return int(told) if told.isdecimal() else 0


def _items(typed: str, size: int) -> Iterator[int]:
    """The items that `3`, `1-3`, `1, 4` or `tout` name; one past the end is left for the core to refuse."""
    if not typed[0].isdecimal():
        yield from range(1, size + 1)
        return
    for word in re.sub(r"\s*-\s*", "-", typed.replace(",", " ")).split():
        first, dash, last = word.partition("-")
        yield from range(
            int(first), min(int(last) if dash and last else int(first), max(size, int(first))) + 1
        )


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
