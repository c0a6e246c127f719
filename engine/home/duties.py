"""What is due in a town, from its open folder."""

from __future__ import annotations

from engine.continuity.calendar import Due, due, history
from engine.continuity.town import Town
from engine.core.house import HOUSE
from engine.core.quantities import Instant
from engine.home.continuity import town_of
from engine.home.home import Home

__all__ = ["duties_of"]


def duties_of(home: Home, now: Instant) -> tuple[Town, tuple[Due, ...]]:
    """The town on this day, and all that it has to do; JournalUnavailable if its main courante can't be read."""
    town = town_of(home, now)
    first = next(iter(home.journal.reader.entries(HOUSE)), None)
    past = history(home.desk.incidents(), now, first.at if first is not None else 0)
    return town, due(town, past, home.house.staff.lessons)
