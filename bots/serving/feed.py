"""The town's agenda for any calendar that subscribes to it: what is due, roles only."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Final

from bots.answering.office import Office
from engine.continuity.agenda import agenda
from engine.core.quantities import MINUTE, SECOND, Instant
from engine.home.duties import duties_of
from engine.journal.errors import JournalUnavailable

__all__ = ["Feed"]

log = logging.getLogger(__name__)

FRESH: Final = 10 * MINUTE
"""How long one answer serves: a calendar that asks all day slows no press."""


class Feed:
    """Made when it is asked for."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._made: tuple[Instant, bytes] | None = None

    def __call__(self) -> bytes | None:
        """The agenda as it is, or was minutes ago; None when the town can't be read."""
        now = self._office.clock.now()
        if self._made is None or not 0 <= now - self._made[0] < FRESH:
            try:
                self._made = now, self._agenda(now)
            except JournalUnavailable as error:
                log.warning("the agenda waits for the journal: %s", error.code)
                return None
        return self._made[1]

    def _agenda(self, now: Instant) -> bytes:
        town, duties = duties_of(self._office.home, now)
        stamp = datetime.fromtimestamp(now // SECOND, UTC)
        return agenda(
            duties, town=town.name, today=town.today, stamp=stamp, words=self._office.words, command="tocsin"
        )
