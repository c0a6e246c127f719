"""The words of an overlay: which keys hold named entries, which lists hold sentences, what only the library says."""

from __future__ import annotations

from typing import Final, Literal

from pydantic import ConfigDict, Field

from engine.core.scalars import Identifier
from engine.core.written import Written

__all__ = [
    "ADD", "CLOCK_KEYS", "FIXED", "HEAD", "NAMED", "NAMES", "REMOVE", "SENTENCES", "SUITE", "WHERE", "WHOLE",
    "Overlay", "said", "words_of",
]  # fmt: skip

ADD: Final = "add"
REMOVE: Final = "remove"
WHERE: Final = ("after", "before")
SUITE: Final = "suite"
"""`next: suite` in a new step: where the outcome that it stands after used to lead."""

HEAD: Final = frozenset({"format", "overlay", "of", "steps"})
"""What says whose overlay this is; `steps` are found in their tracks."""

NAMED: Final = frozenset(
    {"tracks", "steps", "outcomes", "facts", "roles", "messages", "choices", "states", "counts"}
)
"""Keys that hold entries under names of their own. A name that the library doesn't have is a slip, or rot."""

SENTENCES: Final = frozenset({"checklist", "evidence", "never", "triggers", "sources", "clocks", "recurs"})
"""Lists to add to or to take from. Written whole they would silently drop what the library says."""

NAMES: Final = frozenset(
    "activities ask degrades interrupts keeps lost_if on once opens_on resumes role signed_by".split()
)
"""Lists of names, short and read at a glance: one written whole replaces the library's; `add:` works too."""

WHOLE: Final = frozenset({"when", "unless"})
"""Mappings that mean something only as a whole."""

FIXED: Final = frozenset({"format", "runbook", "version", "lang"})
"""What makes the procedure the library's."""

CLOCK_KEYS: Final = frozenset({"clock_start", "clock_stop"})
"""Where a procedure starts and stops a legal delay."""


class Overlay(Written):
    """The head of an overlay; the rest is laid over the procedure, and judged there."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    format: Literal["1"]
    overlay: Identifier
    """The procedure of the library that this changes."""
    of: int = Field(ge=1)
    """The version of the library's procedure that it was written on."""

    @property
    def changes_nothing(self) -> bool:
        """A head alone, as `tocsin init` writes it."""
        return not self.model_extra and not self.extensions


def said(item: object) -> str:
    """What a line of a list says, whichever way it is written."""
    if isinstance(item, dict):
        item = item.get("do") or item.get("use") or ""
    return item if isinstance(item, str) else ""


def words_of(item: object) -> str:
    """The same, spaces and capitals apart."""
    return " ".join(said(item).split()).casefold()
