"""Lines that run beside the boxes of a lane: which there are, and how to keep them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.library.diagram.plan import Box

__all__ = ["CHANNEL", "MOST", "Jumps", "channels", "gutter", "jumps"]

CHANNEL = 2.3
"""Millimetres between two lines."""
MOST = 5
"""Lines side by side; beyond, a number alone tells where to go."""

Jumps = dict[str, tuple[int, int]]
"""For each box jumped to, the first and the last box that its line runs beside."""


def jumps(boxes: Sequence[Box], order: Mapping[str, int]) -> tuple[Jumps, Jumps]:
    """The jumps forward, past the next box, and those back."""
    onward: Jumps = {}
    back: Jumps = {}
    for box in boxes:
        here = order[box.id]
        for way in box.ways:
            there = order.get(way.to or "")
            if there is None or there == here + 1:
                continue
            found, first, last = (onward, here, there) if there > here else (back, there, here)
            known = found.get(way.to or "", (first, last))
            found[way.to or ""] = (min(known[0], first), max(known[1], last))
    return onward, back


def channels(found: Jumps) -> dict[str, int]:
    """A channel for each line, short ones nearest to the boxes, so that no two lines of a channel meet."""
    taken: list[list[tuple[int, int]]] = []
    numbers: dict[str, int] = {}
    for to, (first, last) in sorted(found.items(), key=lambda one: one[1][1] - one[1][0]):
        number = next(
            (n for n, spans in enumerate(taken) if all(last < a or b < first for a, b in spans)), len(taken)
        )
        if number == len(taken):
            taken.append([])
        taken[number].append((first, last))
        numbers[to] = number
    return numbers


def gutter(found: Jumps) -> float:
    """The room that these lines need beside the boxes."""
    count = min(max(channels(found).values(), default=-1) + 1, MOST)
    return count * CHANNEL + CHANNEL if count else 1.0
