"""The linter: what can be proved wrong in a runbook before anybody needs it.

Rules are small functions by theme; all their findings come in one pass. Joint states are explored on the runbook as
its author meant it: a name that leads nowhere is read as the nearest that exists, and if there is none, nothing is
proved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from engine.core.runbook import Runbook
from engine.library.finding import Finding, ordered
from engine.library.lint import (
    automatic,
    conditions,
    names,
    people,
    proof,
    reach,
    references,
    results,
    rounds,
    texts,
    urgent,
)
from engine.library.lint.page import Page, Surroundings
from engine.library.paths import Proof, prove
from engine.library.yamltree import Document

__all__ = ["Review", "Surroundings", "lint", "review"]

_RULES: Final = (
    *references.RULES,
    *names.RULES,
    *reach.RULES,
    *conditions.RULES,
    *results.RULES,
    *automatic.RULES,
    *urgent.RULES,
    *rounds.RULES,
    *people.RULES,
    *texts.RULES,
)
_TRAPS: Final = frozenset(
    {"no_way_to_end", "once_itself", "once_stays", "automatic_circle", "false_alarm_automatic"}
)
"""Findings that explain by themselves why a run never ends."""


@dataclass(frozen=True, slots=True)
class Review:
    """The findings on one runbook, and the proof they rest on when there could be one."""

    findings: list[Finding]
    proof: Proof | None


def lint(runbook: Runbook, document: Document, library: Surroundings) -> list[Finding]:
    """All findings on a runbook that loads, by place."""
    return review(runbook, document, library).findings


def review(runbook: Runbook, document: Document, library: Surroundings) -> Review:
    """The same, with the proof for whoever wants its numbers."""
    page = Page(runbook, document, library)
    found = [finding for rule in _RULES for finding in rule(page)]
    rules = {finding.rule for finding in found}
    if page.has_holes or "no_first_track" in rules:
        return Review(ordered(found), None)
    proved = prove(page.mended, rto=library.rto, runbooks=library.runbooks)
    never_open = {str(one.facts["track"]) for one in found if one.rule == "track_never_opens"}
    found += proof.told(page, proved, trap_explained=bool(rules & _TRAPS), never_open=never_open)
    return Review(ordered(found), proved)
