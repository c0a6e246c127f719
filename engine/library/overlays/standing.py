"""Whether an overlay has a procedure to change: one of the library that no other file of the town decides."""

from __future__ import annotations

from pathlib import Path

from engine.library.catalogue import Library
from engine.library.finding import Finding, closest
from engine.library.yamltree import Document

__all__ = ["misplaced"]


def misplaced(library: Library, name: str, path: Path, document: Document) -> Finding | None:
    """Why the overlay of this file changes nothing; None when it does."""
    path = path.resolve()
    beneath = library.beneath(name, path)
    if beneath is None:
        known = [one for one in library.files if library.beneath(one, path)]
        meant = closest(name, known)
        return document.finding(
            "no_procedure", ("overlay",), area="lint_town", value=True, name=name, meant=meant
        )
    others = [one for one in library.overlays.get(name, ()) if one != path]
    if others and others[0] == library.overlays[name][0]:
        return document.finding(
            "twice", ("overlay",), area="lint_town", value=True, name=name, other=others[0].name
        )
    whole = library.files[name][0]
    if whole != beneath and whole.parent == path.parent:
        return document.finding(
            "replaced",
            ("overlay",),
            area="lint_town",
            severity="warning",
            value=True,
            name=name,
            other=whole.name,
        )
    return None
