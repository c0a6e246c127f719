"""What the continuity plan lacks, at the terminal: each hole with what is in it, within 80 columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from textwrap import wrap
from typing import Any, Final

import msgspec

from bots.door import unbroken
from engine.continuity.status import (
    HOLES,
    BareRisk,
    Late,
    Old,
    Overdue,
    Shared,
    Status,
    Step,
    Uncovered,
    Undecided,
    Unreachable,
)
from engine.continuity.town import Town
from engine.core.quantities import MINUTE
from engine.i18n import Words, duration, written_day

__all__ = ["WIDTH", "status_json", "status_text", "wrapped"]

WIDTH: Final = 80
_FALLS_SHOWN: Final = 4
"""Of the activities that fall with a thing, how many are named; `--json` names all."""
_EXTRA: Final = ("shared_with_fallback", "restart_order")


def status_json(town: Town, status: Status) -> dict[str, Any]:
    """The contract of `tocsin pca status --json`: docs/pca.md."""
    told: dict[str, Any] = msgspec.to_builtins(status)
    return {"town": town.name, "on": town.today.isoformat(), "holes": status.holes, **told}


def status_text(town: Town, status: Status, words: Words) -> str:
    """Every hole with what is in it; those that there are none of in one sentence."""
    told, holes = _Told(town, words), status.holes
    lines = [words.say("pca.status.title", town=town.name, day=written_day(town.today, words.lang))]
    for name in (one for one in HOLES if holes[one]):
        value = getattr(status, name)
        count = f" ({holes[name]})" if isinstance(value, tuple) else ""
        lines += ["", f"✗ {words.say(f'pca.status.hole.{name}')}{count}", *told.of(name, value)]
    for name in _EXTRA:
        if value := getattr(status, name):
            lines += ["", words.say(f"pca.status.extra.{name}"), *told.of(name, value)]
    fine = [
        _inside(words.say(f"pca.status.hole.{name}"))
        for name in HOLES
        if isinstance(getattr(status, name), tuple) and not holes[name]
    ]
    if fine:
        lines += ["", *wrap(unbroken(words.say("pca.status.fine", names=", ".join(fine))), WIDTH)]
    return "\n".join(lines) + "\n"


def wrapped(text: str, indent: int = 2) -> list[str]:
    """One thing on as many lines as it takes."""
    return wrap(
        unbroken(text), WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2),
        break_on_hyphens=False,
    )  # fmt: skip


def _inside(title: str) -> str:
    """A title inside a sentence."""
    return title[0].lower() + title[1:]


class _Told:
    """The lines of each hole: a method of its own where a name is not enough."""

    def __init__(self, town: Town, words: Words) -> None:
        self.town, self.words = town, words

    def of(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, bool):
            rows: Iterable[str] = (self.words.say(f"pca.status.advice.{name}"),)
        elif hasattr(self, name):
            rows = getattr(self, name)(value)
        else:
            rows = (" · ".join(one if isinstance(one, str) else one.title for one in value),)
        for row in rows:
            yield from wrapped(row)

    def undecided(self, value: tuple[Undecided, ...]) -> Iterator[str]:
        for one in value:
            row = "undecided_row" if one.registered else "unregistered_row"
            yield self._say(row, title=one.title, fields=", ".join(field.upper() for field in one.fields))

    def threats_without_procedure(self, value: tuple[Uncovered, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("row", title=one.title, told=self._titles("risks", one.risks))

    def late_procedures(self, value: tuple[Late, ...]) -> Iterator[str]:
        for title, some in groupby(value, key=lambda one: one.title):
            yield self._say("row", title=title, told=" ; ".join(map(self._late, some)))

    def _late(self, one: Late) -> str:
        return self._say(
            "late_unmeasured" if one.unmeasured_steps else "late",
            activity=one.activity_title,
            longest=self._length(one.longest_minutes),
            rto=self._length(one.rto_minutes),
        )

    def procedures_exercised_long_ago(self, value: tuple[Old, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("row", title=one.title, told=self._day(one.last))

    procedures_not_reviewed = procedures_exercised_long_ago

    def risks_without_measure(self, value: tuple[BareRisk, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("risk_row", title=one.title, level=one.level)

    def practices_without_measure(self, value: tuple[str, ...]) -> Iterator[str]:
        yield " · ".join(self.words.say(f"pca.axis.{axis}") for axis in value)

    def measures_overdue(self, value: tuple[Overdue, ...]) -> Iterator[str]:
        for one in value:
            days = self._say("days", count=one.days)
            owner = self._role(one.owner) if one.owner else self._say("nobody")
            yield self._say("overdue_row", title=one.title, day=self._day(one.due), days=days, owner=owner)

    def shared_without_fallback(self, value: tuple[Shared, ...]) -> Iterator[str]:
        for one in value:
            falls = self._say("falls", count=len(one.activities))
            named = self._titles("activities", one.activities[:_FALLS_SHOWN])
            more = " ; …" if len(one.activities) > _FALLS_SHOWN else ""
            yield self._say("shared_row", title=one.title, falls=falls, names=named + more)

    def shared_with_fallback(self, value: tuple[Shared, ...]) -> Iterator[str]:
        for one in value:
            falls = self._say("falls", count=len(one.activities))
            yield self._say("fallback_row", title=one.title, falls=falls, fallback=one.fallback)

    def roles_without_holder(self, value: tuple[str, ...]) -> Iterator[str]:
        yield " · ".join(map(self._role, value))

    roles_without_deputy = roles_without_holder

    def circle(self, value: tuple[Step, ...]) -> Iterator[str]:
        yield " → ".join(one.title for one in value)

    def people_unreachable(self, value: tuple[Unreachable, ...]) -> Iterator[str]:
        for lacks, some in groupby(sorted(value, key=lambda one: one.lacks), key=lambda one: one.lacks):
            told = ", ".join(self.words.say(f"pca.lacks.{what}") for what in lacks)
            yield self._say("row", title=_capital(told), told=", ".join(one.name for one in some))

    def restart_order(self, value: tuple[tuple[Step, ...], ...]) -> Iterator[str]:
        for number, wave in enumerate(value, 1):
            yield f"{number}. " + " · ".join(one.title for one in wave)

    def _say(self, row: str, **facts: object) -> str:
        return self.words.say(f"pca.status.{row}", **facts)

    def _length(self, minutes: int) -> str:
        return duration(minutes * MINUTE, self.words.lang).replace(" ", "\u00a0")

    def _role(self, role: str) -> str:
        """What people call a role; a town's own keeps the name that it gave it."""
        key = f"cards.role_name.{role}"
        return self.words.say(key) if self.words.has(key) else role

    def _day(self, day: date | None) -> str:
        return self._say("no_day") if day is None else written_day(day, self.words.lang)

    def _titles(self, kind: str, names: Iterable[str]) -> str:
        return " ; ".join(self.town.title(kind, name) for name in names)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
