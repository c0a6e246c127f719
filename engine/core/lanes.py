"""The tables of a runbook that its rules read at each press: built once, shared by all its runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from weakref import finalize

from transitions import EventData, Machine, Transition

from engine.core.runbook import AnyOf, ChildRuns, Outcome, Runbook, Track

__all__ = ["Flow", "Lane", "flow_of"]

Once = tuple[str, ...] | ChildRuns


@dataclass(eq=False)
class Lane:
    """What has to be known of a track at each press, worked out beforehand."""

    name: str
    track: Track
    bits: Mapping[str, int]
    """One bit for each outcome of the runbook that opens a track."""
    first: str = field(init=False)
    openers: frozenset[str] = field(init=False)
    needs_all: bool = field(init=False)
    each_time: bool = field(init=False)
    moves: dict[tuple[str, str], str | None] = field(default_factory=dict)
    """What the machine answered so far."""

    def __post_init__(self) -> None:
        self.first = self.track.first
        self.openers = frozenset(self.track.openers)
        self.needs_all = not isinstance(self.track.opens_on, AnyOf)
        self.each_time = self.track.each_time and not self.needs_all

    def is_open(self, position: str | None) -> bool:
        return position is not None and position not in self.ends

    def opens(self, position: str | None, picked: AbstractSet[str], just_picked: str) -> bool:
        if position is not None:
            return self.each_time and position in self.ends
        return not self.needs_all or all(one == just_picked or one in picked for one in self.openers)

    def may_open(self, position: str | None, possible: int, picked: AbstractSet[str]) -> bool:
        if position is not None and not self.each_time:
            return False
        if not any(possible & self.bits[one] for one in self.openers):
            return False
        return not self.needs_all or all(one in picked or possible & self.bits[one] for one in self.openers)

    @cached_property
    def ends(self) -> frozenset[str]:
        return frozenset(name for name, step in self.track.steps.items() if step.end is not None)

    @cached_property
    def joins(self) -> dict[str, tuple[tuple[str, Once], ...]]:
        """For each step, its outcomes with a `once`; not one that stays, which would fire for ever."""
        found = {name: tuple(_joins(step.outcomes)) for name, step in self.track.steps.items()}
        return {name: joins for name, joins in found.items() if joins}

    @cached_property
    def reach(self) -> dict[str, frozenset[str]]:
        steps = self.track.steps
        nexts = {
            name: {one.next for one in step.outcomes.values() if one.next in steps and not one.hand_over}
            for name, step in steps.items()
        }
        return {name: _closure(name, nexts) for name in steps}

    @cached_property
    def openings_from(self) -> dict[str, int]:
        """For each step, the opening outcomes (bits) that may still be picked from it."""
        here = {
            name: sum(self.bits.get(f"{self.name}.{name}.{outcome}", 0) for outcome in step.outcomes)
            for name, step in self.track.steps.items()
        }
        return {name: _union(here[one] for one in steps) for name, steps in self.reach.items()}

    @cached_property
    def machine(self) -> Machine:
        shared = _Machine(
            model=None, states=list(self.track.steps), initial=self.first, auto_transitions=False
        )
        for name, step in self.track.steps.items():
            for outcome, written in step.outcomes.items():
                shared.add_transition(outcome, name, None if written.hand_over else written.next)
        return shared


class _Move(Transition):
    """A transition without callbacks or debug log: the rules are the engine's, and a press is quick."""

    def execute(self, event_data: EventData) -> bool:
        if self.dest is not None:
            event_data.machine.set_state(self.dest, event_data.model)
        return True


class _Machine(Machine):
    transition_cls = _Move


class Flow:
    """The lanes of a runbook, and who waits for what."""

    def __init__(self, runbook: Runbook) -> None:
        refs = dict.fromkeys(one for track in runbook.tracks.values() for one in track.openers)
        bits = {ref: 1 << n for n, ref in enumerate(refs)}
        self.lanes = {name: Lane(name, track, bits) for name, track in runbook.tracks.items()}
        self.first_tracks = tuple(name for name, lane in self.lanes.items() if not lane.openers)
        self.opened_later = tuple(lane for lane in self.lanes.values() if lane.openers)
        self.joining = tuple(lane for lane in self.lanes.values() if lane.joins)
        self.waiting_for = {
            ref: tuple(lane for lane in self.opened_later if ref in lane.openers) for ref in refs
        }


_FLOWS: Final[dict[int, Flow]] = {}
"""By identity of the runbook, and dropped with it: definitions are frozen, but long to hash at each press."""


def flow_of(runbook: Runbook) -> Flow:
    """The tables of this runbook, built at the first call."""
    found = _FLOWS.get(id(runbook))
    if found is None:
        found = _FLOWS[id(runbook)] = Flow(runbook)
        finalize(runbook, _FLOWS.pop, id(runbook), None)
    return found


def _joins(outcomes: Mapping[str, Outcome]) -> Iterator[tuple[str, Once]]:
    for name, outcome in outcomes.items():
        if outcome.once is not None and outcome.leaves:
            yield name, outcome.once


def _closure(start: str, nexts: Mapping[str, Iterable[str | None]]) -> frozenset[str]:
    seen, todo = {start}, [start]
    while todo:
        for one in nexts[todo.pop()]:
            if one is not None and one not in seen:
                seen.add(one)
                todo.append(one)
    return frozenset(seen)


def _union(masks: Iterable[int]) -> int:
    total = 0
    for mask in masks:
        total |= mask
    return total
