"""Fill the texts of a runbook: `{{ fact }}`, `{{ fact | time }}`, `{{ fact | date }}`, and nothing else.

A fact that nobody answered reads "(à préciser)", a sensitive one "(masqué)" where it must not show. What is not of
this grammar is shown as its author wrote it: at 3 a.m. a raw `{{` is better than no instruction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from engine.i18n import Words

__all__ = ["BLANK", "FILTERS", "LONGEST", "fill"]

LONGEST: Final = 40_000
"""Characters of a text, before it is filled and after: a telephone shows no more."""

BLANK: Final = re.compile(
    r"\{\{\s{0,9}(?P<name>[A-Za-z_][A-Za-z0-9_]{0,63})\s{0,9}(?:\|\s{0,9}(?P<filter>[a-z_]{1,32})\s{0,9})?\}\}"
)
"""All that a blank can be. Each part is bounded: no text makes it slow."""


def fill(source: str, facts: Mapping[str, str], words: Words, *, hidden: tuple[str, ...] = ()) -> str:
    """The text with its facts. `hidden`: the facts to mask on this surface."""
    if "{{" not in source:
        return source

    def told(blank: re.Match[str]) -> str:
        name, kept = blank["name"], blank["filter"]
        if kept is not None and kept not in FILTERS:
            return blank[0]
        if name not in facts:
            return words.say("cards.text.unknown")
        value = words.say("cards.text.masked") if name in hidden else facts[name]
        return FILTERS[kept](value) if kept else value

    # A value is put in as it is: what somebody answered is never read as a blank.
    return BLANK.sub(told, source[:LONGEST])[:LONGEST]


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _time(value: str) -> str:
    """The hour of a time or of a date and time: "03:14"."""
    at = _moment(value)
    return value if at is None else f"{at:%H:%M}"


def _date(value: str) -> str:
    """The day as people write it: "24/11/2026"."""
    at = _moment(value)
    return value if at is None else f"{at:%d/%m/%Y}"


FILTERS: Final[Mapping[str, Callable[[str], str]]] = {"time": _time, "date": _date}
