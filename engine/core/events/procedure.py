"""Procedures and their tracks: where the crisis stands and how it came there."""

from __future__ import annotations

from typing import ClassVar

from engine.core.events.base import Event
from engine.core.quantities import Instant

__all__ = [
    "OutcomePicked",
    "RunEnded",
    "RunOpened",
    "RunReopened",
    "T0Corrected",
    "TrackEnded",
    "TrackMoved",
    "TrackOpened",
    "WaitStarted",
]


class RunOpened(Event, frozen=True, kw_only=True):
    """`why`: declared, opened (by a person), outcome (of the parent), waited (a step waits), handed_over."""

    run: int
    runbook: str
    version: int
    digest: str
    t0: Instant
    parent: int = 0
    why: str = "opened"
    readiness: bool = False


class WaitStarted(Event, frozen=True, kw_only=True):
    """A step waits for the end of another run."""

    run: int
    track: str
    step: str
    visit: int
    child: int


class TrackOpened(Event, frozen=True, kw_only=True):
    """A track opened, or opened again, at its first step."""

    run: int
    track: str
    step: str
    visit: int
    asleep: bool = False


class OutcomePicked(Event, frozen=True, kw_only=True):
    """`to`: the step entered (or end reached); empty when the outcome is an act that stays, or hands the run over.

    `how`: pressed, approved, forced, clock, joined, result.
    """

    LEAVES: ClassVar = ("reason",)
    run: int
    track: str
    step: str
    visit: int
    outcome: str
    to: str = ""
    to_visit: int = 0
    asleep: bool = False
    """The step entered sleeps until its `wake`."""
    how: str = "pressed"
    reason: str = ""
    unticked: tuple[int, ...] = ()
    unanswered: tuple[str, ...] = ()
    """The facts of its condition that nobody knew: an urgent outcome waits for none."""
    late_ms: int = 0
    """How long after its time the clock picked it (after a stop)."""


class TrackMoved(Event, frozen=True, kw_only=True):
    """A step was skipped, or the director went to another one: outside the procedure. `how`: skip, goto."""

    LEAVES: ClassVar = ("reason",)
    run: int
    track: str
    step: str = ""
    visit: int = 0
    to: str
    to_visit: int
    asleep: bool = False
    how: str
    reason: str = ""


class TrackEnded(Event, frozen=True, kw_only=True):
    """A track reached an end."""

    run: int
    track: str
    step: str
    end: str
    result: str = ""


class RunEnded(Event, frozen=True, kw_only=True):
    """`end`: the gravest of the tracks' ends, or abandoned."""

    LEAVES: ClassVar = ("reason",)
    run: int
    end: str
    result: str = ""
    reason: str = ""
    handed_to: int = 0


class RunReopened(Event, frozen=True, kw_only=True):
    """An ended procedure goes on."""

    run: int


class T0Corrected(Event, frozen=True, kw_only=True):
    """First knowledge was at another time."""

    LEAVES: ClassVar = ("reason",)
    run: int
    t0: Instant
    reason: str = ""
