"""What is due, at the terminal: late first, then what is to come, each with the line that starts it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from textwrap import wrap
from typing import Any, Final

from bots.door import unbroken
from engine.continuity.calendar import REVIEW, Done, Due, person_for
from engine.continuity.town import Town
from engine.core.world import Calendar
from engine.i18n import Words, written_day

__all__ = ["due_json", "due_text", "is_due", "start_of"]

_WIDTH: Final = 80


def is_due(one: Due, today: date) -> bool:
    """Whether its day has come."""
    return one.late_days(today) >= 0


def start_of(one: Due, tocsin: str, home: str, words: Words) -> str:
    """The line to type, or what to write where."""
    if one.kind == REVIEW:
        what = f"--incident {one.past.open}" if one.past.open else one.id
        return f"{tocsin} run {what}{home}"
    return words.say(f"due.start.{one.kind}", id=one.id)


def due_json(town: Town, duties: Sequence[Due], tocsin: str, home: str, words: Words) -> dict[str, Any]:
    """The contract of `tocsin pca due --json`: docs/pca-due.md."""
    return {
        "town": town.name,
        "on": town.today.isoformat(),
        "due": [_row(town, one, start_of(one, tocsin, home, words)) for one in duties],
    }


def _row(town: Town, one: Due, start: str) -> dict[str, Any]:
    late = one.late_days(town.today)
    return {
        "kind": one.kind,
        "id": one.id,
        "title": one.title,
        "owner": one.owner or None,
        "person": person_for(one.owner, town) or None,
        "due": one.on.isoformat(),
        "state": "late" if late > 0 else "today" if late == 0 else "coming",
        "late_days": max(late, 0),
        "why": one.why,
        "last_done": _done(one.past.done, town.calendar),
        "without_proof": _done(one.past.unproved, town.calendar),
        "open": one.past.open or None,
        "also_on": list(one.also_on),
        "start": start,
    }


def _done(done: Done | None, calendar: Calendar) -> dict[str, str] | None:
    if done is None:
        return None
    return {"on": calendar.local(done.at).date().isoformat(), "incident": done.incident}


def due_text(town: Town, duties: Sequence[Due], tocsin: str, home: str, words: Words) -> str:
    """Everything that has a day."""
    day = written_day(town.today, words.lang)
    lines = [words.say("due.title_line", town=town.name, day=day)]
    for name, wanted in (("now", True), ("coming", False)):
        some = [one for one in duties if is_due(one, town.today) is wanted]
        if some:
            lines += ["", words.say(f"due.part.{name}", count=len(some))]
        for one in some:
            lines += _lines(town, one, words)
            lines.append(f"    → {start_of(one, tocsin, home, words)}")
    if not any(is_due(one, town.today) for one in duties):
        lines += ["", words.say("due.nothing")]
    return "\n".join(lines) + "\n"


def _lines(town: Town, one: Due, words: Words) -> Iterator[str]:
    role = f"cards.role_name.{one.owner}"
    owner = words.say(role) if words.has(role) else one.owner.replace("_", " ")
    person = town.directory.name(person_for(one.owner, town))
    told = " · ".join(filter(None, (words.say(f"due.title.{one.kind}", title=one.title), owner, person)))
    yield from wrap(unbroken(told), _WIDTH, initial_indent="  ", subsequent_indent="    ")
    for line in (_when(town, one, words), *_also(one, words)):
        yield from wrap(unbroken(line), _WIDTH, initial_indent="    ", subsequent_indent="    ")


def _when(town: Town, one: Due, words: Words) -> str:
    late = one.late_days(town.today)
    told = [words.say("due.on", day=written_day(one.on, words.lang))]
    if late >= 0:
        told.append(words.say("due.late", count=late) if late else words.say("due.today"))
    if one.kind == REVIEW:
        told.append(words.say(f"due.why.{one.why}"))
        told += _done_before(town, one, words)
    return " · ".join(told)


def _also(one: Due, words: Words) -> Iterator[str]:
    """Occasions that only people see. A town may have its own, which is told as it is written."""
    if one.also_on:
        keys = {name: f"due.occasion.{name}" for name in one.also_on}
        told = (words.say(key) if words.has(key) else name.replace("_", " ") for name, key in keys.items())
        yield words.say("due.also_on", occasions=", ".join(told))


def _done_before(town: Town, one: Due, words: Words) -> Iterator[str]:
    for name, done in (("done", one.past.done), ("unproved", one.past.unproved)):
        if done is not None:
            day = written_day(town.calendar.local(done.at).date(), words.lang)
            yield words.say(f"due.{name}", day=day, incident=done.incident)
    if one.past.open:
        yield words.say("due.open", incident=one.past.open)
