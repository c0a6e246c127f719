"""The runbook as its author meant it: names that lead nowhere are read as the nearest that exists.

One slip must not hide what is wrong elsewhere, nor make every step after it unreachable. What can't be guessed stays a
hole, and then nothing is proved of the whole.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.core.runbook import AnyOf, Outcome, Runbook, Step, Track
from engine.library.finding import closest

__all__ = ["mended"]


def mended(runbook: Runbook, refs: Mapping[str, object]) -> tuple[Runbook, bool]:
    """The runbook to explore, and whether it has no hole left. `refs` are the outcomes that exist."""
    if _whole(runbook.tracks, refs):
        return runbook, True
    menders = {name: _Mender(runbook, refs, track) for name, track in runbook.tracks.items()}
    tracks = {name: mender.track() for name, mender in menders.items()}
    return runbook.model_copy(update={"tracks": tracks}), not any(one.holes for one in menders.values())


def _whole(tracks: Mapping[str, Track], refs: Mapping[str, object]) -> bool:
    return all(
        all(ref in refs for ref in track.openers)
        and all(
            (one.next is None or one.next in track.steps)
            and (not isinstance(one.once, tuple) or all(name in tracks for name in one.once))
            for step in track.steps.values()
            for one in step.outcomes.values()
        )
        for track in tracks.values()
    )


class _Mender:
    """Mends one track, and counts what it could not mend."""

    def __init__(self, runbook: Runbook, refs: Mapping[str, object], track: Track) -> None:
        self.runbook, self.refs, self.written, self.holes = runbook, refs, track, 0

    def track(self) -> Track:
        steps = {name: self._step(step) for name, step in self.written.steps.items()}
        refs = tuple(filter(None, (self._name(ref, self.refs) for ref in self.written.openers)))
        opens_on = AnyOf(any=refs) if isinstance(self.written.opens_on, AnyOf) and refs else refs
        return self.written.model_copy(update={"steps": steps, "opens_on": opens_on})

    def _step(self, step: Step) -> Step:
        outcomes = {name: self._outcome(one) for name, one in step.outcomes.items()}
        return step.model_copy(update={"outcomes": outcomes})

    def _outcome(self, outcome: Outcome) -> Outcome:
        changes: dict[str, object] = {}
        if outcome.next is not None:
            changes["next"] = self._name(outcome.next, self.written.steps)
        if isinstance(outcome.once, tuple):
            named = (self._name(one, self.runbook.tracks) for one in outcome.once)
            changes["once"] = tuple(filter(None, named))
        return outcome.model_copy(update=changes) if changes else outcome

    def _name(self, name: str, known: Mapping[str, object]) -> str | None:
        if name in known:
            return name
        meant = closest(name, known)
        self.holes += meant is None
        return meant
