"""The lines of a file under examination, and the slips found so far."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Final

from engine.library.slips import Edit, Slip, comment_start, quoted

__all__ = ["HARD_SPACES", "MOST_SLIPS", "Sheet", "indent_of"]

HARD_SPACES: Final = "\u00a0\u202f\u2007"
"""Spaces that don't break: a Mac types them before `:`, and YAML takes them for letters."""

_MOST_LINES: Final = 5_000
_MOST_LETTERS: Final = 200_000
"""Beyond these nobody wrote by hand: the parser's own error is enough."""

MOST_SLIPS: Final = 100
_KEY: Final = re.compile(r"[ -]*([A-Za-z][A-Za-z0-9_-]*) *:(?=\s|$)")
_FAR: Final = 40
"""In a file that can't be read, a quote or a bracket is looked for no further than this many lines."""


def indent_of(line: str) -> int:
    """How many spaces a line begins with."""
    return len(line) - len(line.lstrip(" "))


class Sheet:
    """Lines count from 0 here; a slip's from 1."""

    def __init__(self, text: str, *, parsed: bool, texts_in_flow: bool) -> None:
        self.lines = re.split(r"\r\n|\r|\n", text[:_MOST_LETTERS])[:_MOST_LINES]
        self.parsed, self.texts_in_flow = parsed, texts_in_flow
        self.slips: list[Slip] = []

    def slip(self, rule: str, line: int, column: int, edit: Edit | None = None, **facts: object) -> None:
        """Note a slip; past the bound the author has enough to mend."""
        if not self.is_full:
            self.slips.append(Slip(rule=rule, line=line + 1, column=column + 1, facts=facts, edit=edit))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every name that begins a line of the file: what a list of names is most likely about."""
        return frozenset(found[1] for found in map(_KEY.match, self.lines) if found)

    @property
    def is_full(self) -> bool:
        return len(self.slips) >= MOST_SLIPS

    def tabs(self, number: int, start: int, end: int) -> None:
        """A tab between a sign and what follows: some parsers read it, others don't."""
        line = self.lines[number]
        if (tab := line.find("\t", start, end)) >= 0:
            self.slip("tab", number, tab, Edit(first=(number, tab), last=(number, tab + 1), text=" "))

    def odd_indent(self, number: int, indent: int, rest: str) -> None:
        """A tab, or a space that doesn't break, where the indentation is."""
        width = len(rest) - len(rest.lstrip("\t " + HARD_SPACES))
        edit = Edit(
            first=(number, indent), last=(number, indent + width), text=rest[:width].replace("\t", "  ").translate(
                dict.fromkeys(map(ord, HARD_SPACES), " ")
            )
        )  # fmt: skip
        self.slip("tab_indent" if "\t" in rest[:width] else "hard_space", number, indent, edit)

    def ends_here(self, number: int, parent: int) -> bool:
        """Whether the value is on this line alone."""
        for below in range(number + 1, len(self.lines)):
            line = self.lines[below]
            if line.strip() and not line.lstrip().startswith("#"):
                return indent_of(line) <= parent
        return True

    def last_line(self, number: int, parent: int) -> int:
        """Where a quote or a collection must be closed.

        Anywhere, if the file is known to be right; else before a line that is clearly not part of it.
        """
        if self.parsed:
            return len(self.lines)
        for below in range(number + 1, min(number + _FAR, len(self.lines))):
            line = self.lines[below]
            indent = indent_of(line)
            if line.strip() and indent <= parent and line[indent] not in "}]#":
                return below - 1
        return min(number + _FAR, len(self.lines)) - 1

    def quoting(self, number: int, start: int, parent: int) -> Edit | None:
        """Put the rest of the line between quotes, its comment apart, if the text is on this line alone."""
        if not self.ends_here(number, parent):
            return None
        rest = self.lines[number][start:]
        text = rest[: comment_start(rest)].rstrip()
        return Edit(first=(number, start), last=(number, start + len(text)), text=quoted(text))
