"""A group takes twenty messages a minute, and they are the cell's: whoever isn't of it is told no once in a while."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from engine.core.quantities import MINUTE, Instant

__all__ = ["Sparing"]

REST: Final = 10 * MINUTE
MOST: Final = 1_000
"""Of whom it is remembered."""


@dataclass(slots=True)
class Sparing:
    """Who was told no, and when."""

    now: Callable[[], Instant]
    _told: OrderedDict[str, Instant] = field(default_factory=OrderedDict)

    def may_tell(self, who: str) -> bool:
        """Whether to tell them; from now on they were."""
        now = self.now()
        if now < self._told.get(who, 0) + REST:
            return False
        self._told[who] = now
        self._told.move_to_end(who)
        while len(self._told) > MOST:
            self._told.popitem(last=False)
        return True
