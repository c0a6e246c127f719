"""What the exploration of the joint states found, told as findings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set

from engine.core.quantities import DAY, HOUR, Duration
from engine.library.finding import Finding
from engine.library.lint.page import Page, Path
from engine.library.paths import Proof

__all__ = ["told"]


def told(page: Page, proof: Proof, *, trap_explained: bool, never_open: Set[str]) -> Iterator[Finding]:
    """Every finding of a proof, less what a simpler finding explains: a trap, the tracks that never open."""
    if not proof.complete:
        yield page.finding("not_proved", ("tracks",), severity="info", count=proof.states)
    yield from _tracks(page, proof)
    yield from _joins(page, proof)
    if proof.trap is not None and not trap_explained:
        yield _trap(page, proof.trap)
    yield from _clocks(page, proof, never_open)
    yield from _times(page, proof)
    yield from _results(page, proof)


def _tracks(page: Page, proof: Proof) -> Iterator[Finding]:
    for track, ref in proof.lost:
        yield page.finding(
            "track_lost", ("tracks", track, "opens_on"), severity="warning", track=track, outcome=ref
        )
    for track, ref in proof.lost_in_vain:
        if ref in page.by_ref:
            path: Path = ("tracks", track, "lost_if", page.track(track).lost_if.index(ref))
            yield page.finding("lost_if_needless", path, severity="info", track=track, outcome=ref)
    for ref, track in proof.cut:
        yield page.finding(
            "hand_over_cuts", (*page.by_ref[ref].path, "hand_over"), severity="warning", outcome=ref,
            track=track, runbook=page.by_ref[ref].outcome.hand_over,
        )  # fmt: skip


def _joins(page: Page, proof: Proof) -> Iterator[Finding]:
    for ref, track in proof.early_joins:
        placed = page.by_ref[ref]
        yield page.finding(
            "join_before_open", (*placed.path, "once"), step=placed.at.id, outcome=placed.id, track=track
        )


def _trap(page: Page, trap: Mapping[str, str]) -> Finding:
    waiting = [(t, s) for t, s in trap.items() if page.track(t).steps[s].end is None]
    track, step = waiting[0]
    return page.finding("run_never_ends", ("tracks", track, "steps", step), steps=_spelled(dict(waiting)))


def _clocks(page: Page, proof: Proof, never_open: Set[str]) -> Iterator[Finding]:
    uses = {use.use: n for n, use in enumerate(page.runbook.clocks)}
    lost = {track for track, _ in proof.lost} | never_open
    for clock, ends in proof.skipped.items():
        if _stopped_in(page, clock) & lost:
            continue  # the track is said to be lost: one cause, one finding
        path: Path = ("clocks", uses[clock], "use") if clock in uses else ("tracks",)
        yield page.finding(
            "clock_skipped", path, severity="warning", value=clock in uses, clock=clock, steps=_spelled(ends)
        )


def _stopped_in(page: Page, clock: str) -> set[str]:
    return {
        placed.at.track_id
        for placed in page.outcomes
        if clock in placed.outcome.clock_stop
        or any(clock in item.clock_stop for item in placed.at.step.checklist)
    }


def _times(page: Page, proof: Proof) -> Iterator[Finding]:
    for one in proof.longest:
        if one.late:
            yield page.finding(
                "resumes_late", (*page.by_ref[one.ref].path, "resumes"), severity="info",
                activity=one.activity, outcome=one.ref, longest=_rounded(one.ms),
                rto=Duration(ms=one.rto_ms or 0), count=one.unmeasured,
            )  # fmt: skip


def _results(page: Page, proof: Proof) -> Iterator[Finding]:
    """A procedure that somebody waits for says how it ended, or is heard as abandoned."""
    me = page.runbook.runbook
    if None in proof.results and me in page.around.awaited:
        yield page.finding("end_without_result", ("runbook",), severity="info", value=True, runbook=me)


def _rounded(ms: int) -> Duration:
    """To the hour above, to the day above beyond three days: nobody reads 1,540 h 35."""
    unit = DAY if ms > 3 * DAY else HOUR if ms > HOUR else 1
    return Duration(ms=-(-ms // unit) * unit)


def _spelled(positions: Mapping[str, str]) -> str:
    return ", ".join(f"{track}.{step}" for track, step in positions.items())
