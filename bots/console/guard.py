"""Whether a bare number may be taken at its word: its card was read, not slipped under the finger meanwhile."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from prompt_toolkit.input import Input
from prompt_toolkit.input.typeahead import clear_typeahead

from engine.core.commands import Approve, Command, OpenRunbook, PickOutcome

__all__ = ["Guard", "drop_typed_ahead"]

IDLE = 0.8
"""Seconds that a card which has just come must have been on the screen before a number is for it."""

Spot = tuple[int, str, str, int]


def drop_typed_ahead(keys: Input) -> None:
    """Forget what was typed before what is about to be shown: it was meant for what was shown before."""
    clear_typeahead(keys)
    if not sys.stdin.isatty():
        return
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        termios.tcflush(sys.stdin.fileno(), termios.TCIFLUSH)


@dataclass
class Guard:
    """What was pressed last, and since when the card in front is there."""

    clock: Callable[[], float] = time.monotonic
    trusted: Spot | None = None
    """The step that the person works at: pressed last, or asked for."""
    front: Spot | None = None
    since: float = 0.0

    def drew(self, front: Spot | None, *, chosen: bool = False) -> None:
        """A screen was drawn. `chosen`: the person asked for it, so that its card is the one they mean."""
        if front != self.front:
            self.front, self.since = front, self.clock()
        if chosen:
            self.trusted = front

    def pressed(self, command: Command) -> None:
        """This was meant."""
        if isinstance(command, PickOutcome):
            self.trusted = _spot(command)

    def doubts(self, command: Command) -> str:
        """Why to ask first: `approval`, `open`, `track` (another one), `early` (it has just come); else empty."""
        if isinstance(command, Approve):
            return "approval"
        if isinstance(command, OpenRunbook):
            return "open"
        if not isinstance(command, PickOutcome) or self.trusted is None or _spot(command) == self.trusted:
            return ""
        if _spot(command)[:2] != self.trusted[:2]:
            return "track"
        return "early" if self.clock() - self.since < IDLE else ""


def _spot(pick: PickOutcome) -> Spot:
    return pick.run, pick.track, pick.step, pick.visit
