"""What a continuity plan lacks, in sentences: the terminal wraps them, the document lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import Any, Final

from engine.continuity.holes import (
    BareRisk,
    Late,
    Old,
    Overdue,
    Shared,
    Step,
    Uncovered,
    Undecided,
    Unreachable,
)
from engine.continuity.town import Last, Town
from engine.core.quantities import MINUTE
from engine.i18n import Words, duration, written_day

__all__ = ["Telling"]

_FALLS_SHOWN: Final = 4
"""Of the activities that fall with a thing, how many are named; `--json` names all."""


class Telling:
    """The sentences of each hole: a method of its own where a name is not enough."""

    def __init__(self, town: Town, words: Words) -> None:
        self.town, self.words = town, words

    def of(self, name: str, value: Any) -> Iterator[str]:
        """What to say of a hole that is there, by the name of its field in `Status`."""
        if isinstance(value, bool):
            yield self.words.say(f"pca.status.advice.{name}")
        elif hasattr(self, name):
            yield from getattr(self, name)(value)
        else:
            yield " · ".join(one.title for one in value)

    def undecided(self, value: tuple[Undecided, ...]) -> Iterator[str]:
        for one in value:
            row = "undecided_row" if one.registered else "unregistered_row"
            yield self._say(row, title=one.title, fields=", ".join(field.upper() for field in one.fields))

    def threats_without_procedure(self, value: tuple[Uncovered, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("row", title=one.title, told=self.titles("risks", one.risks))

    def late_procedures(self, value: tuple[Late, ...]) -> Iterator[str]:
        for title, some in groupby(value, key=lambda one: one.title):
            yield self._say("row", title=title, told=self.joined(map(self._late, some)))

    def _late(self, one: Late) -> str:
        return self._say(
            "late_unmeasured" if one.unmeasured_steps else "late",
            activity=one.activity_title,
            longest=self._length(one.longest_minutes),
            rto=self._length(one.rto_minutes),
        )

    def procedures_exercised_long_ago(self, value: tuple[Old, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("row", title=one.title, told=self.day(one.last))

    procedures_not_reviewed = procedures_exercised_long_ago

    def risks_without_measure(self, value: tuple[BareRisk, ...]) -> Iterator[str]:
        for one in value:
            yield self._say("risk_row", title=one.title, level=one.level)

    def practices_without_measure(self, value: tuple[str, ...]) -> Iterator[str]:
        yield " · ".join(self.words.say(f"pca.axis.{axis}") for axis in value)

    def measures_overdue(self, value: tuple[Overdue, ...]) -> Iterator[str]:
        for one in value:
            days = self._say("days", count=one.days)
            owner = self.role(one.owner) if one.owner else self._say("nobody")
            yield self._say("overdue_row", title=one.title, day=self.day(one.due), days=days, owner=owner)

    def shared_without_fallback(self, value: tuple[Shared, ...]) -> Iterator[str]:
        for one in value:
            falls = self._say("falls", count=len(one.activities))
            named = self.titles("activities", one.activities[:_FALLS_SHOWN])
            if len(one.activities) > _FALLS_SHOWN:
                named = self.joined((named, "…"))
            yield self._say("shared_row", title=one.title, falls=falls, names=named)

    def shared_with_fallback(self, value: tuple[Shared, ...]) -> Iterator[str]:
        for one in value:
            falls = self._say("falls", count=len(one.activities))
            yield self._say("fallback_row", title=one.title, falls=falls, fallback=one.fallback)

    def roles_without_holder(self, value: tuple[str, ...]) -> Iterator[str]:
        yield " · ".join(map(self.role, value))

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

    def last(self, last: Last | None) -> str:
        """When a procedure last served, and which incident tells it."""
        if last is None:
            return self.words.say("pca.last.never")
        said = self.words.say(f"pca.last.{last.kind}", day=written_day(last.on, self.words.lang))
        return f"{said} ({last.incident})" if last.incident else said

    def role(self, role: str) -> str:
        """What people call a role; a town's own keeps the name that it gave it."""
        key = f"cards.role_name.{role}"
        return self.words.say(key) if self.words.has(key) else role

    def day(self, day: date | None) -> str:
        """A date, or that there is none."""
        return self._say("no_day") if day is None else written_day(day, self.words.lang)

    def titles(self, kind: str, names: Iterable[str]) -> str:
        """What people call things of one kind."""
        return self.joined(self.town.title(kind, name) for name in names)

    def joined(self, items: Iterable[str]) -> str:
        """Things that have commas of their own."""
        return self.words.say("pca.between").join(items)


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
