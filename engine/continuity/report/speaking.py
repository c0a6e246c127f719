"""What every part of the document says in the same way: delays with their standing, names, roles, days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from engine.continuity.telling import Telling
from engine.continuity.town import Town
from engine.i18n import Words

__all__ = ["Speaking"]


class Speaking:
    """The words of one document: `speak("title")` is `pca_report.title` of the catalogue."""

    def __init__(self, town: Town, words: Words) -> None:
        self.town, self.words = town, words
        self.telling = Telling(town, words)

    def __call__(self, key: str, /, **facts: object) -> str:
        return self.words.say(f"pca_report.{key}", **facts)

    def delay(self, activity: str, field: str) -> str:
        """A delay of an activity, marked when it is only proposed."""
        value = getattr(self.town.activities[activity], field)
        decided = self.town.register.activities.get(activity)
        if value is None:
            return self("none")
        told = str(value) if value.rough_ms else self("no_loss")
        is_decided = decided is not None and field in decided.model_fields_set
        return told if is_decided else f"{told} {self('proposed')}"

    def joined(self, items: Iterable[str]) -> str:
        """Several things in one cell."""
        return self.telling.joined(items)

    def role(self, role: str | None) -> str:
        return self.telling.role(role) if role else self("to_name")

    def axis(self, axis: str) -> str:
        """A practice, at the head of its line."""
        text = self.words.say(f"pca.axis.{axis}")
        return text[0].upper() + text[1:]

    def day(self, day: date | None) -> str:
        return self.telling.day(day)

    def titles(self, kind: str, names: Iterable[str]) -> str:
        """Names in a cell, those that lead nowhere left out: `tocsin check` tells them."""
        known = [name for name in names if self._is_known(kind, name)]
        return self.telling.titles(kind, known) or self("none")

    def _is_known(self, kind: str, name: str) -> bool:
        if kind == "activities":
            return name in self.town.every_activity
        return kind == "roles" or name in getattr(self.town.register, kind)
