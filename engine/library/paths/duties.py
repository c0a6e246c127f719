"""What each outcome does to the legal clocks and to the child runs that somebody joins, as bits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.core.conditions import Condition
from engine.core.runbook import ChildRuns, Outcome, Runbook
from engine.library.paths.sketch import Marks

__all__ = ["Duties", "duties_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duties:
    """The clocks that this runbook stops somewhere, and the marks of its outcomes."""

    clocks: tuple[str, ...]
    from_the_start: int
    """The clocks (bits) that run from T0; the others from the outcome that starts them."""
    joined_children: tuple[str, ...]
    marks: dict[str, Marks]
    awaited: frozenset[str]
    """The tracks that a join waits for."""

    @property
    def started_later(self) -> int:
        return (1 << len(self.clocks)) - 1 & ~self.from_the_start


def duties_of(runbook: Runbook) -> Duties:
    """Read the marks of every outcome that has some.

    A clock is settled by an outcome that stops it, one that leaves a step whose checklist stops it, one whose
    condition excludes it (the facts of its `unless`), or one that a track with such an outcome names in `lost_if`.
    """
    outcomes = list(_outcomes(runbook))
    stopped = dict.fromkeys(name for _, _, stops, _, _ in outcomes for name in stops)
    bits = {name: 1 << n for n, name in enumerate(stopped)}
    children = dict.fromkeys(one.once.runs for _, _, _, _, one in outcomes if isinstance(one.once, ChildRuns))
    child_bits = {name: 1 << n for n, name in enumerate(children)}
    forgone = _forgone(runbook, outcomes, bits)
    from_the_start = _mask((use.use for use in runbook.clocks), bits)
    marks = {}
    for _, ref, stops, starts, outcome in outcomes:
        mark = Marks(
            starts=_mask(starts, bits) & ~from_the_start,
            settles=_mask(stops, bits) | _excluded(runbook, outcome, bits) | forgone.get(ref, 0),
            children=_mask((one.runbook for one in outcome.open), child_bits),
        )
        if mark != Marks():
            marks[ref] = mark
    return Duties(
        clocks=tuple(stopped),
        from_the_start=from_the_start,
        joined_children=tuple(children),
        marks=marks,
        awaited=frozenset(name for *_, one in outcomes if isinstance(one.once, tuple) for name in one.once),
    )


_Row = tuple[str, str, list[str], list[str], Outcome]


def _outcomes(runbook: Runbook) -> Iterator[_Row]:
    """(track, reference, clocks stopped, clocks started, outcome); a checklist counts for the outcomes of its step.

    Not for an urgent one, which waits for no box.
    """
    for track_id, track in runbook.tracks.items():
        for step_id, step in track.steps.items():
            for outcome_id, one in step.outcomes.items():
                boxes = () if one.urgent else step.checklist
                stops = [name for item in boxes for name in item.clock_stop]
                starts = [name for item in boxes for name in item.clock_start]
                ref = f"{track_id}.{step_id}.{outcome_id}"
                yield track_id, ref, [*stops, *one.clock_stop], [*starts, *one.clock_start], one


def _forgone(runbook: Runbook, outcomes: list[_Row], bits: dict[str, int]) -> dict[str, int]:
    """For each outcome in a track's `lost_if`, the clocks that the track would have stopped."""
    forgone: dict[str, int] = {}
    for track_id, track in runbook.tracks.items():
        if track.lost_if:
            mine = [name for owner, _, stops, _, _ in outcomes if owner == track_id for name in stops]
            for ref in track.lost_if:
                forgone[ref] = forgone.get(ref, 0) | _mask(mine, bits)
    return forgone


def _excluded(runbook: Runbook, outcome: Outcome, bits: dict[str, int]) -> int:
    if not outcome.when or outcome.urgent:
        return 0
    uses = (use for use in runbook.clocks if use.use in bits and use.unless)
    return _mask((use.use for use in uses if _implies(outcome.when, use.unless)), bits)


def _implies(when: Condition, unless: Condition) -> bool:
    """Say whether picking under `when` makes `unless` true."""
    for name, wanted in unless.items():
        given = when.get(name)
        if given is None:
            return False
        if given != wanted and not (
            given.op == wanted.op == "in" and set(given.values) <= set(wanted.values)
        ):
            return False
    return True


def _mask(names: Iterator[str] | list[str], bits: dict[str, int]) -> int:
    total = 0
    for name in names:
        total |= bits.get(name, 0)
    return total
