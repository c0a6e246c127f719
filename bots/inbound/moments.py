"""Hours as people type them: `@03:14` (it happened then), `AVANT 18:00`, `DANS 30 min`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from engine.core.quantities import Instant, parse_duration
from engine.core.world import Calendar

__all__ = ["Unreadable", "deadline", "happened", "take_time"]

_HOUR = re.compile(
    r"(?:(?P<d>\d{1,2})/(?P<mo>\d{1,2})(?:/(?P<y>\d{4}))?[-T ])?(?P<h>\d{1,2})\s*[:hH](?P<m>\d{2})?"
)
_BEFORE = re.compile(r"\s(?:avant|before)\s+(?P<at>\S+(?:\s\d{1,2}[:hH]\d{0,2})?)\s*$", re.IGNORECASE)
_WITHIN = re.compile(r"\s(?:dans|in|sous)\s+(?P<delay>\d+\s*\S+)\s*$", re.IGNORECASE)


class Unreadable(ValueError):
    """What was written where an hour should be."""


def take_time(text: str, calendar: Calendar, now: Instant) -> tuple[str, Instant | None]:
    """Take `@HH:MM` off the end (or the start) of a text. Yesterday, if it is still to come today.

    Raises Unreadable for an `@` followed by figures that are no hour.
    """
    for pattern in (r"(?P<rest>.*?)\s*@(?P<at>\d\S*(?: \d\S*)?)\s*$", r"^@(?P<at>\d\S*)\s+(?P<rest>.*)$"):
        found = re.match(pattern, text, re.DOTALL)
        if found:
            return found["rest"].strip(), happened(found["at"], calendar, now)
    return text, None


def happened(written: str, calendar: Calendar, now: Instant) -> Instant:
    """The last time it was that hour."""
    local = _local(written, calendar, now)
    if _instant(local) > now and not _HOUR.fullmatch(written)["d"]:  # type: ignore[index]
        local -= timedelta(days=1)
    return _instant(local)


def deadline(text: str, calendar: Calendar, now: Instant) -> tuple[str, Instant]:
    """Take `AVANT HH:MM` or `DANS 30 min` off the end of a text: the next time it is that hour; 0 without."""
    text = f" {text}"
    if found := _BEFORE.search(text):
        local = _local(found["at"], calendar, now)
        if _instant(local) <= now and not _HOUR.fullmatch(found["at"])["d"]:  # type: ignore[index]
            local += timedelta(days=1)
        return text[: found.start()].strip(), _instant(local)
    if found := _WITHIN.search(text):
        try:
            return text[: found.start()].strip(), calendar.add(now, parse_duration(found["delay"]))
        except ValueError:
            pass
    return text.strip(), 0


def _local(written: str, calendar: Calendar, now: Instant) -> datetime:
    found = _HOUR.fullmatch(written)
    if found is None:
        raise Unreadable(written)
    today = calendar.local(now)
    try:
        return today.replace(
            year=int(found["y"] or today.year), month=int(found["mo"] or today.month),
            day=int(found["d"] or today.day), hour=int(found["h"]), minute=int(found["m"] or 0),
            second=0, microsecond=0, fold=0,
        )  # fmt: skip
    except ValueError:
        raise Unreadable(written) from None


def _instant(local: datetime) -> Instant:
    return round(local.timestamp() * 1000)
