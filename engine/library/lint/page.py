"""What a rule reads: one runbook as written, where each of its words stands, and the library around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from engine.core.directory import Directory
from engine.core.quantities import Duration
from engine.core.runbook import AnyOf, ClockSpec, FactSpec, Outcome, Runbook, Step, Track
from engine.library.finding import Finding, Severity, closest
from engine.library.lint.mended import mended
from engine.library.yamltree import Document

__all__ = ["Page", "PlacedOutcome", "PlacedStep", "Surroundings"]

Path = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True)
class Surroundings:
    """What a runbook may borrow. None means that nobody said: what is not known is not checked."""

    runbooks: Mapping[str, Runbook] | None = None
    facts: Mapping[str, FactSpec] = field(default_factory=dict)
    clocks: Mapping[str, ClockSpec] | None = None
    rto: Mapping[str, Duration] | None = None
    """Each activity of the register, with the delay in which it must be back (zero when none was set)."""
    directory: Directory | None = None

    @cached_property
    def awaited(self) -> frozenset[str]:
        """The procedures that a step of some other waits for."""
        tracks = (track for runbook in (self.runbooks or {}).values() for track in runbook.tracks.values())
        return frozenset(
            step.wait_for for track in tracks for step in track.steps.values() if step.wait_for is not None
        )


class PlacedStep(NamedTuple):
    """A step with its address."""

    track_id: str
    id: str
    step: Step

    @property
    def path(self) -> Path:
        return ("tracks", self.track_id, "steps", self.id)


class PlacedOutcome(NamedTuple):
    """An outcome with its address."""

    at: PlacedStep
    id: str
    outcome: Outcome

    @property
    def path(self) -> Path:
        return (*self.at.path, "outcomes", self.id)

    @property
    def ref(self) -> str:
        return f"{self.at.track_id}.{self.at.id}.{self.id}"


@dataclass(frozen=True)
class Page:
    """One runbook under review."""

    runbook: Runbook
    document: Document
    around: Surroundings

    @cached_property
    def steps(self) -> tuple[PlacedStep, ...]:
        return tuple(
            PlacedStep(track_id, step_id, step)
            for track_id, track in self.runbook.tracks.items()
            for step_id, step in track.steps.items()
        )

    @cached_property
    def outcomes(self) -> tuple[PlacedOutcome, ...]:
        return tuple(
            PlacedOutcome(place, outcome_id, outcome)
            for place in self.steps
            for outcome_id, outcome in place.step.outcomes.items()
        )

    @cached_property
    def by_ref(self) -> dict[str, PlacedOutcome]:
        return {placed.ref: placed for placed in self.outcomes}

    @cached_property
    def _mended(self) -> tuple[Runbook, bool]:
        return mended(self.runbook, self.by_ref)

    @property
    def mended(self) -> Runbook:
        """The runbook as its author meant it, as far as names that lead nowhere can be guessed."""
        return self._mended[0]

    @property
    def has_holes(self) -> bool:
        """Say whether some name leads nowhere, and nobody can guess where."""
        return not self._mended[1]

    @cached_property
    def facts(self) -> dict[str, FactSpec]:
        return {**self.around.facts, **self.runbook.facts}

    def track(self, track_id: str) -> Track:
        return self.runbook.tracks[track_id]

    def openers(self, track_id: str) -> Iterator[tuple[str, Path]]:
        """The outcomes that a track waits for, each with where it is written."""
        track = self.track(track_id)
        prefix: Path = ("tracks", track_id, "opens_on")
        if isinstance(track.opens_on, AnyOf):
            prefix = (*prefix, "any")
        yield from ((ref, (*prefix, n)) for n, ref in enumerate(track.openers))

    def results_heard(self, step: Step) -> frozenset[str]:
        """What the procedure that this step waits for may answer, `abandoned` among it."""
        if step.wait_for is None:
            return frozenset()
        child = (self.around.runbooks or {}).get(step.wait_for)
        return (child.results if child else frozenset()) | {"abandoned"}

    def finding(
        self,
        rule: str,
        path: Path,
        *,
        severity: Severity = "error",
        value: bool = False,
        among: Iterable[str] = (),
        meant: str | None = None,
        **facts: Any,
    ) -> Finding:
        """A finding at the last name of `path` (at what is written there with `value`).

        `among` holds the names that could have been meant, `meant` the wrong one.
        """
        guessed = closest(meant, among) if meant is not None else None
        return self.document.finding(
            rule, path, area="lint", severity=severity, value=value, meant=guessed, **facts
        )
