"""Whether Telegram answers: when it last did, and why it doesn't."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.core.quantities import Instant

__all__ = ["Health"]


@dataclass
class Health:
    """`why` is a code; empty: all is well.

    unreachable; token (it is refused); conflict (another program polls); flood; webhook (nothing can be pushed to us);
    starting (no answer yet).
    """

    now: Callable[[], Instant]
    last_good: Instant = 0
    """When Telegram last answered a poll, or pushed an update; 0: never."""
    why: str = "starting"
    since: Instant = 0
    """Since when it is down; 0 while it answers."""

    @property
    def sound(self) -> bool:
        return not self.why

    def good(self) -> None:
        """It answered."""
        self.last_good, self.why, self.since = self.now(), "", 0

    def down(self, why: str) -> None:
        """It didn't, or refused us."""
        if not self.since:
            self.since = self.now()
        self.why = why
