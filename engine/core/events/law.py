"""Activities and the law's clocks."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "ActivityChanged",
    "ApplicationChanged",
    "ClockBreached",
    "ClockCorrected",
    "ClockResumed",
    "ClockStarted",
    "ClockStopped",
    "ClockSuspended",
    "ClockWarned",
]


class ActivityChanged(Event, frozen=True, kw_only=True):
    """The entry's `occurred_at` says since when."""

    activity: str
    status: str
    run: int = 0


class ApplicationChanged(Event, frozen=True, kw_only=True):
    """`status`: down, restored. `activities`: those that fall with it, or that nothing threatens any more."""

    application: str
    status: str
    activities: tuple[str, ...] = ()


class ClockStarted(Event, frozen=True, kw_only=True):
    """A legal clock runs from `start`."""

    LEAVES: ClassVar = ("reason",)
    clock: str
    start: Instant
    due: Instant = 0
    """0: due at once, or of no fixed length."""
    run: int = 0
    reason: str = ""


class ClockSuspended(Event, frozen=True, kw_only=True):
    """A fact excludes the clock; it may run again."""

    LEAVES: ClassVar = ("reason",)
    clock: str
    reason: str = ""


class ClockResumed(Event, frozen=True, kw_only=True):
    """The clock runs again, from its own start."""

    clock: str


class ClockStopped(Event, frozen=True, kw_only=True):
    """The duty is done, or falls."""

    LEAVES: ClassVar = ("reason",)
    clock: str
    reason: str = ""


class ClockCorrected(Event, frozen=True, kw_only=True):
    """The clock began at another time; its warnings start again."""

    LEAVES: ClassVar = ("reason",)
    clock: str
    start: Instant
    due: Instant = 0
    reason: str = ""


class ClockWarned(Event, frozen=True, kw_only=True):
    """50, 75 or 90 % of the delay has run."""

    clock: str
    percent: int
    late_ms: int = 0
    told: bool = True


class ClockBreached(Event, frozen=True, kw_only=True):
    """The delay has run out."""

    clock: str
    late_ms: int = 0
