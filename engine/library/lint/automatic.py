"""What the engine picks by itself asks nobody: no signature, reason, confirmation or condition."""

from __future__ import annotations

from collections.abc import Iterator

from engine.library.finding import Finding
from engine.library.lint.page import Page, PlacedOutcome

__all__ = ["RULES"]

_FORBIDDEN = ("sign", "reason", "confirm", "when", "otherwise")


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


RULES = (forbidden_keys, joins_leave, one_reason)
