"""All the joint states of a run's tracks, by the rules of `engine.core.flow`, on integers.

A state is a tuple: the local state of each track, then the bits of picked outcomes that a track still counts, then
those of the child runs that somebody joins. When a join is fulfilled it is the only move, as in the engine.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.core.flow import GRAVITY
from engine.core.lanes import Flow, Once, flow_of
from engine.core.runbook import AnyOf, ChildRuns, EndKind, Runbook
from engine.library.paths.duties import Duties
from engine.library.paths.leaf import is_leaf, pruned
from engine.library.paths.sketch import NEVER, Edge, Sketch, sketched

__all__ = ["HANDED_OVER", "Explored", "explore"]

HANDED_OVER, CALLED_OFF, FIRST = 0, 1, 2
"""The first two nodes are the ends that don't wait for the other tracks."""

State = tuple[int, ...]
Move = tuple[int, int, int]
"""To which node, settling which clocks, starting which."""


@dataclass(slots=True)
class Explored:
    """The graph of joint states, and what was noticed on the way."""

    tracks: tuple[str, ...]
    sketches: list[Sketch]
    complete: bool = True
    states: list[State] = field(default_factory=list)
    moves: list[list[Move]] = field(default_factory=list)
    over: set[int] = field(default_factory=set)
    """The nodes where the run has ended because every track has ended or is not needed."""
    called_off: set[int] = field(default_factory=set)
    """The nodes where a false alarm may be declared, whatever the tracks that nothing depends on have done."""
    settled_first: int = 0
    """The clocks (bits) that a track open from the start settles in any case."""
    kinds: set[EndKind] = field(default_factory=set)
    results: set[str | None] = field(default_factory=set)
    lost: set[tuple[str, str]] = field(default_factory=set)
    """(track, outcome that loses it)."""
    early: set[tuple[str, str]] = field(default_factory=set)
    """(joining outcome, track that hasn't opened and still may)."""
    cut: set[tuple[str, str]] = field(default_factory=set)
    """(outcome that hands the run over, track that is then at a step)."""

    def where(self, node: int) -> dict[str, str]:
        """The step (one of its class) of each track that has opened and that something depends on."""
        state = self.states[node]
        return {
            name: sketch.steps[local]
            for name, sketch, local in zip(self.tracks, self.sketches, state, strict=False)
            if local != NEVER and not sketch.leaf_ends
        }


def explore(runbook: Runbook, duties: Duties, most: int, *, keep: frozenset[str] = frozenset()) -> Explored:
    """Visit every joint state, up to `most` of them; beyond, `complete` is false.

    The tracks of `keep` are followed step by step even when nothing depends on them.
    """
    return _Explorer(runbook, duties, most, keep).run()


