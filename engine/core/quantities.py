"""Delays and targets as a town clerk writes them: `15 min`, `1h30`, `J+15`, `2 jo`, `T0 + 4 h`."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

__all__ = [
    "DAY",
    "HOUR",
    "MINUTE",
    "SECOND",
    "Duration",
    "Instant",
    "Target",
    "parse_duration",
    "parse_target",
]

Instant = int
"""Milliseconds since 1970-01-01 UTC. Whole numbers, so that a canonical form has one spelling."""

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Duration:
    """A delay in one of four measures that don't convert into each other.

    `ms` is elapsed time (a day is 24 h whatever the season), `months` is calendar time in the town's zone,
    `working_days` and `working_hours` follow the town's working calendar.
    """

    ms: int = 0
    months: int = 0
    working_days: int = 0
    working_hours: int = 0

    @property
    def rough_ms(self) -> int:
        """A length to compare delays of different measures: a month is 30 days, a working day is one day."""
        return self.ms + self.months * 30 * DAY + self.working_days * DAY + self.working_hours * HOUR

    @property
    def negated(self) -> Duration:
        return Duration(
            ms=-self.ms,
            months=-self.months,
            working_days=-self.working_days,
            working_hours=-self.working_hours,
        )

    def __str__(self) -> str:
        """The one printed form, which `parse_duration` reads back."""
        if self.months:
            return (
                f"{self.months // 12} ans"
                if self.months % 12 == 0 and self.months > 12
                else f"{self.months} mois"
            )
        if self.working_days:
            return f"{self.working_days} jo"
        if self.working_hours:
            return f"{self.working_hours} ho"
        if self.ms and self.ms % DAY == 0 and self.ms > 3 * DAY:
            return f"{self.ms // DAY} j"
        hours, rest = divmod(self.ms, HOUR)
        minutes, milliseconds = divmod(rest, MINUTE)
        if milliseconds:
            return f"{self.ms // SECOND} s"
        if hours and minutes:
            return f"{hours} h {minutes:02d}"
        return f"{hours} h" if hours else f"{minutes} min"


LONGEST: Final = Duration(months=100 * 12)
"""A century: beyond, it is a slip, and no calendar follows."""

_UNITS: Final[dict[str, Duration]] = {
    **dict.fromkeys(("s", "sec", "seconde", "secondes"), Duration(ms=SECOND)),
    **dict.fromkeys(("min", "mn", "minute", "minutes", "'"), Duration(ms=MINUTE)),
    **dict.fromkeys(("h", "heure", "heures", "hour", "hours"), Duration(ms=HOUR)),
    **dict.fromkeys(("j", "jour", "jours", "d", "day", "days"), Duration(ms=DAY)),
    **dict.fromkeys(("semaine", "semaines", "week", "weeks"), Duration(ms=7 * DAY)),
    **dict.fromkeys(("mois", "month", "months"), Duration(months=1)),
    **dict.fromkeys(("an", "ans", "année", "années", "year", "years"), Duration(months=12)),
    **dict.fromkeys(("jo", "jour ouvré", "jours ouvrés"), Duration(working_days=1)),
    **dict.fromkeys(("ho", "heure ouvrée", "heures ouvrées"), Duration(working_hours=1)),
}
_PLAIN = re.compile(r"(?P<n>\d{1,6})\s*(?P<unit>[a-zéè' ]+?)\s*", re.IGNORECASE)
_HOURS_MINUTES = re.compile(r"(?P<h>\d{1,4})\s*h\s*(?P<m>[0-5]?\d)\s*(?:min|mn)?", re.IGNORECASE)
_FROM_ZERO = re.compile(r"(?P<unit>[hj])\s*\+\s*(?P<n>\d{1,6})", re.IGNORECASE)


def parse_duration(text: str) -> Duration:
    """Read a delay; raise ValueError when it can't be read.

    Accepts `15 min`, `30 mn`, `72h`, `1h30`, `J+15`, `30 j`, `6 mois`, `2 ans`, `2 jo`, `4 ho`; a century at most.
    """
    duration = _read_duration(text.strip())
    if duration.rough_ms > LONGEST.rough_ms:
        raise ValueError(text)
    return duration


def _read_duration(text: str) -> Duration:
    if found := _HOURS_MINUTES.fullmatch(text):
        return Duration(ms=int(found["h"]) * HOUR + int(found["m"]) * MINUTE)
    if found := _FROM_ZERO.fullmatch(text) or _PLAIN.fullmatch(text):
        unit = _UNITS.get(found["unit"].lower())
        if unit is not None:
            n = int(found["n"])
            return Duration(
                ms=n * unit.ms,
                months=n * unit.months,
                working_days=n * unit.working_days,
                working_hours=n * unit.working_hours,
            )
    raise ValueError(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """When a step should be done: a delay from the entry, from the run's T0, from a fact, or the activity's RTO."""

    base: str
    """`entry`, `T0`, `rto`, or the name of a date fact."""
    delay: Duration = Duration()

    def __str__(self) -> str:
        if self.base == "entry":
            return str(self.delay)
        sign, delay = ("-", self.delay.negated) if self.delay.rough_ms < 0 else ("+", self.delay)
        return f"{self.base} {sign} {delay}" if delay.rough_ms else self.base


_ANCHORED = re.compile(r"(?P<base>T0|[a-z][a-z0-9_]*)\s*(?:(?P<sign>[+\-−–])\s*(?P<delay>.+))?")


def parse_target(text: str) -> Target:
    """Read a target; raise ValueError when it can't be read. See `Target` for the forms."""
    text = text.strip()
    try:
        return Target(base="entry", delay=parse_duration(text))
    except ValueError:
        found = _ANCHORED.fullmatch(text)
        if found is None:
            raise
    delay = parse_duration(found["delay"]) if found["delay"] else Duration()
    target = Target(base=found["base"], delay=delay)
    return target if found["sign"] in (None, "+") else replace(target, delay=delay.negated)
