"""A length of time between two moments of the journal, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.core.events import Entry
from engine.core.quantities import Instant

__all__ = ["Moment", "Span"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An instant, and the entry that says it."""

    at: Instant
    entry: int

    @classmethod
    def of(cls, entry: Entry) -> Moment:
        """When this entry happened."""
        return cls(at=entry.occurred_at, entry=entry.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From one moment to another, either of which may be missing."""

    start: Moment | None
    end: Moment | None

    @property
    def state(self) -> Literal["measured", "no_start", "no_end", "impossible"]:
        """`impossible`: it would end before it begins, so one of the two entries is wrong."""
        if self.start is None:
            return "no_start"
        if self.end is None:
            return "no_end"
        return "measured" if self.end.at >= self.start.at else "impossible"

    @property
    def ms(self) -> int | None:
        """Milliseconds; None unless it is measured."""
        if self.start is None or self.end is None or self.end.at < self.start.at:
            return None
        return self.end.at - self.start.at
