"""Name the incidents: `INC-2026-003` is the third of its year, `EX-2026-001` the first exercise.

The numbers have no gaps, so that an incident that was removed whole is missed. A year is the town's, not Greenwich's.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from engine.core.names import EXERCISE, HOUSE, REAL, is_exercise

__all__ = ["OF_THE_HOUSE", "Number", "is_exercise", "number_of"]

_NAME = re.compile(rf"({REAL}|{EXERCISE})-([0-9]{{4}})-([0-9]{{3,}})")


class Number(NamedTuple):
    """An incident's place in its year."""

    exercise: bool
    year: int
    number: int

    @property
    def name(self) -> str:
        if not self.year:
            return HOUSE
        return f"{EXERCISE if self.exercise else REAL}-{self.year}-{self.number:03d}"


OF_THE_HOUSE: Final = Number(False, 0, 1)
"""The house's own book stands in no year: it is no incident, and there is one."""


def number_of(name: str) -> Number | None:
    """Read a name back; None if it is not a stream's."""
    if name == HOUSE:
        return OF_THE_HOUSE
    found = _NAME.fullmatch(name)
    return found and Number(found[1] == EXERCISE, int(found[2]), int(found[3]))
