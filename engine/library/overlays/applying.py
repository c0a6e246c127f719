"""What a procedure becomes under its overlay, and what is wrong with it, each fault in the file where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.core.runbook import Runbook
from engine.core.specs import FactSpec
from engine.library.finding import Finding
from engine.library.lint import Surroundings, lint
from engine.library.overlays.merge import laid_over
from engine.library.overlays.notation import Overlay
from engine.library.overlays.tree import sorted_out
from engine.library.shape import shaped
from engine.library.yamltree import Document

__all__ = ["Overlaid", "adapted", "brought", "judged", "overlaid", "unfit"]


@dataclass(slots=True)
class Overlaid:
    """A procedure under its overlay. `runbook` is None when they don't make one."""

    overlay: Document
    document: Document
    runbook: Runbook | None
    findings: list[Finding] = field(default_factory=list)


def overlaid(overlay: Document, base: Document) -> Overlaid:
    """Lay an overlay, whose head is sound, over a procedure that is."""
    document, found = laid_over(overlay, base)
    runbook, shape = shaped(document, Runbook)
    return Overlaid(overlay, document, runbook, [*found, *sorted_out(shape, overlay.path)])


def brought(merged: Overlaid, base: Document, procedure: Runbook, around: Surroundings) -> Iterator[Finding]:
    """What the linter finds in the merged procedure and not in the library's."""
    if merged.runbook is None:
        return
    known = {(one.rule, one.line, one.column) for one in lint(procedure, base, around)}
    new = lint(merged.runbook, merged.document, around)
    yield from sorted_out(
        (one for one in new if (one.rule, one.line, one.column) not in known), merged.overlay.path
    )


def unfit(merged: Overlaid, found: list[Finding]) -> list[Finding]:
    """The errors for which the library's own version is run; one in the overlay, if need be, tells where they show."""
    errors = [one for one in found if one.severity == "error"]
    mine = [one for one in errors if one.path == merged.overlay.path]
    if mine or not errors:
        return mine
    place = f"{errors[0].path}:{errors[0].line}:{errors[0].column}"
    return [merged.overlay.finding("broken", ("overlay",), area="lint_town", place=place)]


def adapted(
    overlay: Document, base: Document, procedure: Runbook, facts: Mapping[str, FactSpec]
) -> tuple[Runbook, list[Finding]]:
    """The procedure under its overlay, or as the library has it with the errors for which it is left aside."""
    merged = overlaid(overlay, base)
    found = [*merged.findings, *brought(merged, base, procedure, Surroundings(facts=facts))]
    wrong = unfit(merged, found)
    return (procedure if wrong or merged.runbook is None else merged.runbook), wrong


def judged(head: Overlay, overlay: Document, procedure: Runbook) -> Iterator[Finding]:
    """Say that the library has moved on since the overlay was written."""
    if head.of != procedure.version:
        rule = "older" if head.of < procedure.version else "newer"
        yield overlay.finding(
            rule, ("of",), area="lint_town", severity="info", value=True,
            of=head.of, version=procedure.version, id=head.overlay,
        )  # fmt: skip
