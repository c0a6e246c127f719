"""A slip of the pen in YAML, with the edit that mends it: what the raw lines show and the parser can't say.

Lines and columns of edits count from 0, as in the list of lines they change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

__all__ = ["RULES", "Edit", "Slip", "applied", "comment_start", "quoted"]

RULES: Final[Mapping[str, bool]] = {
    # The file can't be read: only said when the parser stopped.
    "after_quote": True,
    "backslash": True,
    "block_indent": True,
    "block_text": True,
    "braces": True,
    "colon_in_text": True,
    "colon_without_space": True,
    "list_in_value": True,
    "reserved_start": True,
    "tab_indent": True,
    "text_goes_on": True,
    "unclosed_flow": True,
    "unclosed_quote": True,
    # The file is read, but not as its author meant.
    "dash_without_space": False,
    "flow_comma": False,
    "flow_no_comma": False,
    "flow_no_colon": False,
    "flow_question": False,
    "flow_text": False,
    "hard_space": False,
    "hash_in_text": False,
    "key_is_text": False,
    "space_before_colon": False,
    "tab": False,
}
"""Every rule of the raw lines, and whether it explains why a file can't be read."""

_COMMENT: Final = re.compile(r"(?:^|\s)#(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace what is between two places with `text`."""

    first: tuple[int, int]
    last: tuple[int, int]
    text: str

    @property
    def keeps_lines(self) -> bool:
        """Whether every line keeps its number."""
        return self.first[0] == self.last[0] and "\n" not in self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One slip; line and column from 1."""

    rule: str
    line: int
    column: int
    facts: Mapping[str, object] = field(default_factory=dict)
    edit: Edit | None = None

    @property
    def stops_reading(self) -> bool:
        return RULES[self.rule]


def quoted(text: str) -> str:
    """The same text between quotes, in the simplest way that YAML reads back unchanged."""
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def comment_start(text: str, start: int = 0) -> int:
    """Where a comment begins in the rest of a line of plain text, spaces before it included; its end if none."""
    found = _COMMENT.search(text, start)
    return len(text) if found is None else len(text[: found.start()].rstrip())


def applied(lines: Sequence[str], edits: Sequence[Edit]) -> list[str]:
    """The lines once edited, last place first; of two edits that meet, the first in the file is made."""
    chosen: list[Edit] = []
    for edit in sorted(edits, key=lambda one: one.first):
        if not chosen or edit.first >= chosen[-1].last:
            chosen.append(edit)
    changed = list(lines)
    for edit in reversed(chosen):
        (first, start), (last, end) = edit.first, edit.last
        joined = changed[first][:start] + edit.text + changed[last][end:]
        changed[first : last + 1] = joined.split("\n")
    return changed
