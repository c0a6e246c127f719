"""Measures over several incidents: how many were measured, and their median. Exercises stay among themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median_low

from engine.review.metrics.measured import SPANS, Metrics

__all__ = ["Trend", "trends"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One measure over the incidents of one sort."""

    exercise: bool
    name: str
    incidents: int
    """How many there are."""
    measured: int
    """How many of them could be measured."""
    median_ms: int | None
    """The middle one, the shorter of two; None when none was."""


def trends(incidents: Iterable[Metrics]) -> tuple[Trend, ...]:
    """The trends of real incidents, then of exercises. A review of what comes round is neither."""
    told = [one for one in incidents if not one.incident.readiness]
    return tuple(
        _trend(name, exercise, [one for one in told if one.incident.exercise is exercise])
        for exercise in (False, True)
        for name in SPANS
        if any(one.incident.exercise is exercise for one in told)
    )


def _trend(name: str, exercise: bool, among: list[Metrics]) -> Trend:
    found = [ms for one in among if (ms := one.spans[name].ms) is not None]
    return Trend(
        exercise=exercise,
        name=name,
        incidents=len(among),
        measured=len(found),
        median_ms=median_low(found) if found else None,
    )
