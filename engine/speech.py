"""Speak a language about one incident: phrases of cards, refusals, names of roles, local times.

Values without words (`engine.core.cards`, `Refused`) become sentences here, the same for every surface.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from engine.core.cards.values import At, Fill, Named, Phrase, Span, Text
from engine.core.directory import Directory
from engine.core.quantities import DAY, Instant
from engine.core.refusal import Refused
from engine.i18n import Words, calendar_day, clock_time, duration, moment
from engine.texts import fill

__all__ = ["Speech"]

_INSTANTS = ("at", "start", "due")
_CODES = ("what", "status", "type", "surface", "purpose")
_OPTIONAL = ("people", "by", "outcome", "at", "choices", "person")
"""Facts that a refusal may lack; the catalogue then has a sentence without them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Whoever reads: a language, a time zone, the hour it is, the directory that names people."""

    words: Words
    zone: tzinfo
    now: Instant
    directory: Directory
    organisation: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Names of clocks, activities and procedures, by id."""
    hides: bool = False
    """The surface must not show sensitive facts."""

    def say(self, key: str, /, **facts: object) -> str:
        return self.words.say(key, **facts)

    def phrase(self, told: Fill) -> str:
        """A phrase of a card, or what fills one."""
        match told:
            case Phrase(key, facts):
                return self.words.say(f"cards.{key}", **self._filled(facts))
            case At(instant):
                return self.at(instant)
            case Span(ms):
                return duration(ms, self.words.lang)
            case Named():
                return self.named(told)
            case _:
                return str(told)

    def _filled(self, facts: Mapping[str, Fill]) -> dict[str, object]:
        filled: dict[str, object] = {name: self.phrase(fact) for name, fact in facts.items()}
        if isinstance(count := facts.get("count"), int):
            filled["count"] = count  # the plural needs the number itself
        return filled

    def at(self, instant: Instant) -> str:
        return moment(instant, self.now, self.zone, self.words.lang)

    def dated(self, instant: Instant) -> str:
        """Day, month and hour, whatever the hour is: for what is read long afterwards."""
        return moment(instant, instant + 10 * DAY, self.zone, self.words.lang)

    def left(self, instant: Instant) -> str:
        return duration(instant - self.now, self.words.lang)

    def named(self, told: Named) -> str:
        key = f"cards.{told.kind}_name.{told.id}"
        # A role may bear the name of an activity (elections, police municipale): only the activity has a title.
        if title := told.title or (told.kind != "role" and self.titles.get(told.id)):
            return title
        if self.words.has(key):
            return self.words.say(key)
        return told.id.replace("_", " ")

    def role(self, role: str) -> str:
        return self.named(Named("role", role)) if role else ""

    def severity(self, level: str) -> str:
        """`G4 crise`: the level, and what it means."""
        key = f"cards.severity_name.{level}"
        return f"{level} {self.say(key)}" if self.words.has(key) else level

    def person(self, person: str, *, phone: bool = False) -> str:
        """A person's name, with the number to call when asked for."""
        known = self.directory.people.get(person)
        if known is None:
            return person
        return f"{known.name} ({known.phone})" if phone and known.phone else known.name

    def answer(self, kind: str, value: str, choices: Mapping[str, str]) -> str:
        """An answer as people say it: a choice by its label, somebody by name, a day in words."""
        if kind == "person":
            return self.person(value)
        if kind in ("date", "datetime"):
            return self._day(value)
        return choices.get(value, value)

    def _day(self, value: str) -> str:
        """A date, or a date and an hour, in words; what isn't one stays as it is."""
        try:
            local = datetime.fromisoformat(value)
        except ValueError:
            return value
        at = round(local.replace(tzinfo=local.tzinfo or self.zone).timestamp() * 1000)
        day = calendar_day(at, self.zone, self.words.lang)
        hour = clock_time(at, self.zone, self.words.lang)
        return self.say("cards.question.day_hour", day=day, hour=hour) if len(value) > 10 else day

    def text(self, text: Text) -> str:
        """A text of the runbook, filled in."""
        facts = {"organisation": self.organisation, **text.facts}
        return fill(text.source, facts, self.words, hidden=text.masked if self.hides else ())

    def code(self, kind: str, name: str) -> str:
        """A code of the core as people say it: a surface, what a group is for."""
        key = f"refusals.{kind}.{name}"
        return self.say(key) if self.words.has(key) else name

    def refusal(self, refused: Refused) -> str:
        """Why not, and what would do: who may, what is missing, who did it already and when."""
        told = {name: self._fact(name, fact) for name, fact in refused.facts.items()}
        key = f"refusals.{refused.code}"
        for name in _OPTIONAL:
            if not refused.facts.get(name) and self.words.has(f"{key}_without_{name}"):
                return self.words.say(f"{key}_without_{name}", **told)
        return self.words.say(key, **told)

    def _fact(self, name: str, fact: str | int | tuple[str, ...]) -> object:
        match fact:
            case int():
                return self.at(fact) if name in _INSTANTS else fact
            case ():
                return "–"
            case tuple():
                return self._facts(name, fact)
            case _ if name in _CODES and self.words.has(f"refusals.{name}.{fact}"):
                return self.words.say(f"refusals.{name}.{fact}")
            case _ if name == "day":
                return self._day(fact)
            case _ if name in ("role", "what") and self.words.has(f"cards.role_name.{fact}"):
                return self.role(fact)
            case _ if name == "person":
                return self.person(fact)
            case _:
                return self.titles.get(fact, fact)

    def _facts(self, name: str, facts: tuple[str, ...]) -> str:
        match name:
            case "people":
                return ", ".join(self.person(one, phone=True) for one in facts[:4])
            case "roles":
                return ", ".join(self.role(one) for one in dict.fromkeys(facts))
            case "names":
                return facts[0]
            case "choices":
                return ", ".join(facts)
            case _:
                return " · ".join(self.titles.get(one, one) for one in facts)
