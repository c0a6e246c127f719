"""The shelf: the procedures of the library as they are now, and those that open runs are pinned to."""

from __future__ import annotations

from collections.abc import Callable

from engine.core.runbook import Definition
from engine.library.catalogue import Library, Unreadable, definition_from, digest

__all__ = ["HomeShelf"]


class HomeShelf:
    """Reads each procedure once. A pinned one comes from the journal, whatever has become of its file."""

    def __init__(self, library: Library, pinned: Callable[[str], bytes | None]) -> None:
        self._library, self._pinned = library, pinned
        self._current: dict[str, str | None] = {}
        self._contents: dict[str, bytes] = {}
        self._definitions: dict[str, Definition] = {}

    def current(self, runbook: str) -> str | None:
        """The digest of the library's version of this procedure, or None."""
        if runbook not in self._current:
            self._current[runbook] = self._take(runbook)
        return self._current[runbook]

    def _take(self, runbook: str) -> str | None:
        try:
            definition = self._library.definition(runbook)
        except (KeyError, Unreadable):
            return None
        found, content = digest(definition)
        # What the run will read back later, not what was read now: both must say the same.
        self._contents[found] = content
        self._definitions[found] = definition_from(content)
        return found

    def definition(self, digest: str) -> Definition:
        """The definition of that digest. KeyError if nobody pinned it."""
        found = self._definitions.get(digest)
        if found is None:
            content = self._pinned(digest)
            if content is None:
                raise KeyError(digest)
            found = self._definitions[digest] = definition_from(content)
        return found

    def content(self, digest: str) -> bytes | None:
        """The bytes to pin when a run of that digest opens; None if the library has changed meanwhile."""
        return self._contents.get(digest)
