"""The longest time of a run, by its targets: to each activity resumed, and to the end.

An outcome that goes back to a step written earlier is a loop, counted once at most: what is left has no circle. A step
without a measurable target counts for nothing and is counted, so that the answer reads "at least".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.core.quantities import Duration, Target
from engine.core.runbook import Outcome, Runbook, Step

__all__ = ["Longest", "longest_times"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Longest:
    """The longest way to an outcome that resumes an activity."""

    activity: str
    ref: str
    ms: int
    unmeasured: int
    """How many steps of that way have no target to count."""
    rto_ms: int | None

    @property
    def late(self) -> bool:
        return self.rto_ms is not None and self.ms > self.rto_ms


_Time = tuple[int, int]
"""Milliseconds since T0, and steps on the way that could not be measured."""
_START: _Time = (0, 0)


def longest_times(
    runbook: Runbook, rto: Mapping[str, Duration], runbooks: Mapping[str, Runbook]
) -> tuple[Longest, ...]:
    """One value for each activity that an outcome resumes."""
    clock = _Clock(runbook, rto, runbooks, frozenset({runbook.runbook}))
    found = []
    for track_id, track in runbook.tracks.items():
        for step_id, step in track.steps.items():
            for outcome_id, outcome in step.outcomes.items():
                for activity in outcome.resumes:
                    ms, unmeasured = clock.left(track_id, step_id, outcome) or _START
                    limit = rto.get(activity)
                    found.append(
                        Longest(
                            activity=activity,
                            ref=f"{track_id}.{step_id}.{outcome_id}",
                            ms=ms,
                            unmeasured=unmeasured,
                            rto_ms=limit.rough_ms if limit is not None and limit.rough_ms else None,
                        )
                    )
    return tuple(found)


class _Clock:
    """When each step of a run is entered and left at the latest, its targets being kept."""

    def __init__(
        self,
        runbook: Runbook,
        rto: Mapping[str, Duration],
        runbooks: Mapping[str, Runbook],
        ancestors: frozenset[str],
    ) -> None:
        self.runbook, self.rto, self.runbooks, self.ancestors = runbook, rto, runbooks, ancestors
        self.known: dict[tuple[str, str], _Time | None] = {}

    def entered(self, track: str, step: str) -> _Time | None:
        """None when the step is only reached in a circle."""
        key = (track, step)
        if key not in self.known:
            self.known[key] = None  # while it is being measured: a circle adds nothing
            self.known[key] = self._entered(track, step)
        return self.known[key]

    def _entered(self, track: str, step: str) -> _Time | None:
        written = self.runbook.tracks[track]
        if step == written.first:
            if not written.openers:
                return _START
            return _latest(self._left_ref(ref) for ref in written.openers)
        order = {name: n for n, name in enumerate(written.steps)}
        ways = [
            (name, outcome)
            for name, one in written.steps.items()
            for outcome in one.outcomes.values()
            if outcome.next == step and not outcome.hand_over
        ]
        onwards = [(name, outcome) for name, outcome in ways if order[name] < order[step]]
        return _latest(self.left(track, name, outcome) for name, outcome in onwards or ways)

    def _left_ref(self, ref: str) -> _Time | None:
        track, step, outcome = ref.split(".")
        return self.left(track, step, self.runbook.tracks[track].steps[step].outcomes[outcome])

    def left(self, track: str, step_id: str, outcome: Outcome) -> _Time | None:
        """When this outcome is picked at the latest."""
        entry = self.entered(track, step_id)
        if entry is None:
            return None
        step = self.runbook.tracks[track].steps[step_id]
        if step.wake is not None:
            entry = self._due(step.wake, entry)
        if outcome.auto_after is not None:
            return entry[0] + outcome.auto_after.rough_ms, entry[1]
        if isinstance(outcome.once, tuple):
            return _latest([entry, *(self._ended(name) for name in outcome.once)])
        due = self._step_due(step, entry)
        child = self.runbooks.get(step.wait_for or "")
        if child is None or child.runbook in self.ancestors:
            return due
        inside = _Clock(child, self.rto, self.runbooks, self.ancestors | {child.runbook}).whole
        return max(due, (entry[0] + inside[0], entry[1] + inside[1]))

    def _step_due(self, step: Step, entry: _Time) -> _Time:
        if step.target is None:
            return entry if step.wait_for else (entry[0], entry[1] + 1)
        targets = [case.target for case in step.target] if isinstance(step.target, tuple) else [step.target]
        return max(self._due(target, entry) for target in targets)

    def _due(self, target: Target, entry: _Time) -> _Time:
        at, unmeasured = entry
        match target.base:
            case "entry":
                return at + max(target.delay.rough_ms, 0), unmeasured
            case "T0":
                return max(at, target.delay.rough_ms), unmeasured
            case "rto" if self.shortest_rto is not None:
                return max(at, self.shortest_rto + target.delay.rough_ms), unmeasured
            case _:
                return at, unmeasured + 1

    @cached_property
    def shortest_rto(self) -> int | None:
        mine = [self.rto[name].rough_ms for name in self.runbook.activities if name in self.rto]
        return min((ms for ms in mine if ms), default=None)

    @cached_property
    def whole(self) -> _Time:
        """When the last track ends."""
        return _latest(self._ended(name) for name in self.runbook.tracks) or _START

    def _ended(self, track: str) -> _Time | None:
        steps = self.runbook.tracks.get(track)
        ends = [] if steps is None else [name for name, step in steps.steps.items() if step.end is not None]
        return _latest(self.entered(track, name) for name in ends)


def _latest(times: Iterable[_Time | None]) -> _Time | None:
    return max((one for one in times if one is not None), default=None)
