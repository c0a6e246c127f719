"""Two libraries side by side: what changed in each file, and what becomes of the town's overlays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from engine.core.runbook import Runbook
from engine.library.catalogue import Library
from engine.library.finding import Finding
from engine.library.lint import Surroundings
from engine.library.modelled import modelled
from engine.library.overlays.applying import brought, overlaid
from engine.library.overlays.notation import Overlay
from engine.library.reading import read_for_check
from engine.library.upgrade.changes import Change, changes, lines_of
from engine.library.yamltree import Document

__all__ = ["Comparison", "FileChange", "Standing", "Touched", "compare"]

_REGISTERS: Final = (
    "continuity/clocks.yaml",
    "continuity/contacts.yaml",
    "continuity/activites.yaml",
    "facts.yaml",
    "commun.yaml",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Touched:
    """A part that both the town and the library changed."""

    path: tuple[str, ...]
    yours: tuple[str, ...]
    before: tuple[str, ...]
    now: tuple[str, ...]
    both: bool
    """Both changes hold together, as lines of one list; else what the town wrote stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What becomes of an overlay."""

    path: Path
    procedure: str
    kind: Literal["fits", "touches", "unfit"]
    of: int | None = None
    version: int | None = None
    """The library's version now."""
    touched: tuple[Touched, ...] = ()
    nearby: tuple[tuple[str, ...], ...] = ()
    """Steps that both change, each elsewhere: to read again."""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChange:
    """What changed in a file of the library."""

    name: str
    """The procedure's identifier, or the register's file."""
    title: str
    kind: Literal["added", "removed", "changed"]
    versions: tuple[int | None, int | None] = (None, None)
    changes: tuple[Change, ...] = ()
    trees: tuple[Any, Any] = (None, None)
    """Both files as written, for whoever names their parts."""
    replaced_by: Path | None = None
    """The town's own procedure, which these changes don't reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The whole answer."""

    procedures: tuple[FileChange, ...] = ()
    registers: tuple[FileChange, ...] = ()
    overlays: tuple[Standing, ...] = field(default_factory=tuple)

    @property
    def is_same(self) -> bool:
        return not self.procedures and not self.registers

    @property
    def left_behind(self) -> tuple[Standing, ...]:
        """The overlays that fit, and whose author was reading another version."""
        return tuple(one for one in self.overlays if one.kind != "unfit" and one.of != one.version)

    @property
    def unfit(self) -> tuple[Standing, ...]:
        return tuple(one for one in self.overlays if one.kind == "unfit")


def compare(before: Library | None, after: Library, town: Library) -> Comparison:
    """What changed from one library to the other, for a town whose files are over it; from none, nothing changed."""
    procedures = tuple(_procedures(before, after, town)) if before else ()
    return Comparison(
        procedures=procedures,
        registers=tuple(_registers(before.layers[0], after.layers[0])) if before else (),
        overlays=tuple(_overlays(before, after, town)),
    )


def _procedures(before: Library, after: Library, town: Library) -> Iterator[FileChange]:
    for name in dict.fromkeys((*after.files, *before.files)):
        if _same_bytes(before, after, name):
            continue
        old, new = _procedure(before, name), _procedure(after, name)
        found = tuple(changes(old[0].tree, new[0].tree)) if old and new else ()
        if old and new and not found:
            continue
        if not old and not new:
            continue
        own = town.files.get(name, ())
        last = new or old
        assert last is not None
        yield FileChange(
            name=name,
            title=last[1].title,
            kind="changed" if old and new else "added" if new else "removed",
            versions=(old[1].version if old else None, new[1].version if new else None),
            changes=found,
            trees=(old[0].tree if old else None, new[0].tree if new else None),
            replaced_by=own[0] if own and own[0] not in after.files.get(name, ()) else None,
        )


def _same_bytes(before: Library, after: Library, name: str) -> bool:
    """Most procedures are the same from one library to the next: they aren't even read."""
    paths = [library.files.get(name, (None,))[0] for library in (before, after)]
    contents = [path.read_bytes() if path else None for path in paths]
    return contents[0] == contents[1]


def _procedure(library: Library, name: str) -> tuple[Document, Runbook] | None:
    paths = library.files.get(name)
    document, runbook = library.read(paths[0]) if paths else (None, None)
    return None if document is None or runbook is None else (document, runbook)


def _registers(before: Path, after: Path) -> Iterator[FileChange]:
    for name in _REGISTERS:
        old, new = _tree(before / name), _tree(after / name)
        found = tuple(changes(old, new))
        if found:
            yield FileChange(name=name, title="", kind="changed", changes=found, trees=(old, new))


def _tree(path: Path) -> dict[str, Any]:
    """A register as written; nothing where a library has none."""
    tree = read_for_check(path).tree if path.is_file() else None
    return tree if isinstance(tree, dict) else {}


def _overlays(before: Library | None, after: Library, town: Library) -> Iterator[Standing]:
    if not town.overlays:
        return
    around = Surroundings(runbooks=after.runbooks, facts=after.facts, clocks=after.clocks, rto=town.rto)
    for name, paths in town.overlays.items():
        for path in paths[:1]:
            yield _standing(name, path, _procedure(before, name) if before else None, after, around)


def _standing(
    name: str, path: Path, old: tuple[Document, Runbook] | None, after: Library, around: Surroundings
) -> Standing:
    written, head = modelled(path, Overlay)
    new = _procedure(after, name)
    if head is None:
        return Standing(path=path, procedure=name, kind="unfit", findings=tuple(written.findings))
    if new is None:
        gone = written.finding("no_procedure", ("overlay",), area="lint_town", value=True, name=name)
        return Standing(path=path, procedure=name, kind="unfit", of=head.of, findings=(gone,))
    merged = overlaid(written, new[0])
    errors = [one for one in (*merged.findings, *brought(merged, *new, around)) if one.severity == "error"]
    if errors:
        return Standing(path=path, procedure=name, kind="unfit", of=head.of, findings=tuple(errors))
    if old is None:
        return Standing(path=path, procedure=name, kind="fits", of=head.of, version=new[1].version)
    yours = changes(old[0].tree, overlaid(written, old[0]).document.tree)
    theirs = changes(old[0].tree, new[0].tree)
    touched = tuple(_touched(yours, theirs, merged.document))
    nearby = tuple(_nearby(yours, theirs, {one.path for one in touched}))
    kind: Literal["fits", "touches"] = "touches" if touched or nearby else "fits"
    return Standing(
        path=path, procedure=name, kind=kind, of=head.of, version=new[1].version, touched=touched, nearby=nearby
    )  # fmt: skip


def _touched(yours: list[Change], theirs: list[Change], merged: Document) -> Iterator[Touched]:
    changed = {one.path: one for one in theirs}
    for one in yours:
        other = changed.get(one.path)
        if other is not None:
            both = lines_of(merged.find(one.path)) != one.after
            yield Touched(path=one.path, yours=one.after, before=other.before, now=other.after, both=both)


def _nearby(
    yours: list[Change], theirs: list[Change], told: set[tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """The steps where both changed something, if nothing of them is told already."""
    steps = {one.path[:4] for one in theirs if _in_step(one.path)}
    known = {path[:4] for path in told}
    yield from dict.fromkeys(
        one.path[:4] for one in yours if _in_step(one.path) and one.path[:4] in steps - known
    )


def _in_step(path: tuple[str, ...]) -> bool:
    return len(path) >= 4 and path[0] == "tracks" and path[2] == "steps"
