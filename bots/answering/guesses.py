"""Slow down whoever guesses: codes that tie an account, PINs. In memory: a guesser must leave no trace in the journal.

A code has nearly sixty bits and lives a day, so that guessing it through a chat is hopeless anyway; a PIN has six
figures, and there the brake is what protects. A restart forgets the tries: five more, at each.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

from engine.core.quantities import MINUTE, Instant

__all__ = ["Guesses"]

MOST: Final = 5
"""Wrong tries before a rest."""
REST: Final = 15 * MINUTE
_KEPT: Final = 10_000
"""Who is remembered: beyond, the oldest are forgotten, so that a crowd of strangers takes no memory."""


@dataclass
class Guesses:
    """Wrong tries, by whoever makes them (an account, a person)."""

    _wrong: OrderedDict[str, tuple[int, Instant]] = field(default_factory=OrderedDict)

    def rests_until(self, who: str, now: Instant) -> Instant:
        """Until when this one must wait; 0 when a try is allowed."""
        count, last = self._wrong.get(who, (0, 0))
        return last + REST if count >= MOST and now < last + REST else 0

    def was_wrong(self, who: str, now: Instant) -> None:
        """Count a wrong try; tries older than a rest no longer count."""
        count, last = self._wrong.pop(who, (0, 0))
        self._wrong[who] = (count + 1 if now < last + REST else 1, now)
        while len(self._wrong) > _KEPT:
            self._wrong.popitem(last=False)

    def was_right(self, who: str) -> None:
        """Forget the tries of whoever was right."""
        self._wrong.pop(who, None)
