"""What the engine picks by itself asks nobody: no signature, reason, confirmation or condition."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.library.finding import Finding
from engine.library.lint.page import Page, PlacedOutcome

__all__ = ["RULES"]

_FORBIDDEN = ("sign", "reason", "confirm", "when", "otherwise", "urgent")


def forbidden_keys(page: Page) -> Iterator[Finding]:
    """An outcome picked by the clock, a join or a result carries none of the keys that address a person."""
    for placed in page.outcomes:
        why = _picked_by(page, placed)
        if why is None:
            continue
        for key in _FORBIDDEN:
            if getattr(placed.outcome, key):
                yield page.finding(
                    "automatic_forbids", (*placed.path, key), step=placed.at.id, outcome=placed.id, key=key,
                    why=why,
                )  # fmt: skip


def _picked_by(page: Page, placed: PlacedOutcome) -> str | None:
    if placed.outcome.auto_after is not None:
        return "auto_after"
    if placed.outcome.once is not None:
        return "once"
    return "wait_for" if placed.id in page.results_heard(placed.at.step) else None


def joins_leave(page: Page) -> Iterator[Finding]:
    """A join that stays in its step would be picked again at once, for ever."""
    for placed in page.outcomes:
        if placed.outcome.once is not None and not placed.outcome.leaves:
            yield page.finding("once_stays", (*placed.path, "once"), step=placed.at.id, outcome=placed.id)


def one_reason(page: Page) -> Iterator[Finding]:
    """Two automatic reasons on one outcome leave it unclear which of them picked it."""
    for placed in page.outcomes:
        if placed.outcome.once is not None and placed.outcome.auto_after is not None:
            yield page.finding(
                "automatic_twice", (*placed.path, "auto_after"), step=placed.at.id, outcome=placed.id
            )


def waits(page: Page) -> Iterator[Finding]:
    """A delay of nothing leaves no time to do otherwise: the outcome would be picked as soon as the step opens."""
    for placed in page.outcomes:
        delay = placed.outcome.auto_after
        if delay is not None and delay.rough_ms <= 0:
            yield page.finding(
                "automatic_at_once", (*placed.path, "auto_after"), value=True, step=placed.at.id,
                outcome=placed.id, delay=str(delay),
            )  # fmt: skip


def circles(page: Page) -> Iterator[Finding]:
    """Joins that lead to each other would be picked one after the other, for ever, without anybody."""
    joins = [one for one in page.outcomes if one.outcome.once is not None and one.outcome.next is not None]
    ways: dict[tuple[str, str], set[str]] = {}
    for one in joins:
        ways.setdefault((one.at.track_id, one.at.id), set()).add(str(one.outcome.next))
    for one in joins:
        if one.at.id in _reached(ways, one.at.track_id, str(one.outcome.next)):
            yield page.finding(
                "automatic_circle", (*one.path, "once"), step=one.at.id, outcome=one.id, next=one.outcome.next
            )


def _reached(ways: Mapping[tuple[str, str], Iterable[str]], track: str, start: str) -> set[str]:
    reached, left = {start}, [start]
    while left:
        fresh = set(ways.get((track, left.pop()), ())) - reached
        reached |= fresh
        left += fresh
    return reached


RULES = (forbidden_keys, joins_leave, one_reason, waits, circles)
