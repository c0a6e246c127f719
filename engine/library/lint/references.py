"""Every name leads somewhere: steps, outcomes, tracks, messages, facts, clocks, roles, activities, procedures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from engine.core.directory import DIRECTOR
from engine.core.runbook import ChildRuns
from engine.library.finding import Finding
from engine.library.lint.page import Page, Path, PlacedOutcome

__all__ = ["RULES"]

_TARGET_WORDS = frozenset({"entry", "T0", "rto"})


def next_steps(page: Page) -> Iterator[Finding]:
    """`next` names a step of its own track, and not beside `hand_over`, which ends the run."""
    for placed in page.outcomes:
        outcome, steps = placed.outcome, page.track(placed.at.track_id).steps
        facts: dict[str, Any] = {"step": placed.at.id, "outcome": placed.id}
        if outcome.next is not None and outcome.next not in steps:
            yield page.finding(
                "next_unknown", (*placed.path, "next"), value=True, among=steps, meant=outcome.next,
                next=outcome.next, **facts,
            )  # fmt: skip
        if outcome.next is not None and outcome.hand_over is not None:
            yield page.finding(
                "next_and_hand_over", (*placed.path, "hand_over"), next=outcome.next,
                runbook=outcome.hand_over, **facts,
            )  # fmt: skip


def opening_outcomes(page: Page) -> Iterator[Finding]:
    """`opens_on` and `lost_if` name outcomes that exist, as `track.step.outcome`."""
    for track_id, track in page.runbook.tracks.items():
        lost = ((ref, ("tracks", track_id, "lost_if", n)) for n, ref in enumerate(track.lost_if))
        for rule, refs in (("opens_on_unknown", page.openers(track_id)), ("lost_if_unknown", lost)):
            for ref, path in refs:
                if ref not in page.by_ref:
                    yield page.finding(
                        rule, path, value=True, among=page.by_ref, meant=ref, track=track_id, ref=ref
                    )
        if track.each_time and not hasattr(track.opens_on, "any"):
            yield page.finding("each_time_needs_any", ("tracks", track_id, "each_time"), track=track_id)


def joins(page: Page) -> Iterator[Finding]:
    """`once` names tracks of this runbook, never its own; or a procedure that it opens."""
    opened = {one.runbook for placed in page.outcomes for one in placed.outcome.open}
    for placed in page.outcomes:
        once, path = placed.outcome.once, (*placed.path, "once")
        facts: dict[str, Any] = {"step": placed.at.id, "outcome": placed.id}
        if isinstance(once, ChildRuns):
            if once.runs not in opened:
                yield page.finding(
                    "once_opens_nothing", (*path, "runs"), value=True, among=opened, meant=once.runs,
                    runbook=once.runs, **facts,
                )  # fmt: skip
            continue
        for name in once or ():
            if name not in page.runbook.tracks:
                yield page.finding(
                    "once_unknown", path, value=True, among=page.runbook.tracks, meant=name,
                    track=name, **facts,
                )  # fmt: skip
            elif name == placed.at.track_id:
                yield page.finding("once_itself", path, value=True, track=name, **facts)


def messages(page: Page) -> Iterator[Finding]:
    """`message` names a text of `messages`; one that no step sends is said too."""
    sent = set()
    for place in page.steps:
        name = place.step.message
        sent.add(name)
        if name is not None and name not in page.runbook.messages:
            yield page.finding(
                "message_unknown", (*place.path, "message"), value=True, among=page.runbook.messages,
                meant=name, step=place.id, message=name,
            )  # fmt: skip
    for name in page.runbook.messages:
        if name not in sent:
            yield page.finding("message_unused", ("messages", name), severity="info", message=name)


def facts(page: Page) -> Iterator[Finding]:
    """Every fact that is asked, tested, counted or used in a target is defined, here or in `facts.yaml`."""
    for name, path in _facts_used(page):
        if name not in page.facts:
            yield page.finding("fact_unknown", path, among=page.facts, meant=name, fact=name)


def _facts_used(page: Page) -> Iterator[tuple[str, Path]]:
    for n, clock in enumerate(page.runbook.clocks):
        yield from ((name, ("clocks", n, "unless", name)) for name in clock.unless)
    for place in page.steps:
        step, path = place.step, place.path
        yield from ((name, (*path, "ask")) for name in step.ask)
        if step.roll is not None:
            yield step.roll.size, (*path, "roll", "size")
            yield from ((name, (*path, "roll", "counts", name)) for name in step.roll.counts)
        if step.wake is not None and step.wake.base not in _TARGET_WORDS:
            yield step.wake.base, (*path, "wake")
        cases = step.target if isinstance(step.target, tuple) else ()
        for n, case in enumerate(cases):
            yield from ((name, (*path, "target", n, "when", name)) for name in case.when)
            if case.target.base not in _TARGET_WORDS:
                yield case.target.base, (*path, "target", n, "is")
        target = None if isinstance(step.target, tuple) else step.target
        if target is not None and target.base not in _TARGET_WORDS:
            yield target.base, (*path, "target")
    for placed in page.outcomes:
        yield from ((name, (*placed.path, "when", name)) for name in placed.outcome.when)
        for n, one in enumerate(placed.outcome.open):
            yield from ((name, (*placed.path, "open", n, "when", name)) for name in one.when)


def clocks(page: Page) -> Iterator[Finding]:
    """Clocks are defined once for the library; one that is stopped must have been running."""
    known = page.around.clocks
    marks = list(_clock_marks(page))
    running = {use.use for use in page.runbook.clocks}
    running |= {name for _, key, name in marks if key == "clock_start"}
    if known is not None:
        named: list[tuple[str, Path]] = [
            (name, ("clocks", n, "use")) for n, name in enumerate(u.use for u in page.runbook.clocks)
        ]
        named += [(name, (*path, key)) for path, key, name in marks]
        for name, path in named:
            if name not in known:
                yield page.finding("clock_unknown", path, value=True, among=known, meant=name, clock=name)
    for path, key, name in marks:
        if key == "clock_stop" and name not in running:
            yield page.finding(
                "clock_not_running", (*path, key), severity="warning", value=True, among=running,
                meant=name, clock=name,
            )  # fmt: skip


def _clock_marks(page: Page) -> Iterator[tuple[Path, str, str]]:
    """Where a clock is started or stopped: (path, key, clock)."""
    for place in page.steps:
        for n, item in enumerate(place.step.checklist):
            path: Path = (*place.path, "checklist", n)
            yield from ((path, "clock_start", name) for name in item.clock_start)
            yield from ((path, "clock_stop", name) for name in item.clock_stop)
    for placed in page.outcomes:
        yield from ((placed.path, "clock_start", name) for name in placed.outcome.clock_start)
        yield from ((placed.path, "clock_stop", name) for name in placed.outcome.clock_stop)


def roles(page: Page) -> Iterator[Finding]:
    """Every role is said in `roles`, so that the town knows whom the procedure needs."""
    known = page.runbook.roles
    used = set()
    for name, path in _roles_used(page):
        used.add(name)
        if name not in known and name != DIRECTOR:
            yield page.finding("role_unknown", path, value=True, among=known, meant=name, role=name)
    for name in known:
        if name not in used:
            yield page.finding("role_unused", ("roles", name), severity="info", role=name)


def _roles_used(page: Page) -> Iterator[tuple[str, Path]]:
    if page.runbook.exit is not None:
        yield from ((name, ("exit", "signed_by")) for name in page.runbook.exit.signed_by)
    if page.runbook.page_review is not None:
        yield page.runbook.page_review.owner, ("page_review", "owner")
    for place in page.steps:
        yield from ((name, (*place.path, "role")) for name in place.step.role)
        if place.step.escalate is not None:
            yield place.step.escalate.role, (*place.path, "escalate", "role")
    for placed in page.outcomes:
        for n, group in enumerate(placed.outcome.sign.by if placed.outcome.sign else ()):
            yield from ((name, (*placed.path, "sign", "by", n)) for name in group)


def activities(page: Page) -> Iterator[Finding]:
    """Activities are those of the town's register."""
    known = page.around.rto
    if known is None:
        return
    for key, names in (("activities", page.runbook.activities), ("keeps", page.runbook.keeps)):
        for name in names:
            if name not in known:
                yield page.finding("activity_unknown", (key,), among=known, meant=name, activity=name)
    for placed in page.outcomes:
        for key in ("interrupts", "degrades", "resumes"):
            yield from _unknown(page, placed, key, getattr(placed.outcome, key), known)


def _unknown(
    page: Page, placed: PlacedOutcome, key: str, names: Iterable[str], known: Mapping[str, object]
) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield page.finding(
                "activity_unknown", (*placed.path, key), value=True, among=known, meant=name, activity=name
            )


def procedures(page: Page) -> Iterator[Finding]:
    """The procedures that this one waits for, opens or hands over to are in the library."""
    known = page.around.runbooks
    if known is None:
        return
    for name, path in _procedures_used(page):
        if name not in known:
            yield page.finding("runbook_unknown", path, value=True, among=known, meant=name, runbook=name)


def _procedures_used(page: Page) -> Iterator[tuple[str, Path]]:
    for place in page.steps:
        if place.step.wait_for is not None:
            yield place.step.wait_for, (*place.path, "wait_for")
    for placed in page.outcomes:
        if placed.outcome.hand_over is not None:
            yield placed.outcome.hand_over, (*placed.path, "hand_over")
        yield from ((one.runbook, (*placed.path, "open", n)) for n, one in enumerate(placed.outcome.open))


RULES = (next_steps, opening_outcomes, joins, messages, facts, clocks, roles, activities, procedures)
