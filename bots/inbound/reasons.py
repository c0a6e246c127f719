"""Tell a reason from a slip of the finger: a digit, two letters, or a command typed where a reason was asked for."""

from __future__ import annotations

from collections.abc import Iterable

from engine.core.commands import Approve, Command

__all__ = ["LEAST", "has_thin_reason", "is_thin"]

LEAST = 3
"""Letters of the shortest reason."""


def is_thin(reason: str) -> bool:
    """Too short to tell anybody anything, six months later."""
    return sum(letter.isalpha() for letter in reason) < LEAST


def has_thin_reason(commands: Iterable[Command]) -> bool:
    """Whether one of these gives a reason that is none."""
    return any(
        is_thin(reason)
        for command in commands
        if (reason := getattr(command, "reason", "")) and not isinstance(command, Approve)
    )