class _Explorer:
    def __init__(self, runbook: Runbook, duties: Duties, most: int, keep: frozenset[str]) -> None:
        flow = flow_of(runbook)
        self.most = most
        self.sketches = list(_sketches(flow, duties, keep))
        self.leaves = sum(1 << n for n, sketch in enumerate(self.sketches) if sketch.leaf_ends)
        self.found = Explored(tuple(flow.lanes), self.sketches)
        self.numbers = {name: n for n, name in enumerate(flow.lanes)}
        self.children = {name: 1 << n for n, name in enumerate(duties.joined_children)}
        self.all_tracks = range(len(self.sketches))
        self._read_openers(flow)
        self.joins = [
            (n, [[self._join(*one) for one in joins] for joins in sketch.joins])
            for n, sketch in enumerate(self.sketches)
            if any(sketch.joins)
        ]
        self.index: dict[State, int] = {}
        self.useless: list[int] = [0, 0]
        """For each node, the tracks (bits) that are not needed there."""

    def _join(self, once: Once, edge: Edge) -> tuple[list[int], int, Edge]:
        """The tracks and the child runs (bits) that a join waits for."""
        if isinstance(once, ChildRuns):
            return [], self.children[once.runs], edge
        return [self.numbers[name] for name in once if name in self.numbers], 0, edge

    def _read_openers(self, flow: Flow) -> None:
        self.opened_by: dict[int, list[int]] = {}
        self.wants: list[int] = []
        self.needs_all: list[int] = []
        self.each_time: list[bool] = []
        self.owned: list[int] = []
        """The opening outcomes (bits) that belong to each track, reachable or not."""
        for n, lane in enumerate(flow.lanes.values()):
            bits = [lane.bits[ref] for ref in lane.openers]
            self.wants.append(sum(bits))
            self.needs_all.append(0 if isinstance(lane.track.opens_on, AnyOf) else sum(bits))
            self.each_time.append(lane.each_time)
            self.owned.append(sum(bit for ref, bit in lane.bits.items() if ref.startswith(f"{lane.name}.")))
            for bit in bits:
                self.opened_by.setdefault(bit, []).append(n)

    def run(self) -> Explored:
        found = self.found
        found.states += [(), ()]
        found.moves += [[], []]
        start = [
            NEVER if wants else sketch.first for wants, sketch in zip(self.wants, self.sketches, strict=True)
        ]
        self._node((*start, 0, 0))
        for sketch, local in zip(self.sketches, start, strict=True):
            found.settled_first |= sketch.leaf_settles if local != NEVER else 0
        node = FIRST
        while node < len(found.states):
            if node > self.most:
                found.complete = False
                break
            found.moves[node] = list(self._successors(node))
            node += 1
        return found

    def _node(self, state: State) -> int:
        number = self.index.get(state)
        if number is None:
            number = self.index[state] = len(self.found.states)
            self.found.states.append(state)
            self.found.moves.append([])
            self.useless.append(self._not_needed(state))
        return number

    def _successors(self, node: int) -> Iterator[Move]:
        state = self.found.states[node]
        forced = self._forced(node, state)
        if forced is not None:
            yield from self._take(node, state, *forced)
            return
        working = False
        for n in self.all_tracks:
            if self.sketches[n].is_open[state[n]] and not self.leaves >> n & 1:
                working = True
                for edge in self.sketches[n].edges[state[n]]:
                    yield from self._take(node, state, n, edge)
        if not working:
            self._end(node, state)
            return
        children = state[-1]
        for bit in self.children.values():
            if children & bit:
                yield self._node((*state[:-1], children & ~bit)), 0, 0

    def _forced(self, node: int, state: State) -> tuple[int, Edge] | None:
        for n, joins in self.joins:
            for awaited, child, edge in joins[state[n]]:
                if child & state[-1] or any(self.sketches[one].is_open[state[one]] for one in awaited):
                    continue
                for one in awaited:
                    if state[one] == NEVER and not self.useless[node] >> one & 1:
                        self.found.early.add((edge.ref, self.sketches[one].name))
                return n, edge
        return None

    def _take(self, node: int, state: State, n: int, edge: Edge) -> Iterator[Move]:
        if edge.hands_over:
            self.found.kinds.add("transferred")
            for one in self.all_tracks:
                if one != n and self.sketches[one].is_open[state[one]]:
                    self.found.cut.add((edge.ref, self.sketches[one].name))
            yield HANDED_OVER, edge.settles, edge.starts
            return
        end = self.sketches[n].ends[edge.target]
        if end is not None and end[0] == "false_alarm":
            if self._false_alarm_offered(state):
                self.found.kinds.add("false_alarm")
                if not any(state[one] for one in self.all_tracks if self.leaves >> one & 1):
                    self.found.called_off.add(node)
                yield CALLED_OFF, edge.settles, edge.starts
            return
        after = self._after(state, n, edge)
        target = self._node(after)
        if newly := self.useless[target] & ~self.useless[node]:
            self._lose(newly, edge.ref)
        settles = edge.settles
        if edge.opener and self.leaves:
            for one in self.all_tracks:
                if after[one] and not state[one]:
                    settles |= self.sketches[one].leaf_settles
        yield target, settles, edge.starts

    def _after(self, state: State, n: int, edge: Edge) -> State:
        new = list(state)
        new[n] = edge.target
        if edge.children:
            new[-1] |= edge.children
        if edge.opener:
            picked = new[-2] | edge.opener
            for one in self.opened_by.get(edge.opener, ()):
                if self._opens(one, new[one], picked):
                    new[one] = self.sketches[one].first
            still_counted = 0
            for one in self.all_tracks:
                if new[one] == NEVER:
                    still_counted |= self.needs_all[one]
            new[-2] = picked & still_counted
        return tuple(new)

    def _opens(self, n: int, local: int, picked: int) -> bool:
        if local != NEVER:
            return self.each_time[n] and not self.sketches[n].is_open[local]
        return picked & self.needs_all[n] == self.needs_all[n]

    def _false_alarm_offered(self, state: State) -> bool:
        ends = (sketch.ends[local] for sketch, local in zip(self.sketches, state, strict=False))
        return all(end is None or end[0] == "false_alarm" for end in ends)

    def _lose(self, newly: int, ref: str) -> None:
        """Note the tracks that `ref` loses, but not those that could only be opened from one lost with them."""
        gone = [n for n in self.all_tracks if newly >> n & 1]
        inside = 0
        for n in gone:
            inside |= self.owned[n]
        for n in gone:
            if self.wants[n] & ~inside:
                self.found.lost.add((self.sketches[n].name, ref))

    def _own_openers(self, n: int) -> int:
        sketch = self.sketches[n]
        return sketch.openings[sketch.first]

    def _not_needed(self, state: State) -> int:
        """The least fixpoint of `engine.core.flow.not_needed`, on bits."""
        if all(state[n] != NEVER for n in self.all_tracks):
            return 0
        possible = 0
        for n in self.all_tracks:
            possible |= self.sketches[n].openings[state[n]]
        hopeful = [n for n in self.all_tracks if not self.sketches[n].is_open[state[n]]]
        grew = True
        while grew:
            grew = False
            for n in list(hopeful):
                if self._may_open(n, state, possible):
                    possible |= self._own_openers(n)
                    hopeful.remove(n)
                    grew = True
        return sum(1 << n for n in hopeful if state[n] == NEVER)

    def _may_open(self, n: int, state: State, possible: int) -> bool:
        if state[n] != NEVER and not self.each_time[n]:
            return False
        needed = self.needs_all[n]
        return bool(possible & self.wants[n]) and (possible | state[-2]) & needed == needed

    def _end(self, node: int, state: State) -> None:
        """Only tracks that end by themselves are at work: the run ends, what never opened being not needed."""
        self.found.over.add(node)
        graves = {0}
        heard: set[_Heard] = {(-1, 0, None)}
        for n, (sketch, local) in enumerate(zip(self.sketches, state, strict=False)):
            ends = sketch.leaf_ends if sketch.leaf_ends and local != NEVER else [sketch.ends[local]]
            mine = [(GRAVITY.index(end[0]), -n, end[1]) for end in ends if end is not None]
            if mine:
                graves = {max(before, grave) for before in graves for grave, _, _ in mine}
                heard = {_louder(before, one) for before in heard for one in mine}
        self.found.kinds |= {GRAVITY[grave] for grave in graves}
        self.found.results |= {result for _, _, result in heard}


_Heard = tuple[int, int, str | None]


def _louder(one: _Heard, other: _Heard) -> _Heard:
    """Of two ends, the one whose result is heard: the gravest that names one, else the first written."""
    if one[2] is None or other[2] is None:
        return other if one[2] is None else one
    return max(one, other, key=lambda end: end[:2])


def _sketches(flow: Flow, duties: Duties, keep: frozenset[str]) -> Iterator[Sketch]:
    for name, lane in flow.lanes.items():
        sketch = sketched(lane, duties.marks)
        leaf = name not in keep and is_leaf(sketch, lane, duties.awaited, duties.started_later)
        yield pruned(sketch) if leaf else sketch
