"""A track reduced to what other tracks, clocks and ends can notice of it.

Three parallel tracks of ten steps have a thousand joint states, but a chain of steps that nobody listens to behaves as
one. Steps are merged when nothing observable tells them apart (branching bisimulation: the same visible moves after
the same invisible ones). An outcome is visible when it opens or may lose a track, starts or settles a clock, opens a
child run that somebody joins, or ends the run. What is proved of the sketch is then true of the track.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.lanes import Lane, Once
from engine.core.runbook import EndKind, Outcome

__all__ = ["NEVER", "Edge", "Marks", "Sketch", "sketched"]

NEVER = 0
"""The local state of a track that never opened."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A move of one track, with all that it does to the others."""

    target: int
    ref: str
    """The outcome, exactly, when the move is visible; one of several when it isn't."""
    opener: int = 0
    starts: int = 0
    settles: int = 0
    children: int = 0
    hands_over: bool = False


@dataclass(frozen=True, slots=True)
class Marks:
    """What an outcome does beyond moving its track, as bit masks."""

    starts: int = 0
    settles: int = 0
    children: int = 0


@dataclass(slots=True)
class Sketch:
    """The local states of a track: 0 has never opened, then one for each class of steps."""

    name: str
    first: int
    steps: list[str] = field(default_factory=lambda: [""])
    """The first written step of each class."""
    is_open: list[bool] = field(default_factory=lambda: [False])
    ends: list[tuple[EndKind, str | None] | None] = field(default_factory=lambda: [None])
    openings: list[int] = field(default_factory=lambda: [0])
    edges: list[list[Edge]] = field(default_factory=lambda: [[]])
    joins: list[list[tuple[Once, Edge]]] = field(default_factory=lambda: [[]])
    leaf_ends: list[tuple[EndKind, str | None]] = field(default_factory=list)
    """How a track that nothing depends on may end (see `leaf`); empty for the others."""
    leaf_settles: int = 0


_Label = tuple[object, ...]
_Move = tuple[_Label, str]


def sketched(lane: Lane, marks: Mapping[str, Marks]) -> Sketch:
    """Merge the steps of a track that can be reached; `marks` by outcome reference."""
    steps = [name for name in lane.track.steps if name in lane.reach[lane.first]]
    moves = {step: list(_moves(lane, step, marks)) for step in steps}
    classes = _classes(lane, steps, moves)
    sketch = Sketch(name=lane.name, first=classes[lane.first] + 1)
    members: dict[int, list[str]] = {}
    for step in steps:
        members.setdefault(classes[step], []).append(step)
    for number in sorted(members):
        _add_class(sketch, lane, members[number], classes, moves, marks)
    return sketch


def _moves(lane: Lane, step: str, marks: Mapping[str, Marks]) -> Iterator[tuple[_Label, str, str]]:
    """The outcomes that a person, the clock or a result may pick: (label, next step, reference)."""
    for name, outcome in lane.track.steps[step].outcomes.items():
        if outcome.once is None:
            ref = f"{lane.name}.{step}.{name}"
            target = _target(outcome, step)
            yield _label(lane, step, target, ref, outcome, marks.get(ref, Marks())), target, ref


def _target(outcome: Outcome, step: str) -> str:
    return outcome.next if outcome.next is not None and not outcome.hand_over else step


def _label(lane: Lane, step: str, target: str, ref: str, outcome: Outcome, marks: Marks) -> _Label:
    """What can be noticed of a move; empty for an invisible one."""
    noticed = (marks.starts, marks.settles, marks.children)
    named = (
        ref in lane.bits
        or outcome.hand_over is not None
        or lane.openings_from[step] != lane.openings_from[target]
    )
    if named:
        return (ref, *noticed)
    return noticed if any(noticed) else ()


def _classes(
    lane: Lane, steps: list[str], moves: Mapping[str, list[tuple[_Label, str, str]]]
) -> dict[str, int]:
    """Number the classes: split them until all steps of a class have the same visible moves."""
    classes = _numbered({step: _kind(lane, step) for step in steps})
    while True:
        finer = _numbered({step: (classes[step], _signature(step, moves, classes)) for step in steps})
        if len(set(finer.values())) == len(set(classes.values())):
            return finer
        classes = finer


def _kind(lane: Lane, step: str) -> object:
    written = lane.track.steps[step]
    if written.end is not None:
        return written.end, written.result
    # A step where tracks join stays by itself: when it fires depends on the others.
    return (step,) if step in lane.joins else lane.openings_from[step]


def _numbered(keys: Mapping[str, object]) -> dict[str, int]:
    numbers: dict[object, int] = {}
    return {step: numbers.setdefault(key, len(numbers)) for step, key in keys.items()}


def _signature(
    step: str, moves: Mapping[str, list[tuple[_Label, str, str]]], classes: Mapping[str, int]
) -> frozenset[tuple[_Label, int]]:
    """The moves that can be noticed from here, after any number of invisible ones inside the class."""
    seen, todo, found = {step}, [step], set()
    for at in todo:
        for label, target, _ in moves[at]:
            if label or classes[target] != classes[step]:
                found.add((label, classes[target]))
            elif target not in seen:
                seen.add(target)
                todo.append(target)
    return frozenset(found)


def _add_class(
    sketch: Sketch,
    lane: Lane,
    members: list[str],
    classes: Mapping[str, int],
    moves: Mapping[str, list[tuple[_Label, str, str]]],
    marks: Mapping[str, Marks],
) -> None:
    step = members[0]
    written = lane.track.steps[step]
    edges: dict[tuple[_Label, int], Edge] = {}
    for member in members:
        for label, target, ref in moves[member]:
            if label or classes[target] != classes[member]:
                name = ref.rpartition(".")[2]
                outcome = lane.track.steps[member].outcomes[name]
                edges.setdefault(
                    (label, classes[target]), _edge(lane, ref, outcome, classes[target] + 1, marks)
                )
    sketch.steps.append(step)
    sketch.is_open.append(written.end is None)
    sketch.ends.append((written.end, written.result) if written.end is not None else None)
    sketch.openings.append(lane.openings_from[step])
    sketch.edges.append(list(edges.values()))
    sketch.joins.append([
        (once, _edge(lane, f"{lane.name}.{step}.{name}", written.outcomes[name],
                     classes[_target(written.outcomes[name], step)] + 1, marks))
        for name, once in lane.joins.get(step, ())
    ])  # fmt: skip


def _edge(lane: Lane, ref: str, outcome: Outcome, target: int, marks: Mapping[str, Marks]) -> Edge:
    mine = marks.get(ref, Marks())
    return Edge(
        target=target,
        ref=ref,
        opener=lane.bits.get(ref, 0),
        starts=mine.starts,
        settles=mine.settles,
        children=mine.children,
        hands_over=outcome.hand_over is not None,
    )
