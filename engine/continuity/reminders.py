"""Who is reminded of what is due, and when: whoever has it, again after a week, then who directs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from engine.continuity.calendar import Due
from engine.continuity.town import Town
from engine.core.house import Reminder
from engine.core.incident import Incident
from engine.core.permissions import directors, who_may
from engine.core.quantities import DAY, Instant

__all__ = ["DIRECTOR_TOLD", "FIRST", "Call", "reminders"]

FIRST, AGAIN, DIRECTOR_TOLD = 1, 2, 3
"""The rungs; after the last, nobody is told any more of this occurrence: `tocsin pca due` still says it."""
_PATIENCE: Final = 7 * DAY
"""Between two rungs (proposal of the project)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Somebody to be told of something."""

    person: str
    rung: int
    what: Due


def reminders(
    town: Town, duties: Iterable[Due], told: Mapping[str, Reminder], linked: Collection[str], now: Instant
) -> Iterator[Call]:
    """What is to be said now, each to one person. `told`: the house's memory; `linked`: who can be written to.

    A review that goes on has its own steps, which remind by themselves.
    """
    for one in duties:
        if one.on > town.today or one.past.open:
            continue
        rung = _rung(told.get(one.name), one.on.isoformat(), now)
        person = _whom(town, one, rung, linked) if rung else ""
        if person:
            yield Call(person=person, rung=rung, what=one)


def _rung(known: Reminder | None, on: str, now: Instant) -> int:
    """The next one; 0 when it is too early, or when the last was climbed."""
    if known is None or known.on != on:
        return FIRST
    return known.rung + 1 if known.rung < DIRECTOR_TOLD and now >= known.at + _PATIENCE else 0


def _whom(town: Town, one: Due, rung: int, linked: Collection[str]) -> str:
    """The first who can be written to; nobody, and it waits until somebody can."""
    nothing_happens = Incident(id="")
    if rung == DIRECTOR_TOLD:
        able = directors(nothing_happens, town.directory)
    else:
        able = who_may((one.owner,) if one.owner else (), nothing_happens, town.directory)
    return next((person for person in able if person in linked), "")
