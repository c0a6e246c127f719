"""What comes round: a procedure by its pace and its occasions, a page by the day it was last reread."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.core.specs import OCCASIONS
from engine.library.finding import Finding
from engine.library.lint.page import Page, Path

__all__ = ["RULES"]


def recurrences(page: Page) -> Iterator[Finding]:
    """Each says when; an occasion that nobody knows is never seen, only recalled."""
    for n, one in enumerate(page.runbook.recurs):
        if one.every is None and not one.on:
            yield page.finding("recurs_empty", ("recurs", n))
        for occasion in one.on:
            if occasion not in OCCASIONS:
                yield page.finding(
                    "recurs_occasion", ("recurs", n, "on"), severity="info", value=True, among=OCCASIONS,
                    meant=occasion, name=occasion,
                )  # fmt: skip


def no_crisis(page: Page) -> Iterator[Finding]:
    """A review frightens nobody: no gravity, no legal clock, no retrospective that is due in three days."""
    if page.runbook.is_readiness:
        for key in ("severity", "clocks"):
            if getattr(page.runbook, key):
                yield _crisis(page, (key,), key)
        for place in page.steps:
            if place.step.end == "retex":
                yield _crisis(page, (*place.path, "end"), "end: retex")


def _crisis(page: Page, path: Path, key: str) -> Finding:
    return page.finding("recurs_crisis", path, severity="warning", key=key)


def reread(page: Page) -> Iterator[Finding]:
    """The day of the last rereading is a day: the next one counts from it."""
    review = page.runbook.page_review
    if review is not None and not _is_day(review.last):
        yield page.finding("page_review_day", ("page_review", "last"), value=True, written=review.last)


def _is_day(written: str) -> bool:
    try:
        return date.fromisoformat(written).isoformat() == written
    except ValueError:
        return False


RULES = (recurrences, no_crisis, reread)
