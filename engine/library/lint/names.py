"""Names that machines read: not taken by the engine or the conversation, and said once."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.core.conditions import KNOWN, UNKNOWN
from engine.core.scalars import RESERVED
from engine.library.finding import Finding
from engine.library.lint.page import Page, Path

__all__ = ["RULES"]

_FACT = re.compile(r"[a-z][a-z0-9_]*")
_NOT_FACTS = frozenset({"entry", "rto"})
_NOT_CHOICES = frozenset({KNOWN, UNKNOWN, "known", "unknown"})


def reserved(page: Page) -> Iterator[Finding]:
    """No track, step, outcome or fact carries a word of the conversation or of the machines."""
    for name, path in _names(page):
        if name in RESERVED:
            yield page.finding("reserved", path, name=name)


def _names(page: Page) -> Iterator[tuple[str, Path]]:
    yield from ((name, ("tracks", name)) for name in page.runbook.tracks)
    yield from ((place.id, place.path) for place in page.steps)
    yield from ((placed.id, placed.path) for placed in page.outcomes)
    yield from ((name, ("facts", name)) for name in page.runbook.facts)


def steps_once(page: Page) -> Iterator[Finding]:
    """A step's name is enough to find it: it is said once in the runbook, ends excepted."""
    first: dict[str, str] = {}
    for place in page.steps:
        if place.step.end is not None:
            continue
        other = first.setdefault(place.id, place.track_id)
        if other != place.track_id:
            yield page.finding("step_twice", place.path, step=place.id, track=place.track_id, other=other)


def fact_names(page: Page) -> Iterator[Finding]:
    """A fact is used in texts and targets, where a hyphen is a minus sign."""
    for name, spec in page.runbook.facts.items():
        if not _FACT.fullmatch(name) or name in _NOT_FACTS:
            yield page.finding("fact_name", ("facts", name), fact=name)
        for choice in spec.choices:
            if choice in _NOT_CHOICES:
                yield page.finding(
                    "choice_name", ("facts", name, "choices", choice), fact=name, choice=choice
                )


def choices(page: Page) -> Iterator[Finding]:
    """A choice has choices, and nothing else has."""
    for name, spec in page.runbook.facts.items():
        if (spec.type == "choice") != bool(spec.choices):
            rule = "choices_missing" if spec.type == "choice" else "choices_idle"
            yield page.finding(rule, ("facts", name), fact=name, type=spec.type)


RULES = (reserved, steps_once, fact_names, choices)
