"""Name the incidents: `INC-2026-003` is the third of its year, `EX-2026-001` the first exercise.

The numbers have no gaps, so that an incident that was removed whole is missed. A year is the town's, not Greenwich's.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

__all__ = ["Number", "is_exercise", "number_of"]

_REAL: Final = "INC"
_EXERCISE: Final = "EX"
_NAME = re.compile(rf"({_REAL}|{_EXERCISE})-([0-9]{{4}})-([0-9]{{3,}})")


class Number(NamedTuple):
    """An incident's place in its year."""

    exercise: bool
    year: int
    number: int

    @property
    def name(self) -> str:
        return f"{_EXERCISE if self.exercise else _REAL}-{self.year}-{self.number:03d}"


def number_of(name: str) -> Number | None:
    """Read a name back; None if it is not an incident's."""
    found = _NAME.fullmatch(name)
    return found and Number(found[1] == _EXERCISE, int(found[2]), int(found[3]))


def is_exercise(name: str) -> bool:
    """An exercise can't lose its flag: it is in its name, which every entry and every hash repeat."""
    return name.startswith(f"{_EXERCISE}-")
