"""Which closed incident is meant, once none is open: people reopen, read again and export what they closed."""

from __future__ import annotations

from typing import Final

from bots.chat import declaring
from bots.chat.speaker import Speaker
from bots.inbound import Asked, Heard, Misheard
from engine.core import commands as c
from engine.core.incident import Incident
from engine.core.quantities import DAY

__all__ = ["closed", "is_about_one", "meant"]

_ASKED: Final = ("export", "status", "then", "timeline")
_MOST: Final = 20
"""Closed incidents that are offered: the last ones."""


def is_about_one(found: Heard | Asked | Misheard) -> bool:
    """Whether this makes sense of an incident that is over."""
    if isinstance(found, Heard):
        return isinstance(found.commands[0], c.ReopenIncident)
    return isinstance(found, Asked) and found.what in _ASKED


def closed(speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """Those that may be meant here, as people tell them from the others: real before exercises, the last first."""
    return tuple((one.id, declaring.named(speaker, one)) for one in _closed(speaker)[:_MOST])


def meant(speaker: Speaker) -> str:
    """The last one; empty when there is none, or when another was closed within a day of it, or since."""
    found = _closed(speaker)
    if not found:
        return ""
    first, *others = found
    if any(_ended(one) > _ended(first) - DAY for one in others):
        return ""
    return first.id


def _closed(speaker: Speaker) -> list[Incident]:
    found = declaring.meant_here(speaker, "closed")
    return sorted(found, key=lambda one: (one.exercise, -_ended(one)))


def _ended(incident: Incident) -> int:
    return incident.closed.at if incident.closed else 0
