"""Note how true the machine's clock was: an hour in the main courante is worth what the clock was worth.

A note is written with the first entry after the journal is opened, and whenever the time was moved by more than a
second against the machine's own count, which nobody can set. Legal delays are judged on these hours.
"""

from __future__ import annotations

import ctypes
import sys
import time
from collections.abc import Callable
from typing import Final, NamedTuple

__all__ = ["ClockNote", "Watch", "synchronised"]

_LINUX: bool = sys.platform.startswith("linux")

JUMP: Final = 1_000
"""Milliseconds: less is the drift that a time server corrects all the time."""

_TIME_ERROR: Final = 5
"""What adjtimex answers when nothing disciplines the clock."""
_TIMEX_BYTES: Final = 256
"""More than any `struct timex`; zeroed, it asks and sets nothing."""


class ClockNote(NamedTuple):
    """The clock at one moment. `jump`: by how much the time was moved since the last note, in milliseconds."""

    reason: str
    wall: int
    elapsed: int
    jump: int
    synchronised: int | None
    """1: a time server disciplines it, 0: nothing does, None: not known."""


def synchronised() -> bool | None:
    """Whether a time server disciplines the machine's clock; None where the system doesn't say (not Linux)."""
    if not _LINUX:
        return None
    try:
        return int(ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))) != _TIME_ERROR
    except (OSError, AttributeError):
        return None


def wall_ms() -> int:
    """The machine's time."""
    return time.time_ns() // 1_000_000


def elapsed_ms() -> int:
    """Since the machine started, its sleep included where the system counts it."""
    if _LINUX:
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
    return time.monotonic_ns() // 1_000_000


class Watch:
    """Compares the two clocks of the machine."""

    def __init__(
        self,
        wall: Callable[[], int] = wall_ms,
        elapsed: Callable[[], int] = elapsed_ms,
        disciplined: Callable[[], bool | None] = synchronised,
    ) -> None:
        self._wall, self._elapsed, self._disciplined = wall, elapsed, disciplined
        self._offset: int | None = None
        self._pending: int | None = None

    def note(self) -> ClockNote | None:
        """What is to be written down now, if anything."""
        wall, elapsed = self._wall(), self._elapsed()
        offset = wall - elapsed
        if self._offset is None:
            self._pending = offset
            return ClockNote("open", wall, elapsed, 0, self._disciplined())
        jump = offset - self._offset
        if abs(jump) <= JUMP:
            return None
        self._pending = offset
        return ClockNote("jump", wall, elapsed, jump, self._disciplined())

    def written(self) -> None:
        """The note is durable: the next is counted from it."""
        if self._pending is not None:
            self._offset, self._pending = self._pending, None
