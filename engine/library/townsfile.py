"""A finding on a file of the town: what it changes in the library, or fills in."""

from __future__ import annotations

from engine.library.finding import Finding, Severity
from engine.library.yamltree import Document, Path

__all__ = ["town_finding"]


def town_finding(
    document: Document,
    rule: str,
    path: Path,
    *,
    severity: Severity = "error",
    value: bool = False,
    meant: str | None = None,
    **facts: object,
) -> Finding:
    """A finding at the last name of `path` (at what is written there with `value`)."""
    line, column = document.position(path, key=not value)
    return Finding(
        area="lint_town",
        rule=rule,
        path=document.path,
        line=line,
        column=column,
        facts=facts,
        severity=severity,
        suggestion=meant,
    )
