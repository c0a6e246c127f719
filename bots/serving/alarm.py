"""Hear of the alarms that another program gave, and pass on what it didn't live to (`engine.home.alarm`)."""

from __future__ import annotations

import asyncio
import logging
from typing import Final, NoReturn

from engine.home import Home
from engine.journal.errors import JournalUnavailable
from engine.timers import Clock

__all__ = ["keep_alarmed"]

log = logging.getLogger(__name__)

GLANCE: Final = 10.0
"""Seconds between two looks."""


async def keep_alarmed(home: Home, clock: Clock) -> NoReturn:
    """Until cancelled."""
    while True:
        try:
            await home.alarm.settle(clock.now())
        except JournalUnavailable as error:
            log.warning("alarms wait for the journal: %s", error.code)
        await asyncio.sleep(GLANCE)
