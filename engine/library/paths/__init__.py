"""What can become of a run: every joint state of its tracks explored, and its longest time measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.core.quantities import Duration
from engine.core.runbook import EndKind, Runbook
from engine.library.paths.duties import Duties, duties_of
from engine.library.paths.explore import FIRST, HANDED_OVER, Explored, explore
from engine.library.paths.longest import Longest, longest_times

__all__ = ["MOST_STATES", "Longest", "Proof", "prove"]

MOST_STATES = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was proved of a runbook; with `complete` false, only what was found is true."""

    states: int
    moves: int
    complete: bool
    kinds: frozenset[EndKind]
    """How a run can end."""
    results: frozenset[str | None]
    """What whoever waits can hear; None for an end that says nothing, heard as `abandoned`."""
    lost: tuple[tuple[str, str], ...]
    """(track, outcome that loses it), `lost_if` left out."""
    lost_in_vain: tuple[tuple[str, str], ...]
    """(track, outcome of its `lost_if` that doesn't lose it)."""
    early_joins: tuple[tuple[str, str], ...]
    """(joining outcome, track that hasn't opened and still may)."""
    cut: tuple[tuple[str, str], ...]
    """(outcome that hands the run over, track then at a step), `lost_if` left out."""
    trap: Mapping[str, str] | None
    """Positions from which the run can't end: where tracks wait for each other, else the first reached."""
    skipped: Mapping[str, Mapping[str, str]]
    """For each clock that a whole run may leave running though the runbook stops it: where that run ends."""
    longest: tuple[Longest, ...]


def prove(
    runbook: Runbook,
    *,
    rto: Mapping[str, Duration] | None = None,
    runbooks: Mapping[str, Runbook] | None = None,
    most: int = MOST_STATES,
) -> Proof:
    """Explore a runbook whose names all lead somewhere."""
    duties = duties_of(runbook)
    explored = explore(runbook, duties, most)
    trap = _trap(explored) if explored.complete else None
    again = frozenset(name for name, track in runbook.tracks.items() if track.each_time)
    if trap is not None and again:
        # One that ended, then opened again, no longer forbids a false alarm: this has to be seen step by step.
        explored = explore(runbook, duties, most, keep=again)
        trap = _trap(explored) if explored.complete else None
    spared = {(name, ref) for name, track in runbook.tracks.items() for ref in track.lost_if}
    cut = {(ref, name) for ref, name in explored.cut if (name, ref) not in spared}
    needless = spared - explored.lost - {(name, ref) for ref, name in explored.cut}
    return Proof(
        states=len(explored.states) - FIRST,
        moves=sum(map(len, explored.moves)),
        complete=explored.complete,
        kinds=frozenset(explored.kinds),
        results=frozenset(explored.results),
        lost=tuple(sorted(explored.lost - spared)),
        lost_in_vain=tuple(sorted(needless)) if explored.complete else (),
        early_joins=tuple(sorted(explored.early)),
        cut=tuple(sorted(cut)),
        trap=trap,
        skipped=_skipped(explored, duties) if explored.complete else {},
        longest=longest_times(runbook, rto or {}, runbooks or {}),
    )


def _trap(explored: Explored) -> dict[str, str] | None:
    """The positions of a state from which no end can be reached: one where nothing moves, else the first."""
    before: list[list[int]] = [[] for _ in explored.states]
    for node, moves in enumerate(explored.moves):
        for target, _, _ in moves:
            before[target].append(node)
    todo = [HANDED_OVER, *explored.over, *explored.called_off]
    can_end = set(todo)
    for node in todo:
        for one in before[node]:
            if one not in can_end:
                can_end.add(one)
                todo.append(one)
    trapped = [node for node in range(FIRST, len(explored.states)) if node not in can_end]
    stuck = (node for node in trapped if all(target == node for target, _, _ in explored.moves[node]))
    shown = next(stuck, trapped[0] if trapped else None)
    return explored.where(shown) if shown is not None else None


def _skipped(explored: Explored, duties: Duties) -> dict[str, dict[str, str]]:
    """For each clock, the first end of a whole run that may be reached with the clock running."""
    running = _running(explored, duties.from_the_start & ~explored.settled_first)
    found = {}
    for n, clock in enumerate(duties.clocks):
        end = next((node for node in sorted(explored.over) if running[node] >> n & 1), None)
        if end is not None:
            found[clock] = explored.where(end)
    return found


def _running(explored: Explored, first: int) -> list[int]:
    """The clocks (bits) that may be running at each node."""
    running = [0] * len(explored.states)
    running[FIRST] = first
    todo = list(range(FIRST, len(explored.states)))
    first_round = len(todo)
    for turn, node in enumerate(todo):
        for target, settles, starts in explored.moves[node]:
            more = (running[node] | starts) & ~settles & ~running[target]
            if more:
                running[target] |= more
                if target <= node or turn >= first_round:  # else its turn is still to come
                    todo.append(target)
    return running
