"""What `decide` may know beside the incident: the directory, the procedures, the calendar. Told, never asked."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from engine.core.commun import Duty
from engine.core.directory import Directory
from engine.core.quantities import Duration, Instant
from engine.core.runbook import ClockSpec, Definition

__all__ = ["Application", "Calendar", "Shelf", "World"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Shelf(Protocol):
    """The procedures: those of the library now, and every one that an open run is pinned to."""

    def current(self, runbook: str) -> str | None:
        """The digest of the library's version of this runbook, or None."""

    def definition(self, digest: str) -> Definition:
        """The definition of that digest. KeyError if nobody pinned it."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The town's time: its zone, its public holidays, its office hours (whole hours of a working day)."""

    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    holidays: frozenset[str] = frozenset()
    """Public holidays, ISO dates."""
    opens: int = 9
    closes: int = 17

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= 24:
            raise ValueError(f"office hours from {self.opens} to {self.closes}")

    def local(self, instant: Instant) -> datetime:
        """The town's date and hour at this instant."""
        return (_EPOCH + timedelta(milliseconds=instant)).astimezone(self.zone)

    def add(self, start: Instant, delay: Duration) -> Instant:
        """The instant `delay` after `start` (before it, when negative).

        Elapsed time ignores clock changes; months keep the local day and hour (31 January + 1 month is 28 February);
        working days and hours skip week-ends and holidays. A working delay that is negative counts back.
        """
        instant = start + delay.ms
        if delay.months:
            instant = self._add_months(instant, delay.months)
        if delay.working_days:
            instant = self._add_working_days(instant, delay.working_days)
        if delay.working_hours:
            instant = self._add_working_hours(instant, delay.working_hours)
        return instant

    def _instant(self, local: datetime) -> Instant:
        """The instant of a local hour: the first of one that comes twice, an hour later for one that is skipped."""
        return (local.replace(fold=0).astimezone(UTC) - _EPOCH) // timedelta(milliseconds=1)

    def _add_months(self, start: Instant, months: int) -> Instant:
        local = self.local(start)
        year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
        last = monthrange(year, month + 1)[1]
        return self._instant(local.replace(year=year, month=month + 1, day=min(local.day, last)))

    def is_office_hour(self, instant: Instant) -> bool:
        """Whether the town's offices are open at this instant."""
        local = self.local(instant)
        return self._is_working(local) and self.opens <= local.hour < self.closes

    def _is_working(self, day: datetime) -> bool:
        return day.weekday() < 5 and day.date().isoformat() not in self.holidays

    def _add_working_days(self, start: Instant, days: int) -> Instant:
        local, step, left = self.local(start), 1 if days > 0 else -1, abs(days)
        while left:
            local += timedelta(days=step)  # wall-clock arithmetic: the same hour on another day
            left -= self._is_working(local)
        return self._instant(local)

    def _office_hours(self, day: datetime) -> tuple[datetime, datetime]:
        midnight = day.replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight + timedelta(hours=self.opens), midnight + timedelta(hours=self.closes)

    def _add_working_hours(self, start: Instant, hours: int) -> Instant:
        day = local = self.local(start)
        left, step = timedelta(hours=abs(hours)), 1 if hours > 0 else -1
        while left > timedelta():
            opens, closes = self._office_hours(day)
            local = max(local, opens) if step > 0 else min(local, closes)
            room = closes - local if step > 0 else local - opens
            if self._is_working(day) and room > timedelta():
                used = min(left, room)
                local, left = local + step * used, left - used
            day += timedelta(days=step)
        return self._instant(local)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What the town's register says of an application: its name, what falls with it, what one does without it."""

    title: str
    activities: tuple[str, ...] = ()
    fallback: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The town, as the core is told of it."""

    directory: Directory
    shelf: Shelf
    calendar: Calendar = field(default_factory=Calendar)
    clocks: Mapping[str, ClockSpec] = field(default_factory=dict)
    """Every legal clock of the library, by id: one may be started by hand."""
    duties: Mapping[str, Duty] = field(default_factory=dict)
    applications: Mapping[str, Application] = field(default_factory=dict)
    """Those of the town's register, by id."""
    organisation: str = ""
    file: Directory | None = None
    """The directory as its file says, where people have changed it since."""

    @property
    def written(self) -> Directory:
        """The directory as its file says."""
        return self.file or self.directory

    def at(self, now: Instant) -> World:
        """The town at this instant: guests whose last day has passed hold no role any more."""
        if not any(one.until for one in self.directory.people.values()):
            return self
        directory = self.directory.on(self.calendar.local(now).date().isoformat())
        return self if directory is self.directory else replace(self, directory=directory, file=self.written)
