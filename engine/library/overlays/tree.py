"""A written procedure that is being changed: what it shares with the library's file is copied before it is touched.

Each part keeps its place. Lines of the overlay are counted behind those of the library's file, as one sheet behind
another: whoever finds a fault in the merged procedure says in which of the two it lies, and where.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from engine.library.finding import Finding
from engine.library.yamltree import Document, Path

__all__ = ["BEHIND", "Tree", "sorted_out", "steps_of"]

BEHIND: Final = 10_000_000
"""Lines of the library's sheet; no file that is read has as many."""


class Tree:
    """The tree of a merged document, and where each of its parts is written."""

    def __init__(self, base: Document, overlay: Document) -> None:
        self.base, self.overlay = base, overlay
        self.places = dict(base.places)
        self.root: Any = self._copy(base.tree)
        self._own = {id(self.root)}

    def document(self) -> Document:
        return Document(path=self.base.path, text=self.base.text, tree=self.root, places=self.places)

    def at(self, path: Path) -> Any:
        """What stands at `path`, to look at; None if nothing does."""
        node = self.root
        for part in path:
            if not isinstance(node, dict) or part not in node:
                return None
            node = node[part]
        return node

    def own(self, path: Path) -> Any:
        """The collection at `path`, which may then be changed."""
        holder, node = None, self.root
        for part in path:
            holder, node = node, node[part]
            if id(node) not in self._own:
                node = holder[part] = self._copy(node)
                self._own.add(id(node))
        return node

    def put(
        self, path: Path, value: Any, mark: tuple[int, int, int, int], *, before: str | None = None
    ) -> None:
        """Give the last name of `path` a value, with the places of both; a new one goes last, or `before` one."""
        *parents, key = path
        holder = self.own(parents)
        holder[key] = value
        self.places[id(holder)][key] = mark
        if before is not None:
            _move(holder, str(key), before)

    def keep(self, node: Any, places: Any) -> Any:
        """A collection made by hand belongs to this tree, with the places of what it holds."""
        self._own.add(id(node))
        self.places[id(node)] = places
        return node

    def without(self, node: dict[str, Any], names: Container[str]) -> Any:
        """The same mapping, less these names."""
        marks, kept = self.places[id(node)], [key for key in node if key not in names]
        return self.keep({key: node[key] for key in kept}, {key: marks[key] for key in kept})

    def mark(self, path: Path) -> tuple[int, int, int, int]:
        """The places of a name of the overlay and of its value, behind the library's sheet."""
        line, column = self.overlay.position(path)
        value_line, value_column = self.overlay.position(path, key=False)
        return line + BEHIND, column, value_line + BEHIND, value_column

    def graft(self, path: Path) -> Any:
        """What the overlay says at `path`, ready to stand in the tree."""
        value = self.overlay.find(path)
        for node in _collections(value):
            marks = self.overlay.places[id(node)]
            if isinstance(node, list):
                self.places[id(node)] = [(line + BEHIND, column) for line, column in marks]
            else:
                self.places[id(node)] = {
                    key: (mark[0] + BEHIND, mark[1], mark[2] + BEHIND, mark[3]) for key, mark in marks.items()
                }
        return value

    def _copy(self, node: Any) -> Any:
        copied = node.copy()
        self.places[id(copied)] = self.places[id(node)].copy()
        return copied


def sorted_out(found: Iterable[Finding], overlay: str) -> Iterator[Finding]:
    """Findings on a merged document, each in the file where its fault lies."""
    for one in found:
        yield replace(one, path=overlay, line=one.line - BEHIND) if one.line > BEHIND else one


def steps_of(tree: Tree) -> Iterator[tuple[str, str]]:
    """Each step, behind the name of its track."""
    tracks = tree.at(("tracks",))
    for track in tracks if isinstance(tracks, dict) else ():
        steps = tree.at(("tracks", track, "steps"))
        yield from ((track, step) for step in (steps if isinstance(steps, dict) else ()))


def _move(holder: dict[str, Any], key: str, before: str) -> None:
    """Dicts keep the order in which they were filled: all that must come after is filled again."""
    later = list(holder)[list(holder).index(before) : -1]
    for name in later:
        if name != key:
            holder[name] = holder.pop(name)


def _collections(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list):
        yield value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _collections(inner)
