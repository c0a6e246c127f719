"""Deadlines are a projection of (state, definition, calendar): what is due, when, watched by the timers.

They are rows beside the journal, changed in the same transaction; a due one becomes a `FireDeadline` command.
"""

from __future__ import annotations

import msgspec

from engine.core.quantities import Instant

__all__ = ["Deadline"]


class Deadline(msgspec.Struct, frozen=True, kw_only=True):
    """`(kind, run, track, visit, subject, rung)` names it inside its incident; only `due` may change under one name."""

    kind: str
    due: Instant
    run: int = 0
    track: str = ""
    visit: int = 0
    subject: str = ""
    rung: int = 0

    @property
    def name(self) -> tuple[str, int, str, int, str, int]:
        return self.kind, self.run, self.track, self.visit, self.subject, self.rung
