"""What a person reads at 3 a.m. is short, and its blanks can be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.library.finding import Finding
from engine.library.lint.page import Page, Path
from engine.texts import BLANK, FILTERS

__all__ = ["ALWAYS_KNOWN", "BUDGETS", "RULES"]

BUDGETS = {"title": 40, "do": 300, "label": 28}
"""The most characters that a card shows whole, on a telephone."""
MOST_ITEMS = 7

ALWAYS_KNOWN = frozenset({"organisation", "next_update_at"})
"""What a text may use beside the facts."""

_BRACES = re.compile(r"\{\{(?P<inside>[^{}]{0,200})\}\}")


def budgets(page: Page) -> Iterator[Finding]:
    """Titles, instructions, labels and lists fit on a card."""
    for track_id, track in page.runbook.tracks.items():
        yield from _over(page, "title", track.title, ("tracks", track_id, "title"))
    for place in page.steps:
        yield from _over(page, "title", place.step.title, (*place.path, "title"))
        yield from _over(page, "do", place.step.do or "", (*place.path, "do"))
        count = len(place.step.checklist)
        if count > MOST_ITEMS:
            yield page.finding(
                "checklist_long", (*place.path, "checklist"), severity="warning", step=place.id, count=count,
                most=MOST_ITEMS,
            )  # fmt: skip
    for placed in page.outcomes:
        yield from _over(page, "label", placed.outcome.label, (*placed.path, "label"))


def _over(page: Page, kind: str, text: str, path: Path) -> Iterator[Finding]:
    if len(text) > BUDGETS[kind]:
        yield page.finding(
            f"{kind}_long", path, severity="warning", value=True, count=len(text), most=BUDGETS[kind]
        )


def blanks(page: Page) -> Iterator[Finding]:
    """`{{ }}` names a fact, or what is always known, and a filter that exists."""
    for text, path in _texts(page):
        if "{{" in text:
            yield from _blanks(page, text, path)


def _blanks(page: Page, text: str, path: Path) -> Iterator[Finding]:
    known = page.facts.keys() | ALWAYS_KNOWN
    for blank in BLANK.finditer(text):
        name, kept = blank["name"], blank["filter"]
        if name not in known:
            yield page.finding("blank_unknown", path, value=True, among=known, meant=name, name=name)
        if kept is not None and kept not in FILTERS:
            yield page.finding("filter_unknown", path, value=True, among=FILTERS, meant=kept, name=kept)
    rest = BLANK.sub("", text)
    if any(found["inside"].strip() for found in _BRACES.finditer(rest)):
        yield page.finding("blank_computes", path, value=True)
    if "{{" in _BRACES.sub(lambda found: "" if found["inside"].strip() else found[0], rest):
        yield page.finding("blank_broken", path, value=True)


def _texts(page: Page) -> Iterator[tuple[str, Path]]:
    yield from ((m.text, ("messages", name, "text")) for name, m in page.runbook.messages.items())
    for place in page.steps:
        for key in ("do", "details", "paper"):
            text = getattr(place.step, key)
            if text is not None:
                yield text, (*place.path, key)
        yield from ((one.do, (*place.path, "checklist", n)) for n, one in enumerate(place.step.checklist))
        yield from ((one, (*place.path, "never", n)) for n, one in enumerate(place.step.never))
    for placed in page.outcomes:
        if placed.outcome.confirm is not None:
            yield placed.outcome.confirm, (*placed.path, "confirm")


RULES = (budgets, blanks)
