"""A procedure that waits for another hears its results: each has an outcome, and nobody waits in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.core.runbook import Runbook
from engine.library.finding import Finding, closest
from engine.library.lint.page import Page, PlacedStep

__all__ = ["RULES"]


def heard(page: Page) -> Iterator[Finding]:
    """Each result has its outcome, `abandoned` too; an outcome that is no result is a button: said."""
    for place in page.steps:
        runbook = place.step.wait_for
        if runbook is None:
            continue
        if "abandoned" not in place.step.outcomes:
            yield page.finding("abandoned_missing", (*place.path, "wait_for"), step=place.id, runbook=runbook)
        if page.around.runbooks is not None and runbook in page.around.runbooks:
            yield from _match(page, place, runbook)


def _match(page: Page, place: PlacedStep, runbook: str) -> Iterator[Finding]:
    results, outcomes = page.results_heard(place.step), place.step.outcomes
    unheard = sorted(results - outcomes.keys() - {"abandoned"})
    for result in unheard:
        yield page.finding(
            "result_without_outcome", (*place.path, "wait_for"), step=place.id, runbook=runbook,
            result=result,
        )  # fmt: skip
    for name, outcome in outcomes.items():
        if name in results or outcome.is_automatic:
            continue
        near = closest(name, unheard)
        yield page.finding(
            "outcome_without_result", (*place.path, "outcomes", name),
            severity="warning" if near else "info", among=unheard, meant=name, step=place.id,
            outcome=name, runbook=runbook,
        )  # fmt: skip


def on_ends(page: Page) -> Iterator[Finding]:
    """Only an end has a result; an end has no work of its own."""
    for place in page.steps:
        if place.step.end is None:
            if place.step.result is not None:
                yield page.finding("result_on_step", (*place.path, "result"), step=place.id)
            continue
        if place.step.result == "abandoned":
            yield page.finding("result_abandoned", (*place.path, "result"), value=True, step=place.id)
        for key in ("role", "target", "wake", "checklist", "ask", "escalate", "message", "roll", "wait_for"):
            if getattr(place.step, key):
                yield page.finding(
                    "end_with_work", (*place.path, key), severity="warning", step=place.id, key=key
                )


def circles(page: Page) -> Iterator[Finding]:
    """No procedure waits, through others, for itself: the engine would refuse to join an ancestor."""
    known = page.around.runbooks
    if known is None:
        return
    me = page.runbook.runbook
    for place in page.steps:
        if place.step.wait_for is None:
            continue
        chain = _chain(place.step.wait_for, me, known)
        if chain:
            yield page.finding(
                "wait_circle", (*place.path, "wait_for"), value=True, step=place.id,
                chain=" → ".join([me, *chain]),
            )  # fmt: skip


def _chain(start: str, goal: str, known: Mapping[str, Runbook]) -> list[str]:
    """The shortest way from one procedure to another along what they wait for; empty when there is none."""
    came: dict[str, str | None] = {start: None}
    todo = [start]
    for name in todo:
        if name == goal:
            chain = [name]
            while (before := came[chain[0]]) is not None:
                chain.insert(0, before)
            return chain
        for child in _waited_for(known.get(name)):
            if child not in came:
                came[child] = name
                todo.append(child)
    return []


def _waited_for(runbook: Runbook | None) -> Iterator[str]:
    if runbook is not None:
        for track in runbook.tracks.values():
            yield from (step.wait_for for step in track.steps.values() if step.wait_for is not None)


RULES = (heard, on_ends, circles)
