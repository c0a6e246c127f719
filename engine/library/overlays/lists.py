"""Items added to a list, or taken away; an item is named by what it says, never by its number."""

from __future__ import annotations

from typing import Any, Final, Protocol

from engine.library.finding import Severity, closest
from engine.library.overlays.notation import ADD, CLOCK_KEYS, REMOVE, WHERE, said, words_of
from engine.library.overlays.tree import BEHIND, Tree

__all__ = ["Lines", "Report"]

Path = tuple[str | int, ...]

_WITH_KEYS: Final = frozenset({"checklist", "clocks", "recurs", "target", "open"})
"""Lists whose items may be more than a text."""


class Report(Protocol):
    """Says what of the overlay doesn't fit, and where it is written."""

    def __call__(
        self,
        rule: str,
        path: Path,
        *,
        severity: Severity = "error",
        value: bool = False,
        meant: str | None = None,
        **facts: object,
    ) -> None: ...


class Lines:
    """One list being changed."""

    def __init__(self, tree: Tree, report: Report, source: Path, path: Path) -> None:
        self.tree, self.report, self.source, self.path = tree, report, source, path
        self.key = str(source[-1])
        if tree.at(path) is None:
            tree.put(path, tree.keep([], []), tree.mark(source))
        # What is wrong with the list as a whole is wrong since the overlay changed it.
        tree.put(path, tree.at(path), tree.mark(source))
        self.items: list[Any] = tree.own(path)
        self.marks: list[tuple[int, int]] = tree.places[id(self.items)]
        self.words = [words_of(item) for item in self.items]
        self.last_at: dict[str, int] = {}
        """After each item that others were put after, how many were."""

    def edit(self) -> None:
        written = self.tree.overlay.find(self.source)
        for path in self._listed(REMOVE) if REMOVE in written else ():
            self._remove(path)
        for path in self._listed(ADD) if ADD in written else ():
            self._add(path)

    def _listed(self, word: str) -> list[Path]:
        """The items under `add:` or `remove:`; a single one needs no dash."""
        path = (*self.source, word)
        written = self.tree.overlay.find(path)
        return [(*path, number) for number in range(len(written))] if isinstance(written, list) else [path]

    def _remove(self, path: Path) -> None:
        written = self.tree.overlay.find(path)
        found = self._index(path, written)
        if found is None:
            return
        item = self.items[found]
        if self.key == "clocks" or (isinstance(item, dict) and item.keys() & CLOCK_KEYS):
            self.report("clock_item", path, value=True, item=said(written))
            return
        if self.key == "never":
            self.report("prohibition_gone", path, value=True, severity="warning", item=said(written))
        del self.items[found], self.marks[found], self.words[found]

    def _add(self, path: Path) -> None:
        written = self.tree.overlay.find(path)
        words = words_of(written)
        if words and words in self.words:
            # The library has caught up: nothing is lost, and the line may go.
            self.report("item_already_there", path, value=True, severity="warning", item=said(written))
            return
        where = [key for key in WHERE if isinstance(written, dict) and key in written]
        if len(where) > 1:
            self.report("one_place", path, value=True)
            return
        at = self._place((*path, where[0])) if where else len(self.items)
        if at is None:
            return
        line, column = self.tree.overlay.position(path, key=False)
        self.items.insert(at, self._item(path, where))
        self.words.insert(at, words)
        self.marks.insert(at, (line + BEHIND, column))

    def _place(self, path: Path) -> int | None:
        """Where an item goes that says after or before which other; those after the same one keep their order."""
        anchor = self.tree.overlay.find(path)
        found = self._index(path, anchor)
        if found is None or path[-1] == "before":
            return found
        words = words_of(anchor)
        self.last_at[words] = self.last_at.get(words, 0) + 1
        return found + self.last_at[words]

    def _item(self, path: Path, where: list[str]) -> Any:
        item = self.tree.graft(path)
        if where:
            item = self.tree.without(item, WHERE)
        if isinstance(item, dict) and item.keys() == {"do"} and self.key not in _WITH_KEYS:
            return item["do"]
        return item

    def _index(self, path: Path, written: Any) -> int | None:
        words = words_of(written)
        if words in self.words:
            return self.words.index(words)
        near = closest(words, self.words) if words else None
        meant = None if near is None else said(self.items[self.words.index(near)])
        self.report("item_gone", path, value=True, item=said(written), meant=meant)
        return None
