"""Hear of what no commit tells us: another program (a terminal) declares, the town's files were read again."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from engine.home import Home
from engine.journal.errors import JournalUnavailable

__all__ = ["listed", "woken_or_declared"]

GLANCE: Final = 1.0
"""Seconds between two looks."""


def listed(home: Home) -> Sequence[str]:
    """The incidents by name; none while the journal can't be read."""
    try:
        return tuple(home.journal.reader.incidents())
    except JournalUnavailable:
        return ()


async def woken_or_declared(home: Home, woken: asyncio.Event, known: Sequence[str]) -> None:
    """Return once somebody wakes us, once there are incidents beside the known ones, or other people in the cell."""
    world = home.world
    while not woken.is_set() and home.world is world and not set(listed(home)) - {*known}:
        # Not `wait_for`: Python 3.11 loses a cancellation that comes as the event is set.
        with suppress(TimeoutError):
            async with asyncio.timeout(GLANCE):
                await woken.wait()
