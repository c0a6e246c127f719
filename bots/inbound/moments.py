"""Hours as people type them: `@03:14` (it happened then), `hier 18h`, `20/11 23:50`, `AVANT 18:00`, `DANS 30 min`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from engine.core.quantities import Instant, parse_duration
from engine.core.world import Calendar

__all__ = [
    "YEARS",
    "Unreadable",
    "day_in",
    "deadline",
    "happened",
    "leading_moment",
    "since_as_at",
    "take_time",
]

YEARS: Final = range(1990, 2101)
"""A year outside of these is a slip of the finger."""

_DAYS = {
    "avanthier": -2, "hier": -1, "yesterday": -1, "aujourdhui": 0, "today": 0, "demain": 1, "tomorrow": 1,
}  # fmt: skip
_DAY = (
    r"(?:(?P<d>\d{1,2})[/.](?P<mo>\d{1,2})(?:[/.](?P<y>\d{4}|\d{2}))?"
    r"|(?P<word>avant[- ]?hier|hier|yesterday|aujourd['’ ]?hui|today|demain|tomorrow))"
)
_WRITTEN = re.compile(
    rf"(?:{_DAY}(?:\s+(?:à|a|at)\s+|[-T ]\s*))?(?P<h>\d{{1,2}})\s*[:hH](?P<m>\d{{2}})?", re.IGNORECASE
)
_DAY_ALONE = re.compile(_DAY, re.IGNORECASE)
_AT = r"(?P<at>\d\S*(?: \d\S*)?|(?:avant-?hier|hier|yesterday)[ -]\d\S*)"
_SINCE = re.compile(r"\s(?:depuis|since)\s+(?=\d|(?:avant-?hier|hier|yesterday)[ -]\d)", re.IGNORECASE)
_BEFORE = re.compile(r"\s(?:avant|before)\s+(?P<at>\S+(?:\s\d{1,2}[:hH]\d{0,2})?)\s*$", re.IGNORECASE)
_WITHIN = re.compile(r"\s(?:dans|in|sous)\s+(?P<delay>\d+\s*\S+)\s*$", re.IGNORECASE)


class Unreadable(ValueError):
    """What was written where an hour should be."""


def take_time(text: str, calendar: Calendar, now: Instant) -> tuple[str, Instant | None]:
    """Take `@HH:MM` off the end (or the start) of a text. Yesterday, if it is still to come today.

    Raises Unreadable for an `@` followed by figures that are no hour.
    """
    for pattern in (rf"(?P<rest>.*?)\s*@{_AT}\s*$", r"^@(?P<at>\d\S*)\s+(?P<rest>.*)$"):
        found = re.match(pattern, text, re.DOTALL | re.IGNORECASE)
        if found:
            return found["rest"].strip(), happened(found["at"], calendar, now)
    return text, None


def since_as_at(text: str) -> str:
    """`depuis 03:10` means `@03:10` of what lasts: an outage, not the words of a note."""
    return _SINCE.sub(" @", text, count=1)


def happened(written: str, calendar: Calendar, now: Instant) -> Instant:
    """The last time it was that hour; in the night when an hour comes twice, the nearest before now."""
    found = _read(written)
    local = _local(found, calendar, now)
    instants = _instants(local)
    past = [one for one in instants if one <= now]
    if not past and not _has_day(found):
        past = _instants(local - timedelta(days=1))
    return past[-1] if past else instants[0]


def leading_moment(words: list[str], calendar: Calendar, now: Instant) -> tuple[Instant, list[str]]:
    """The hour that begins these words, a day before it or not, and what follows. Raises Unreadable."""
    for count in (3, 2, 1):
        if len(words) >= count:
            try:
                return happened(" ".join(words[:count]).lstrip("@"), calendar, now), words[count:]
            except Unreadable:
                continue
    raise Unreadable(" ".join(words[:2]))


def deadline(text: str, calendar: Calendar, now: Instant) -> tuple[str, Instant]:
    """Take `AVANT HH:MM` or `DANS 30 min` off the end of a text: the next time it is that hour; 0 without."""
    text = f" {text}"
    if found := _BEFORE.search(text):
        read = _read(found["at"])
        local = _local(read, calendar, now)
        instants = _instants(local)
        coming = [one for one in instants if one > now]
        if not coming and not _has_day(read):
            coming = _instants(local + timedelta(days=1))
        return text[: found.start()].strip(), coming[0] if coming else instants[-1]
    if found := _WITHIN.search(text):
        try:
            return text[: found.start()].strip(), calendar.add(now, parse_duration(found["delay"]))
        except ValueError:
            pass
    return text.strip(), 0


def day_in(written: str, calendar: Calendar, now: Instant) -> date | None:
    """The day of `20/11`, `hier`, `20/11 23:50`: of the nearest year when none is written; None if it is no day."""
    found = _DAY_ALONE.fullmatch(written.strip()) or _WRITTEN.fullmatch(written.strip())
    if found is None or not _has_day(found):
        return None
    try:
        day = _day(found, calendar.local(now)).date()
    except (ValueError, OverflowError):
        return None
    return day if day.year in YEARS else None


def _read(written: str) -> re.Match[str]:
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        raise Unreadable(written)
    return found


def _has_day(found: re.Match[str]) -> bool:
    return bool(found["d"] or found["word"])


def _local(found: re.Match[str], calendar: Calendar, now: Instant) -> datetime:
    try:
        local = _day(found, calendar.local(now)).replace(
            hour=int(found["h"]), minute=int(found["m"] or 0), second=0, microsecond=0, fold=0
        )
    except (ValueError, OverflowError):
        raise Unreadable(found[0]) from None
    if local.year not in YEARS:
        raise Unreadable(found[0])
    return local


def _day(found: re.Match[str], today: datetime) -> datetime:
    """The day that is named, or today; without a year, that of the nearest one."""
    if found["word"]:
        return today + timedelta(days=_DAYS[re.sub(r"[^a-z]", "", found["word"].lower())])
    if not found["d"]:
        return today
    if found["y"]:
        year = int(found["y"])
        return today.replace(
            year=year + 2000 if len(found["y"]) == 2 else year, month=int(found["mo"]), day=int(found["d"])
        )
    years = (today.year, today.year - 1, today.year + 1)
    days = tuple(_in_years(today, int(found["mo"]), int(found["d"]), years))
    if not days:
        raise ValueError(found[0])
    return min(days, key=lambda day: abs(day - today))


def _in_years(today: datetime, month: int, day: int, years: Iterable[int]) -> Iterable[datetime]:
    for year in years:
        try:
            yield today.replace(year=year, month=month, day=day)
        except ValueError:  # 29 February
            continue


def _instants(local: datetime) -> list[Instant]:
    """When it is that hour: twice in the night when clocks go back; an hour later if clocks skip it."""
    first, second = (round(local.replace(fold=fold).timestamp() * 1000) for fold in (0, 1))
    return [first, second] if second > first else [first]
