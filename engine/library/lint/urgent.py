"""An urgent outcome is picked at once: nothing else that it asks for may hold it up."""

from __future__ import annotations

from collections.abc import Iterator

from engine.library.finding import Finding
from engine.library.lint.page import Page, PlacedOutcome

__all__ = ["RULES"]


def held_up(page: Page) -> Iterator[Finding]:
    """A reason that is required, a signature before, a false alarm (which needs a reason) hold it up."""
    for placed in page.outcomes:
        if placed.outcome.urgent:
            for key in _holding_up(page, placed):
                yield page.finding(
                    "urgent_held_up", (*placed.path, key), step=placed.at.id, outcome=placed.id, key=key
                )


def _holding_up(page: Page, placed: PlacedOutcome) -> Iterator[str]:
    outcome = placed.outcome
    if outcome.reason:
        yield "reason"
    if outcome.sign is not None and outcome.sign.within is None:
        yield "sign"
    target = page.track(placed.at.track_id).steps.get(outcome.next or "")
    if target is not None and target.end == "false_alarm":
        yield "next"


RULES = (held_up,)
