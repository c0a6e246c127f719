"""New steps, put on the way: `after:` an outcome or a step, or `before:` a step.

What led on leads to the new step, and its own `next: suite` leads where that led. The overlay doesn't say which step
comes next: if the library puts another one there, the town's stays in its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from engine.library.finding import closest
from engine.library.overlays.lists import Report
from engine.library.overlays.notation import SUITE, WHERE
from engine.library.overlays.tree import Tree, steps_of

__all__ = ["insert"]

Path = tuple[str | int, ...]

_MOST_STEPS: Final = 50
"""Whoever adds more writes another procedure."""


class _Way(NamedTuple):
    """An outcome that leads to a step."""

    track: str
    step: str
    outcome: str
    leads_to: str


def insert(tree: Tree, report: Report, source: Path) -> None:
    """Put the steps written at `source` into their tracks, in the order in which they are written."""
    written = tree.overlay.find(source)
    if not isinstance(written, dict):
        report("add_names", source)
        return
    if len(written) > _MOST_STEPS:
        report("too_many_steps", source, count=len(written), most=_MOST_STEPS)
        return
    for name in written:
        _Insertion(tree, report, (*source, name)).run()


class _Insertion:
    """One new step."""

    def __init__(self, tree: Tree, report: Report, source: Path) -> None:
        self.tree, self.report, self.source = tree, report, source
        self.name = str(source[-1])
        self.written: Any = tree.overlay.find(source)

    def run(self) -> None:
        where = [key for key in WHERE if isinstance(self.written, dict) and key in self.written]
        if self.name == SUITE:
            self.report("suite_is_a_word", self.source)
        elif any(self.name == step for _, step in steps_of(self.tree)):
            self.report("already_there", self.source, name=self.name)
        elif len(where) != 1:
            self.report("place_needed" if not where else "one_place", self.source, name=self.name)
        elif where == ["after"]:
            self._after()
        else:
            self._before()

    def _after(self) -> None:
        path = (*self.source, "after")
        named = self.written["after"]
        refs = (
            [((*path, n), ref) for n, ref in enumerate(named)] if isinstance(named, list) else [(path, named)]
        )
        ways: list[_Way] = []
        for place, ref in refs:
            found = self._ways(place, ref)
            if found is None:
                return
            ways += found
        if not ways:
            self.report("place_needed", path, name=self.name)
            return
        if len({way.track for way in ways}) > 1:
            self.report("one_track", path, value=True, name=self.name)
            return
        # An outcome that the town added may lead to its step already: it says where, and nothing of what follows.
        led = sorted({way.leads_to for way in ways} - {self.name})
        if len(led) > 1:
            choices = [f"{way.step}.{way.outcome}" for way in ways]
            self.report("several_ways", path, value=True, name=self.name, steps=led, choices=choices)
            return
        track, after = ways[-1].track, ways[-1].step
        order = [step for at, step in steps_of(self.tree) if at == track]
        later = order[order.index(after) + 1 :]
        self._put(track, ways, led[0] if led else None, before=later[0] if later else None)

    def _before(self) -> None:
        path = (*self.source, "before")
        ref = self.written["before"]
        found = [at for at in steps_of(self.tree) if ref in (at[1], f"{at[0]}.{at[1]}")]
        if len(found) != 1:
            self._unknown(path, ref)
            return
        track, step = found[0]
        ways = [
            way
            for way in _ways(self.tree)
            if way.track == track and way.leads_to == step and way.step != step
        ]
        self._put(track, ways, step, before=step)

    def _ways(self, place: Path, ref: Any) -> list[_Way] | None:
        """The outcomes that `step`, `step.outcome`, each with its track or without, names."""
        ways = [
            way
            for way in _ways(self.tree)
            if ref in (f"{way.track}.{way.step}.{way.outcome}", f"{way.step}.{way.outcome}")
            or (ref in (f"{way.track}.{way.step}", way.step) and way.leads_to != way.step)
        ]
        if not ways or len({(way.track, way.step) for way in ways}) > 1:
            self._unknown(place, ref)
            return None
        return ways

    def _unknown(self, place: Path, ref: Any) -> None:
        known = [step for _, step in steps_of(self.tree)]
        known += [f"{way.step}.{way.outcome}" for way in _ways(self.tree)]
        said = ref if isinstance(ref, str) else "…"
        meant = closest(said, known)
        self.report("place_unknown", place, value=True, ref=said, meant=None if meant == said else meant)

    def _put(self, track: str, ways: list[_Way], follows: str | None, *, before: str | None) -> None:
        tree = self.tree
        node = tree.without(tree.graft(self.source), WHERE)
        steps: Path = ("tracks", track, "steps")
        tree.put((*steps, self.name), node, tree.mark(self.source), before=before)
        for way in ways:
            path = (*steps, way.step, "outcomes", way.outcome, "next")
            tree.put(path, self.name, tree.mark(self.source))
        self._lead_on((*steps, self.name), follows)

    def _lead_on(self, step: Path, follows: str | None) -> None:
        outcomes = self.tree.at((*step, "outcomes"))
        for name in [*outcomes] if isinstance(outcomes, dict) else ():
            path = (*step, "outcomes", name, "next")
            if self.tree.at(path) != SUITE:
                continue
            source = (*self.source, "outcomes", name, "next")
            if follows is None:
                self.report("no_suite", source, value=True, name=self.name)
            else:
                self.tree.put(path, follows, self.tree.mark(source))


def _ways(tree: Tree) -> Iterator[_Way]:
    """Every outcome that leads somewhere in its track."""
    for track, step in steps_of(tree):
        outcomes = tree.at(("tracks", track, "steps", step, "outcomes"))
        for name in outcomes if isinstance(outcomes, dict) else ():
            leads_to = tree.at(("tracks", track, "steps", step, "outcomes", name, "next"))
            if isinstance(leads_to, str):
                yield _Way(track, step, name, leads_to)
