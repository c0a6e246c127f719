"""How the tracks of a run move together, whoever acts and whatever the time.

Three sentences hold the whole of it, and the engine and the linter both read them here:

* A track that never opened has no position; one that opened stands at a step; at an end, it has ended.
* An outcome moves its own track, and may open others: `opens_on` with a list waits for all, with `any` for
  one; `each_time` opens again a track that has *ended* (one still at a step goes on where it is).
* A track that never opened is *not needed* once nothing can open it any more. That is computed each time
  from the open tracks, never stored: somebody sent back to an earlier step makes it possible again.

Positions are a plain mapping, `{track: step}` with None for a track that never opened. Picked outcomes are
spelled `track.step.outcome`. Every table is built once for a definition and shared by all its runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

from transitions import Machine

from engine.core.lanes import flow_of
from engine.core.runbook import ChildRuns, Definition, EndKind

__all__ = [
    "GRAVITY", "Picked", "Positions", "end_kind", "false_alarm_offered", "first_tracks", "has_joins",
    "joined", "machine", "may_open", "move", "next_join", "not_needed", "opening", "opens", "over",
    "reachable", "run_result",
]  # fmt: skip

Positions = Mapping[str, str | None]
Picked = AbstractSet[str]

GRAVITY: Final[tuple[EndKind, ...]] = ("false_alarm", "closed", "transferred", "retex")
"""From the lightest end to the gravest: by what is still owed after the run. A false alarm owes nothing, a
closed run its records, a transferred one a procedure that goes on elsewhere; a RETEX owes meetings and
actions here, which must not vanish because another track only had to be closed."""


# one track


def move(definition: Definition, track: str, step: str, outcome: str) -> str | None:
    """The step that an outcome leads to; None for an act that stays, and for one that hands the run over.

    The same step again means a new visit. Raise MachineError (or KeyError) for an outcome that the step
    doesn't have.
    """
    known = flow_of(definition.runbook).lanes[track].moves
    if (step, outcome) not in known:
        cursor = _Cursor(step)
        machine(definition, track).events[outcome].trigger(cursor)
        known[step, outcome] = cursor.arrived  # the machine holds no run: what it answers once holds for all
    return known[step, outcome]


def machine(definition: Definition, track: str) -> Machine:
    """The shared machine of a track: states are its steps, triggers its outcomes. No model, no run in it."""
    return flow_of(definition.runbook).lanes[track].machine


def reachable(definition: Definition, track: str, step: str) -> frozenset[str]:
    """The steps that a track standing at `step` may still stand at, itself among them."""
    return flow_of(definition.runbook).lanes[track].reach[step]


class _Cursor:
    """What a machine moves; it remembers being sent somewhere, which a loop on the same step would hide."""

    __slots__ = ("_at", "arrived")

    def __init__(self, step: str) -> None:
        self._at = step
        self.arrived: str | None = None

    @property
    def state(self) -> str:
        return self._at

    @state.setter
    def state(self, step: str) -> None:
        self._at = self.arrived = step


# tracks together


def first_tracks(definition: Definition) -> tuple[str, ...]:
    """The tracks that open with the run."""
    return flow_of(definition.runbook).first_tracks


def opening(
    definition: Definition, positions: Positions, picked: Picked, just_picked: str
) -> tuple[str, ...]:
    """The tracks that `just_picked` opens, or opens again, in written order."""
    flow = flow_of(definition.runbook)
    return tuple(
        lane.name
        for lane in flow.waiting_for.get(just_picked, ())
        if lane.opens(positions.get(lane.name), picked, just_picked)
    )


def may_open(definition: Definition, just_picked: str) -> bool:
    """Say whether any track waits for this outcome: a quick no for most of them."""
    return just_picked in flow_of(definition.runbook).waiting_for


def has_joins(definition: Definition) -> bool:
    """Say whether any step has an outcome that is picked by itself once others are done."""
    return bool(flow_of(definition.runbook).joining)


def opens(definition: Definition, track: str, positions: Positions, picked: Picked, just_picked: str) -> bool:
    """Say whether `just_picked` opens this track now. `picked` may or may not hold it already."""
    lane = flow_of(definition.runbook).lanes[track]
    return just_picked in lane.openers and lane.opens(positions.get(track), picked, just_picked)


def joined(
    definition: Definition,
    once: tuple[str, ...] | ChildRuns,
    positions: Positions,
    open_children: Collection[str] = (),
) -> bool:
    """Say whether a `once` is fulfilled: none of its tracks is at a step, or no such child run is still open.

    A track that never opened holds nobody back, so a join reached before its tracks open fires at once: the
    linter reports that, since an engine that waited instead could wait for ever.
    """
    if isinstance(once, ChildRuns):
        return once.runs not in open_children
    lanes = flow_of(definition.runbook).lanes
    return not any(lanes[name].is_open(positions.get(name)) for name in once if name in lanes)


def next_join(
    definition: Definition, positions: Positions, open_children: Collection[str] = ()
) -> tuple[str, str] | None:
    """The first (track, outcome) that the engine must now pick by itself because its `once` is fulfilled."""
    for lane in flow_of(definition.runbook).joining:
        step = positions.get(lane.name)
        if step is not None:
            for name, once in lane.joins.get(step, ()):
                if joined(definition, once, positions, open_children):
                    return lane.name, name
    return None


def not_needed(definition: Definition, positions: Positions, picked: Picked) -> frozenset[str]:
    """The tracks that never opened and that nothing can open any more.

    What can still happen grows from the open tracks to those that they may open, to those that these may
    open… until nothing is added: two tracks that only wait for each other are therefore not needed, both.
    """
    flow = flow_of(definition.runbook)
    never = [lane for lane in flow.opened_later if positions.get(lane.name) is None]
    if not never:
        return frozenset()
    possible = 0
    for name, step in positions.items():
        if step is not None:
            possible |= flow.lanes[name].openings_from[step]
    hopeful = [lane for lane in flow.opened_later if not lane.is_open(positions.get(lane.name))]
    while hopeful:
        reopened = [lane for lane in hopeful if lane.may_open(positions.get(lane.name), possible, picked)]
        if not reopened:
            break
        for lane in reopened:
            possible |= lane.openings_from[lane.first]
        hopeful = [lane for lane in hopeful if lane not in reopened]
    return frozenset(lane.name for lane in never if lane in hopeful)


# the end of a run


def over(definition: Definition, positions: Positions, picked: Picked) -> bool:
    """Say whether every track has ended or is not needed. A false alarm or a hand-over ends it before."""
    lanes = flow_of(definition.runbook).lanes
    if any(lane.is_open(positions.get(name)) for name, lane in lanes.items()):
        return False
    never = sum(positions.get(name) is None for name in lanes)
    return not never or len(not_needed(definition, positions, picked)) == never


def end_kind(ends: Iterable[EndKind]) -> EndKind:
    """The gravest of these ends; a run that ended nowhere is closed."""
    return max(ends, key=GRAVITY.index, default="closed")


def false_alarm_offered(definition: Definition, positions: Positions) -> bool:
    """Say whether a false alarm may still be declared: not once a track has ended otherwise."""
    return all(kind == "false_alarm" for _, kind, _ in _ends(definition, positions))


def run_result(definition: Definition, positions: Positions) -> str | None:
    """What whoever waits for this run hears: the result of its gravest end that names one.

    Of equally grave ends the first written speaks. None when no end names one: `abandoned` is then heard.
    """
    named = [(kind, result) for _, kind, result in _ends(definition, positions) if result is not None]
    return max(named, key=lambda one: GRAVITY.index(one[0]), default=(None, None))[1]


def _ends(definition: Definition, positions: Positions) -> Iterator[tuple[str, EndKind, str | None]]:
    for name, track in definition.runbook.tracks.items():
        position = positions.get(name)
        if position is not None and (step := track.steps[position]).end is not None:
            yield name, step.end, step.result
