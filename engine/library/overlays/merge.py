"""Lay an overlay over a written procedure: a value replaces, `add:` adds, `remove:` takes an item of a list away.

The rest is refused with its place: a name that the procedure doesn't have (any more), a whole list written over the
library's, a legal delay. What is refused is left out, so that one slip doesn't hide the next.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from engine.library.finding import Finding, Severity, closest
from engine.library.overlays.inserting import insert
from engine.library.overlays.lists import Lines
from engine.library.overlays.notation import (
    ADD,
    CLOCK_KEYS,
    FIXED,
    HEAD,
    NAMED,
    NAMES,
    REMOVE,
    SENTENCES,
    WHOLE,
)
from engine.library.overlays.tree import Tree, steps_of
from engine.library.yamltree import Document

__all__ = ["laid_over"]

Path = tuple[str | int, ...]
_MOST_ERRORS: Final = 100
_EDITS: Final = frozenset({ADD, REMOVE})


def laid_over(overlay: Document, base: Document) -> tuple[Document, list[Finding]]:
    """The procedure of `base` with what the overlay changes, and what of the overlay doesn't fit it."""
    merger = _Merger(Tree(base, overlay))
    with suppress(_Enough):
        merger.run()
    return merger.tree.document(), merger.findings


class _Enough(Exception):
    """There are errors enough to mend: the overlay is left aside for the first of them already."""


class _Merger:
    def __init__(self, tree: Tree) -> None:
        self.tree, self.overlay = tree, tree.overlay
        self.findings: list[Finding] = []
        self.errors = 0

    def run(self) -> None:
        for key in self.overlay.tree:
            if key in FIXED and key not in HEAD:
                self.report("fixed", (key,), key=key)
            elif key not in HEAD:
                self._key((key,), ())
        self._steps()

    def report(
        self,
        rule: str,
        path: Path,
        *,
        severity: Severity = "error",
        value: bool = False,
        meant: str | None = None,
        **facts: object,
    ) -> None:
        holders = tuple(one for one in path[:-1] if isinstance(one, str) and one not in _EDITS)
        if holders[-1:] == (facts.get("key"),):
            holders = holders[:-1]
        facts = {"where": holders, **facts}
        self.findings.append(
            self.overlay.finding(
                rule, path, area="lint_town", severity=severity, value=value, meant=meant, **facts
            )
        )
        self.errors += severity == "error"
        if self.errors >= _MOST_ERRORS:
            raise _Enough

    # Paths: `source` in the overlay, `target` in the tree, of the part that holds `source[-1]`.

    def _key(self, source: Path, target: Path) -> None:
        """Lay what stands under one name."""
        key = str(source[-1])
        holder = self.tree.at(target)
        path = (*target, key)
        written = self.overlay.find(source)
        if key == "sign" and key in holder:
            self.report("signature_changed", source, severity="warning")
        if key in CLOCK_KEYS:
            self.report("clock", source, key=key)
        elif key == "steps" and target[:1] == ("tracks",):
            self.report("steps_at_top", source)
        elif key not in holder:
            self._new_key(source, path, written)
        elif isinstance(written, dict) and written and written.keys() <= _EDITS and key not in NAMED:
            self._edit(source, path)
        elif isinstance(written, list) and key in SENTENCES:
            self.report("whole_list", source, key=key)
        elif isinstance(written, dict) and isinstance(holder[key], dict) and key not in WHOLE:
            self._inside(source, path)
        else:
            self.tree.put(path, self.tree.graft(source), self.tree.mark(source))

    def _inside(self, source: Path, target: Path) -> None:
        """Lay each name of a mapping."""
        named = source[-1] in NAMED
        for key in self.overlay.find(source):
            if named and key == ADD:
                self._add_entries((*source, ADD), target)
            elif named and key == REMOVE:
                self.report("never_removed", (*source, REMOVE), key=source[-1])
            elif named and key not in self.tree.at(target):
                self._gone((*source, key), list(self.tree.at(target)))
            else:
                self._key((*source, key), target)

    def _gone(self, source: Path, known: list[str]) -> None:
        name = str(source[-1])
        self.report("gone", source, name=name, meant=closest(name, known))

    def _add_entries(self, source: Path, target: Path) -> None:
        """Add entries that the procedure doesn't have."""
        written = self.overlay.find(source)
        if not isinstance(written, dict):
            self.report("add_names", source)
            return
        for name in written:
            if name in self.tree.at(target):
                self.report("already_there", (*source, name), name=name)
            else:
                path = (*source, name)
                self.tree.put((*target, name), self.tree.graft(path), self.tree.mark(path))

    def _new_key(self, source: Path, path: Path, written: Any) -> None:
        """Write what the library left out: `add:` may be said or not."""
        key = source[-1]
        if key in NAMED and isinstance(written, dict):
            self.tree.put(path, self.tree.keep({}, {}), self.tree.mark(source))
            self._inside(source, path)
        elif key not in NAMED and isinstance(written, dict) and written and written.keys() <= _EDITS:
            self._edit(source, path)
        else:
            self.tree.put(path, self.tree.graft(source), self.tree.mark(source))

    def _edit(self, source: Path, path: Path) -> None:
        """Add to a list or a text, or take items of a list away."""
        key = str(source[-1])
        held, written = self.tree.at(path), self.overlay.find(source)
        added = written.get(ADD)
        if isinstance(held, str) and key in NAMES:
            mark = self.tree.mark(source)
            held = self.tree.keep([held], [mark[:2]])
            self.tree.put(path, held, mark)
        if isinstance(held, str) or (held is None and isinstance(added, str) and key not in SENTENCES):
            self._add_text(source, path, held or "")
        elif isinstance(held, list) or held is None:
            Lines(self.tree, self.report, source, path).edit()
        else:
            self.report("cannot_add", source, key=key)

    def _add_text(self, source: Path, path: Path, held: str) -> None:
        written = self.overlay.find(source)
        if REMOVE in written:
            self.report("text_is_whole", (*source, REMOVE), key=source[-1])
        if ADD not in written:
            return
        added = written[ADD]
        if not isinstance(added, str):
            self.report("add_text", (*source, ADD), key=source[-1])
            return
        text = f"{held.rstrip()}\n{added}" if held else added
        self.tree.put(path, text, self.tree.mark((*source, ADD)))

    def _steps(self) -> None:
        """Lay the steps, each found in its track, then put the new ones in."""
        written = self.overlay.find(("steps",))
        if written is None:
            return
        if not isinstance(written, dict):
            self.report("steps_named", ("steps",))
            return
        homes = _homes(self.tree)
        for name in written:
            source: Path = ("steps", name)
            if name == ADD:
                continue
            if name == REMOVE:
                self.report("never_removed", source, key="steps")
            elif name not in homes:
                self._gone(source, list(homes))
            elif len(homes[name]) > 1:
                choices = [f"{track}.{name}" for track in homes[name]]
                self.report("which_track", source, name=name, choices=choices)
            elif not isinstance(written[name], dict):
                self.report("steps_named", source)
            else:
                self._inside(source, ("tracks", homes[name][0], "steps", name.rpartition(".")[2]))
        if ADD in written:
            insert(self.tree, self.report, ("steps", ADD))


def _homes(tree: Tree) -> dict[str, list[str]]:
    """For each step, by its name alone and with its track's, the tracks where it is."""
    homes: dict[str, list[str]] = {}
    for track, step in steps_of(tree):
        homes.setdefault(step, []).append(track)
        homes.setdefault(f"{track}.{step}", []).append(track)
    return homes
