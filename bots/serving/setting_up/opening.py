"""Open the doors, and say as whom each is connected, or in words why it is not."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Final

from bots.serving.doors import Door
from bots.serving.setting_up.terminal import Terminal

__all__ = ["opened"]

PATIENCE: Final = 20.0
"""Seconds that a platform has to open; a first answer takes one or two."""
STEADY: Final = 2.0
"""Seconds that it must then stay open: two programs that poll with one token throw each other out by turns."""
_SAID_AT_ONCE: Final = ("token", "conflict", "webhook")
"""What waiting longer won't mend."""


async def opened(terminal: Terminal, doors: Mapping[str, Door]) -> dict[str, Door]:
    """Those that open."""
    found = await asyncio.gather(*(_opens(door) for door in doors.values()))
    return {
        surface: door
        for (surface, door), sound in zip(doors.items(), found, strict=True)
        if _told(terminal, surface, door, sound=sound)
    }


async def _opens(door: Door) -> bool:
    loop = asyncio.get_running_loop()
    end, since = loop.time() + PATIENCE, 0.0
    while loop.time() < end:
        if door.health.why in _SAID_AT_ONCE:
            return False
        well = door.health.sound and bool(door.name)
        since = (since or loop.time()) if well else 0.0
        if since and loop.time() >= since + STEADY:
            return True
        await asyncio.sleep(0.1)
    return False


def _told(terminal: Terminal, surface: str, door: Door, *, sound: bool) -> bool:
    name = terminal.words.say(f"setup.surface.{surface}")
    if sound:
        terminal.say("setup.open.connected", surface=name, name=door.name)
    else:
        key = f"setup.open.{door.health.why}"
        key = key if terminal.words.has(key) else "setup.open.other"
        terminal.say(key, surface=name, why=door.health.why)
    if missing := getattr(door.health, "missing", ()):
        terminal.say("setup.open.scopes", scopes=", ".join(missing))
    return sound
