"""What stands on what: which activities fall with a thing, and in which order everything starts again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final, NamedTuple

from engine.continuity.model import Activity
from engine.continuity.register import Needs, Register

__all__ = ["ACTIVITY", "Dependencies", "Node", "nodes_of"]

ACTIVITY: Final = "activities"
_STARTED: Final = ("applications", ACTIVITY)
"""What somebody starts again; a place or a supplier is there, or is not."""
_LAST: Final = 1 << 62


class Node(NamedTuple):
    """A thing of the register: `applications`, `premises`, `suppliers`, `roles` or `activities`, and its name."""

    kind: str
    name: str


class Dependencies:
    """The graph of a register. Excluded activities are not in it; a name that leads nowhere is left out."""

    def __init__(self, register: Register, activities: Mapping[str, Activity]) -> None:
        self._activities = activities
        needs = {
            Node(ACTIVITY, name): one.needs for name, one in register.activities.items() if not one.excluded
        }
        needs |= {Node(kind, name): one.needs for kind, name, one in register.resources()}
        # An activity that the register doesn't name is only proposed: others may stand on it all the same.
        known = {*needs, *(Node(ACTIVITY, name) for name in activities)}
        self.graph: dict[Node, tuple[Node, ...]] = {
            node: tuple(one for one in nodes_of(wanted) if one in known or one.kind == "roles")
            for node, wanted in needs.items()
        }

    @cached_property
    def _above(self) -> dict[Node, list[Node]]:
        above: dict[Node, list[Node]] = {}
        for node, needed in self.graph.items():
            for one in needed:
                above.setdefault(one, []).append(node)
        return above

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Everything named, roles included."""
        return tuple(dict.fromkeys((*self.graph, *self._above)))

    def falls_with(self, *nodes: Node) -> tuple[str, ...]:
        """The activities that stand, directly or not, on one of these; those that are such a one themselves too."""
        seen = dict.fromkeys(nodes)
        todo = list(nodes)
        for node in todo:
            for one in self._above.get(node, ()):
                if one not in seen:
                    seen[one] = None
                    todo.append(one)
        down = {node.name for node in seen if node.kind == ACTIVITY}
        return tuple(name for name in self._activities if name in down)

    @cached_property
    def circle(self) -> tuple[Node, ...]:
        """Things that wait for each other, the first again at the end; empty when there are none."""
        try:
            TopologicalSorter(self.graph).prepare()
        except CycleError as error:
            # graphlib names each before what needs it.
            return tuple(reversed(error.args[1]))
        return ()

    def restart(self) -> tuple[tuple[Node, ...], ...]:
        """Applications and activities, wave after wave: each can start once the waves before are up.

        In a wave the most pressing comes first. Empty in a circle.
        """
        if self.circle:
            return ()
        sorter = TopologicalSorter(
            {node: self._started_before(node) for node in self.graph if node.kind in _STARTED}
        )
        sorter.prepare()
        waves = []
        while sorter.is_active():
            ready = sorter.get_ready()
            waves.append(tuple(sorted(ready, key=lambda node: (self._pressing(node), node))))
            sorter.done(*ready)
        return tuple(waves)

    def _started_before(self, node: Node) -> set[Node]:
        """What has to be started first, seen through the places and suppliers between them."""
        seen = {node}
        todo, found = [node], set[Node]()
        for one in todo:
            for needed in self.graph.get(one, ()):
                if needed in seen:
                    continue
                seen.add(needed)
                if needed.kind in _STARTED:
                    found.add(needed)
                else:
                    todo.append(needed)
        return found

    def _pressing(self, node: Node) -> int:
        """The shortest RTO of what stands on it."""
        delays = (self._activities[name].rto for name in self.falls_with(node))
        return min((one.rough_ms for one in delays if one), default=_LAST)


def nodes_of(needs: Needs) -> Iterator[Node]:
    """What is needed, or hit."""
    yield from (Node(kind, name) for kind, _, name in needs.named())
