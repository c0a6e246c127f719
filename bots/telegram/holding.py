"""Let an update be confirmed before the last word about it was said.

An update holds the offset until what it does is durable. What is left then is to answer; when Telegram asks to wait for
that, everybody else's updates must not wait with it.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

__all__ = ["held", "let_go"]

_RELEASE: ContextVar[Callable[[], None] | None] = ContextVar("release", default=None)


def held(release: Callable[[], None]) -> None:
    """From here on, in this task, `let_go` calls `release`."""
    _RELEASE.set(release)


def let_go() -> None:
    """Only an answer is left, and it has to wait: the update that is being handled holds up nobody any more."""
    release = _RELEASE.get()
    if release is not None:
        release()
