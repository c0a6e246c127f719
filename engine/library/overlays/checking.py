"""All that there is to say about an overlay under examination: of itself, and of the procedure that it makes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine.library.catalogue import Library
from engine.library.finding import Finding
from engine.library.lint import Surroundings
from engine.library.overlays.applying import brought, judged, overlaid
from engine.library.overlays.notation import Overlay
from engine.library.overlays.standing import misplaced
from engine.library.yamltree import Document

__all__ = ["changes_of"]


def changes_of(
    head: Overlay, path: Path, document: Document, library: Library, around: Surroundings
) -> Iterator[Finding]:
    """What the overlay of this file does wrong; each finding in the file where its fault lies."""
    if (found := misplaced(library, head.overlay, path, document)) is not None:
        yield found
    beneath = library.beneath(head.overlay, path.resolve())
    base, procedure = library.read(beneath) if beneath else (None, None)
    if base is None or procedure is None:
        return
    yield from judged(head, document, procedure)
    merged = overlaid(document, base)
    yield from merged.findings
    if not any(one.area == "lint_town" and one.severity == "error" for one in merged.findings):
        # What was left out would be missed everywhere, which is no news.
        yield from brought(merged, base, procedure, around)
