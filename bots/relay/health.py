"""Whether a platform answers, since when it doesn't, and how long to leave it alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from engine.core.quantities import SECOND, Instant

__all__ = ["Health"]

TOLD_AFTER: Final = 20 * SECOND
"""A shorter hiccup is not worth an edit of every overview."""
STRIKES: Final = 3
"""Answers lost in a row, from which on the platform is held to be out of reach."""
LONGEST: Final = 60.0
"""Seconds between two tries at most."""


@dataclass
class Health:
    """One platform's."""

    since: Instant = 0
    """When it ceased to answer; 0 while it does."""
    why: str = ""
    fatal: bool = False
    """Nothing will mend by itself: a revoked token."""
    last_good: Instant = 0
    strikes: int = field(default=0, repr=False)

    def good(self, now: Instant) -> None:
        """It answered."""
        self.since, self.why, self.strikes, self.last_good = 0, "", 0, now

    def lost(self, now: Instant) -> bool:
        """An answer was lost; True when it is one too many."""
        self.strikes += 1
        if self.strikes >= STRIKES:
            self.since, self.why = self.since or now, self.why or "no_answer"
        return self.strikes >= STRIKES

    def down(self, now: Instant, why: str, *, fatal: bool = False) -> None:
        """It said that it is out of reach, or nothing did."""
        self.strikes += 1
        self.since, self.why, self.fatal = self.since or now, why, self.fatal or fatal

    def pause(self, chance: float) -> float:
        """Seconds until the next try: twice as long each time, so that many bots don't come back together."""
        return min(LONGEST, 2.0 ** min(self.strikes - 1, 10)) * (0.5 + chance / 2)

    def told(self, now: Instant) -> Instant | None:
        """Since when people are to be told that it is out of reach; None while there is nothing to tell."""
        if self.fatal or (self.since and now >= self.since + TOLD_AFTER):
            return self.since
        return None
