"""Tracks that nothing depends on: they go their own way, and their joint states need not be told apart.

Such a track opens, works and ends whatever the others do, and they do what they do whatever it does. It can be at work
as long as one likes, so that a hand-over may cut it; it ends before the run does, in any of its ends; what every way
through it settles is settled. A crisis has many of them, and each would double or triple the states.
"""

from __future__ import annotations

from collections.abc import Collection

from engine.core.lanes import Lane
from engine.library.paths.sketch import Sketch

__all__ = ["is_leaf", "pruned"]


def is_leaf(sketch: Sketch, lane: Lane, awaited: Collection[str], started_later: int) -> bool:
    """Say whether nothing depends on the track, and it on nothing once it is open.

    `awaited` are the tracks that a join names; `started_later` the clocks (bits) that an outcome starts: these must
    not be started here, nor settled here by a track that may open again, since the order would then matter.
    """
    edges = [edge for edges in sketch.edges for edge in edges]
    return not (
        lane.name in awaited
        or any(sketch.openings)
        or any(sketch.joins)
        or any(edge.hands_over or edge.children or edge.starts & started_later for edge in edges)
        or (lane.each_time and any(edge.settles & started_later for edge in edges))
        or any(end is not None and end[0] == "false_alarm" for end in sketch.ends)
        or not _always_ends(sketch)
    )


def pruned(sketch: Sketch) -> Sketch:
    """The track as two states, never opened and opened, with what it brings in the end."""
    return Sketch(
        name=sketch.name,
        first=1,
        steps=["", sketch.steps[sketch.first]],
        is_open=[False, True],
        ends=[None, None],
        openings=[0, 0],
        edges=[[], []],
        joins=[[], []],
        leaf_ends=[end for end in sketch.ends if end is not None],
        leaf_settles=_settled_anyway(sketch),
    )


def _always_ends(sketch: Sketch) -> bool:
    """An end can be reached from every class of steps."""
    good = {n for n, end in enumerate(sketch.ends) if end is not None}
    grew = True
    while grew:
        more = {
            n for n, edges in enumerate(sketch.edges) if any(edge.target in good for edge in edges)
        } - good
        good |= more
        grew = bool(more)
    return len(good) == len(sketch.ends) - 1


def _settled_anyway(sketch: Sketch) -> int:
    """The clocks (bits) that no way from the first step to an end leaves running."""
    unsettled: dict[int, int] = {sketch.first: -1}
    todo = [sketch.first]
    for at in todo:
        for edge in sketch.edges[at]:
            before = unsettled.get(edge.target, 0)
            after = before | (unsettled[at] & ~edge.settles)
            if after != before:
                unsettled[edge.target] = after
                todo.append(edge.target)
    running = 0
    for n, end in enumerate(sketch.ends):
        if end is not None:
            running |= unsettled.get(n, 0)
    return ~running
