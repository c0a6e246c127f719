"""Whether a decision names who is to carry it out: somebody of the directory, or a function."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from engine.core import events as e
from engine.core.directory import Directory
from engine.i18n import LANGUAGES, load_area

__all__ = ["unowned"]

_SHORTEST = 3
"""Letters of a name that is looked for by itself."""


def unowned(
    decisions: Iterable[e.Entry], directory: Directory, roles: Iterable[str]
) -> tuple[int, ...] | None:
    """The entries of the written decisions that name nobody; None when one was erased, and can't be read.

    What was decided by an outcome of a step is its role's: only decisions in free text are looked at.
    """
    known = {plain for name in _names(directory, roles) if len(plain := _plain(name)) >= _SHORTEST}
    found = []
    for entry in decisions:
        if not isinstance(entry.event, e.DecisionMade):
            continue
        if not entry.event.text:
            return None
        text = f" {_plain(entry.event.text)} "
        if not any(f" {name} " in text for name in known):
            found.append(entry.seq)
    return tuple(found)


def _names(directory: Directory, roles: Iterable[str]) -> Iterator[str]:
    for person in directory.people.values():
        yield from (person.id, person.name, *person.name.split())
    for role in dict.fromkeys((*directory.roles, *roles)):
        yield role
        for lang in LANGUAGES:
            told = load_area(lang, "cards").get(f"cards.role_name.{role}")
            if isinstance(told, str):
                yield told


def _plain(text: str) -> str:
    folded = "".join(
        c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c)
    ).casefold()
    return re.sub(r"[^a-z0-9]+", " ", folded).strip()
