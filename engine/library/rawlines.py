"""The lines as they are written: where French punctuation and YAML's signs collide, and what to write instead.

A line scanner, not a parser: it knows indentation, quotes, one-line collections and blocks of text, enough to tell
a text from a structure in a file that no parser accepts. It tries to find every slip in one pass.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from engine.library import rawvalues
from engine.library.flowstyle import end_of_quote
from engine.library.sheet import HARD_SPACES, Sheet, indent_of
from engine.library.slips import Edit, Slip, comment_start

__all__ = ["scan"]

_DASH: Final = re.compile(r"-(?:[ \t]+|$)")
_COLON: Final = re.compile(rf":(?=[\s{HARD_SPACES}]|$)")
_COLON_IN_TEXT: Final = re.compile(r":(?=\s|$)")
_COLON_AFTER_QUOTE: Final = re.compile(r"([ \t]*):(?=\s|$)")
_COMMENT: Final = re.compile(r"\s#")
_HASH: Final = re.compile(r"\s#(?=\w)")
_NAME: Final = re.compile(r"[a-z][a-z0-9_-]*")
_TOGETHER: Final = re.compile(r"([a-z_]+):(?!//)(?=\S)")
_DASHED_TEXT: Final = re.compile(r"-[^\W\d_]")
_MARK_ALONE: Final = re.compile(r"[&!]\S*\s*")
_MARKER: Final = re.compile(r"(?:---|\.\.\.)(?:\s|$)|%")


@dataclass(frozen=True, slots=True)
class _Key:
    """A name before its colon: where it stands on the line, and the spaces between the two."""

    name: str
    start: int
    space: str
    end: int

    @property
    def name_end(self) -> int:
        return self.start + len(self.name)


def _key_at(line: str, column: int) -> _Key | None:
    """The key that begins at `column`, if a colon that YAML would see makes it one."""
    if line[column] in "\"'":
        closed = end_of_quote([line], (0, column), 0)
        if closed is None:
            return None
        name = line[column : closed[1]]
        found = _COLON_AFTER_QUOTE.match(line, closed[1])
        space = found.group(1) if found else ""
    else:
        if line[column] in "#&*!|>%@`,[]{}":
            return None
        found = _COLON.search(line, column)
        written = line[column : found.start()] if found else ""
        if _COMMENT.search(written):
            return None
        name = written.rstrip()
        space = written[len(name) :]
    return _Key(name, column, space, found.end()) if found else None


def scan(text: str, *, parsed: bool, texts_in_flow: bool = False) -> list[Slip]:
    """Every slip of a file. When the file `parsed`, only what is read otherwise than it was meant."""
    sheet = Sheet(text, parsed=parsed, texts_in_flow=texts_in_flow)
    _Scanner(sheet).run()
    return [slip for slip in sheet.slips if not (parsed and slip.stops_reading)]


class _Scanner:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.lines = sheet, sheet.lines
        self.plain: int | None = None
        """Set while a plain text may go on: lines indented by more than this continue it."""
        self.free_keys: int | None = None
        """Set under an `x-…` key: what another tool wrote below is not judged."""

    def run(self) -> None:
        number = 0
        while number < len(self.lines) and not self.sheet.is_full:
            number = self._line(number)

    def _line(self, number: int) -> int:
        line = self.lines[number]
        indent = indent_of(line)
        rest = line[indent:]
        if not rest.strip() or rest[0] == "#":
            return number + 1
        if rest[0] == "\t" or rest[0] in HARD_SPACES:
            self.sheet.odd_indent(number, indent, rest)
            return number + 1
        if indent == 0 and _MARKER.match(line):
            return number + 1
        if self.plain is not None and indent > self.plain:
            self._continued(number, indent, rest)
            return number + 1
        self.plain = None
        if self.free_keys is not None and indent <= self.free_keys:
            self.free_keys = None
        return self._entry(number, indent)

    def _continued(self, number: int, indent: int, rest: str) -> None:
        """A line that goes on with the text above. A `: ` there is an indentation mistake, or a text to quote."""
        if _DASHED_TEXT.match(rest):
            self._dash(number, indent)
        elif found := _COLON_IN_TEXT.search(rest[: comment_start(rest)]):
            self.sheet.slip("text_goes_on", number, indent + found.start(), text=rest)
        elif found := _HASH.search(rest):
            self.sheet.slip(
                "hash_in_text", number, indent + found.start() + 1, text=rest[found.start() + 1 :]
            )

    def _entry(self, number: int, column: int) -> int:
        """Read the dashes, the key, then what it holds."""
        line, parent, dashed = self.lines[number], column - 1, False
        while found := _DASH.match(line, column):
            parent, dashed = column, True
            self.sheet.tabs(number, found.start(), found.end())
            column = found.end()
        if line.startswith(("? ", ": "), column):
            column += 2
        if column >= len(line):
            return number + 1
        if line[column] in "{[" or (key := _key_at(line, column)) is None:
            return self._bare(number, column, parent)
        self._key(key, number, dashed)
        if self.free_keys is None and key.name.startswith("x-"):
            self.free_keys = column
        return self._value(number, key.end, column, after_key=True)

    def _bare(self, number: int, column: int, parent: int) -> int:
        """An element of a list, or a line that lacks what would make it a key."""
        line = self.lines[number]
        if found := _TOGETHER.match(line, column):
            at = (number, found.end())
            edit = Edit(first=at, last=at, text=" ")
            self.sheet.slip("colon_without_space", *at, edit, key=found[1], text=line[found.end() :])
            return number + 1
        if _DASHED_TEXT.match(line, column):
            self._dash(number, column)
        return self._value(number, column, parent, after_key=False)

    def _dash(self, number: int, column: int) -> None:
        """`-texte` is no element of a list: YAML reads a text, and joins it to the one above."""
        at = (number, column + 1)
        edit = Edit(first=at, last=at, text=" ")
        self.sheet.slip("dash_without_space", number, column, edit, text=self.lines[number][column:])

    def _key(self, key: _Key, number: int, dashed: bool) -> None:
        if self.free_keys is not None or key.name[:1] in "\"'":
            return
        line = self.lines[number]
        if any(hard in key.space or line.startswith(hard, key.end) for hard in HARD_SPACES):
            after = len(line) - len(line[key.end :].lstrip())
            edit = Edit(first=(number, key.name_end), last=(number, after), text=": ")
            self.sheet.slip("hard_space", number, key.name_end, edit)
        elif dashed and not _NAME.fullmatch(key.name):
            self.sheet.slip("key_is_text", number, key.start, key=key.name, text=line[key.start :])
        elif key.space:
            edit = Edit(first=(number, key.name_end), last=(number, key.end - 1), text="")
            self.sheet.slip("space_before_colon", number, key.name_end, edit, key=key.name)

    def _value(self, number: int, column: int, parent: int, *, after_key: bool) -> int:
        """Read what follows a key or a dash, and return the line to go on with."""
        line = self.lines[number]
        start = column + len(line[column:]) - len(line[column:].lstrip())
        self.sheet.tabs(number, column, start)
        if start == len(line):
            return number + 1
        sign = line[start]
        if sign == "#" and after_key:
            if line[start + 1 : start + 2].isalnum():
                self.sheet.slip("hash_in_text", number, start, text=line[start:])
            return number + 1
        if sign in "|>":
            return rawvalues.block(self.sheet, number, start, parent)
        if sign in "\"'":
            return rawvalues.quote(self.sheet, number, start, parent)
        if sign in "{[" and not line.startswith("{{", start):
            return rawvalues.flow(self.sheet, number, start, parent, after_key)
        rawvalues.plain(self.sheet, number, start, parent)
        if not _MARK_ALONE.fullmatch(line, start):
            self.plain = parent
        return number + 1
