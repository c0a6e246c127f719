"""How Slack is, as this door sees it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.core.quantities import Instant
from engine.timers import Clock

__all__ = ["Health"]

NO_LINK = "no_link"


@dataclass(slots=True)
class Health:
    """When Slack last answered, whether it can tell us anything, and why not."""

    clock: Clock
    last: Instant = 0
    """When it last answered; 0 never."""
    since: Instant = 0
    """Since when it doesn't; 0 when it does."""
    why: str = ""
    """A code: unreachable, invalid_auth, no_link…"""
    fatal: bool = False
    """Nothing will mend by itself."""
    linked: bool = False
    """What people press reaches us."""
    missing: tuple[str, ...] = ()
    """Scopes of the manifest that the application was not granted."""

    @property
    def sound(self) -> bool:
        return self.linked and not self.why

    def answered(self) -> None:
        """Slack has just answered us; that alone doesn't bring what people press."""
        self.last = self.clock.now()
        if self.why != NO_LINK or self.linked:
            self.since, self.why, self.fatal = 0, "", False

    def failed(self, why: str, *, fatal: bool = False) -> None:
        """Slack is out of reach, or wants nothing more to do with us."""
        self.since, self.why, self.fatal = self.since or self.clock.now(), why, fatal

    def unlinked(self) -> None:
        """Nothing reaches us any more; a reason that is known already is the better one."""
        self.linked = False
        self.failed(self.why or NO_LINK, fatal=self.fatal)
