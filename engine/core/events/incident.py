"""The incident itself: declared, closed, reopened; what was erased from it."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "DirectorAnswered",
    "Erased",
    "IncidentClosed",
    "IncidentDeclared",
    "IncidentReopened",
    "SeverityChanged",
]


class IncidentDeclared(Event, frozen=True, kw_only=True):
    """The incident is open: first knowledge (when, by whom), severity, exercise or not, interim director or not."""

    LEAVES: ClassVar = ("title", "known_by")
    title: str = ""
    known_at: Instant
    known_by: str = ""
    severity: str = ""
    exercise: bool = False
    interim: bool = False
    """The declarer is no director of the directory: director until one answers."""
    readiness: bool = False
    """Opened with a readiness procedure: nothing has happened to the town."""


class DirectorAnswered(Event, frozen=True, kw_only=True):
    """A director of the directory has acted: the interim ends."""


class SeverityChanged(Event, frozen=True, kw_only=True):
    """The severity is now this one."""

    LEAVES: ClassVar = ("reason",)
    level: str
    reason: str = ""


class IncidentClosed(Event, frozen=True, kw_only=True):
    """Cancels nothing of the law: what was still open is listed, and stays open."""

    LEAVES: ClassVar = ("reason",)
    reason: str = ""
    open_runs: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()
    clocks: tuple[str, ...] = ()


class IncidentReopened(Event, frozen=True, kw_only=True):
    """Open again."""

    LEAVES: ClassVar = ("reason",)
    reason: str = ""


class Erased(Event, frozen=True, kw_only=True):
    """Plaintext of leaves of earlier entries was destroyed; the commitments stay."""

    LEAVES: ClassVar = ("reason",)
    entries: tuple[int, ...]
    reason: str = ""
    visa: str = ""
