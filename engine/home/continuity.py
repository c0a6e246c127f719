"""A town's continuity plan, from its open folder: its files, and what its main courante knows."""

from __future__ import annotations

from engine.continuity.register import REGISTER_FILE
from engine.continuity.town import Town, played
from engine.core.quantities import Instant
from engine.home.home import Home

__all__ = ["town_of"]


def town_of(home: Home, now: Instant) -> Town:
    """The town on this day; JournalUnavailable if its main courante can't be read."""
    library, calendar = home.library, home.world.calendar
    today = calendar.local(now).date()
    return Town(
        today=today,
        name=home.config.organisation.name,
        register=library.register,
        every_activity=library.activities,
        runbooks=library.runbooks,
        contacts=library.contacts,
        directory=home.world.directory.on(today.isoformat()),
        accounts=frozenset(link.person for link in home.house.links.values()),
        journal=played(home.desk.incidents(), calendar),
        trained=home.awareness.coverage(now),
        calendar=calendar,
        written=(home.path / REGISTER_FILE).is_file(),
    )
