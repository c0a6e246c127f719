"""One-line mappings and lists, `{…}` and `[…]`, read leniently: what a parser refuses is still seen for what it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from engine.core.quantities import parse_target
from engine.library.slips import Edit, Slip, quoted

__all__ = ["Collection", "Item", "Scalar", "end_of_quote", "is_free_text", "read_flow", "source_of"]

Place = tuple[int, int]

_CHUNK: Final = re.compile(r"[^,\[\]{}]+")
_STOP: Final = re.compile(r":(?=\s|$)|\s#")
_SPACES: Final = re.compile(r"\s*")
_COMPARISON: Final = re.compile(r"[<>=]=?\s*\S+")
_AFTER_QUOTE: Final = {'"': re.compile(r'\\.|"'), "'": re.compile(r"''|'")}
_MOST_DEEP: Final = 40
_MOST_TEXTS: Final = 2_000


@dataclass(slots=True, kw_only=True)
class Scalar:
    """A text as it is written, quotes included; `last` is one past its end."""

    source: str
    first: Place
    last: Place
    plain: bool


@dataclass(slots=True, kw_only=True)
class Item:
    """An element of a list, or a pair. Without `colon` it has no name."""

    key: Scalar | Collection | None = None
    value: Scalar | Collection | None = None
    colon: bool = False


@dataclass(slots=True, kw_only=True)
class Collection:
    """A mapping or a list between brackets; `last` is one past the closing one."""

    opener: str
    first: Place
    last: Place
    items: list[Item] = field(default_factory=list)
    has_comment: bool = False
    open_item: Item | None = None

    @property
    def is_mapping(self) -> bool:
        return self.opener == "{"

    def nodes(self) -> Iterator[Scalar | Collection]:
        for item in self.items:
            yield from (node for node in (item.key, item.value) if node is not None)

    def holds_text(self) -> bool:
        """Whether a free text stands unquoted in it, at any depth (bounded by the reader)."""
        return any(
            node.holds_text() if isinstance(node, Collection) else is_free_text(node) for node in self.nodes()
        )


def is_free_text(scalar: Scalar) -> bool:
    """Several words that are neither a delay, a target nor a comparison."""
    if not scalar.plain or not re.search(r"\s", scalar.source):
        return False
    if _COMPARISON.fullmatch(scalar.source):
        return False
    try:
        parse_target(scalar.source)
    except ValueError:
        return True
    return False


def end_of_quote(lines: Sequence[str], at: Place, last_line: int) -> Place | None:
    """One past the quote that closes the one at `at`, or None if there is none up to `last_line`."""
    line, column = at
    closing = lines[line][column]
    pattern, start = _AFTER_QUOTE[closing], column + 1
    while line <= last_line and line < len(lines):
        for found in pattern.finditer(lines[line], start):
            if found.group() == closing:
                return line, found.end()
        line, start = line + 1, 0
    return None


def read_flow(lines: Sequence[str], at: Place, last_line: int) -> tuple[Collection | None, Place, list[Slip]]:
    """Read the collection that opens at `at`; None if it doesn't close by `last_line`, with where reading stopped."""
    reader = _Reader(lines, at, last_line)
    found = reader.run()
    if found is None:
        opening = Slip(
            rule="unclosed_flow", line=at[0] + 1, column=at[1] + 1, facts={"opener": lines[at[0]][at[1]]}
        )
        return None, (reader.line, reader.column), [*reader.slips, *([opening] if reader.ran_out else [])]
    return found, found.last, reader.slips


def source_of(node: Scalar | Collection | None) -> str:
    """A text as written; nothing for the rest."""
    return node.source if isinstance(node, Scalar) else ""


class _Reader:
    def __init__(self, lines: Sequence[str], at: Place, last_line: int) -> None:
        self.lines, self.last_line = lines, last_line
        self.line, self.column = at
        self.stack: list[Collection] = []
        self.slips: list[Slip] = []
        self.ran_out = False
        self.texts = 0

    def run(self) -> Collection | None:
        while True:
            if not self._to_next_sign():
                self.ran_out = True
                return None
            sign = self.lines[self.line][self.column]
            if sign in "{[" and not self._is_template():
                if len(self.stack) >= _MOST_DEEP:
                    return None
                self.stack.append(
                    Collection(opener=sign, first=(self.line, self.column), last=(self.line, self.column + 1))
                )
                self.column += 1
            elif sign in "}]":
                closed = self._close()
                if closed is None or not self.stack:
                    return closed
            elif sign == ",":
                self._end_item()
                self.column += 1
            elif self.texts > _MOST_TEXTS or not self._read_scalar(sign):
                return None

    def _to_next_sign(self) -> bool:
        while self.line <= self.last_line and self.line < len(self.lines):
            text = self.lines[self.line]
            spaces = _SPACES.match(text, self.column)
            end = spaces.end() if spaces else self.column
            after_space = end > self.column or end == 0
            self.column = end
            if self.column < len(text) and not (text[self.column] == "#" and after_space):
                return True
            if self.column < len(text) and self.stack:
                self.stack[0].has_comment = True
            self.line, self.column = self.line + 1, 0
        return False

    def _is_template(self) -> bool:
        """`{{` opens a fact's name, except where two mappings could (never in a procedure)."""
        return self.lines[self.line].startswith("{{", self.column) and bool(self.stack)

    def _close(self) -> Collection | None:
        self._end_item()
        closed = self.stack.pop()
        if (closed.opener == "{") != (self.lines[self.line][self.column] == "}"):
            return None
        self.column += 1
        closed.last = (self.line, self.column)
        if self.stack:
            self._put(closed)
        return closed

    def _end_item(self) -> None:
        top = self.stack[-1]
        if top.open_item is not None:
            top.items.append(top.open_item)
            top.open_item = None

    def _put(self, node: Scalar | Collection) -> bool:
        """Give the node its place in the innermost collection; False when there is none left for it."""
        top = self.stack[-1]
        item = top.open_item
        if item is None:
            top.open_item = Item(key=node) if top.is_mapping else Item(value=node)
            return True
        slot = "value" if item.colon or not top.is_mapping else "key"
        held = getattr(item, slot)
        if held is None:
            setattr(item, slot, node)
            return True
        if isinstance(held, Scalar) and isinstance(node, Scalar) and held.plain and node.plain:
            held.source, held.last = f"{held.source} {node.source}", node.last  # a text over two lines
            return True
        return False

    def _read_scalar(self, sign: str) -> bool:
        self.texts += 1
        at = (self.line, self.column)
        if sign in "\"'":
            end = end_of_quote(self.lines, at, self.last_line)
            if end is None:
                self._slip("unclosed_quote", at, quote=sign)
                return False
            return self._take(at, end, plain=False)
        if sign == ":" and self._is_colon():
            return self._colon(at)
        if self._is_template():
            return self._template(at)
        line = self.lines[self.line]
        chunk = _CHUNK.match(line, self.column)
        assert chunk is not None
        stop = _STOP.search(chunk.group())
        if stop is None and line.startswith("{{", chunk.end()):
            self.column = chunk.end()
            return self._template(at)
        text = (chunk.group() if stop is None else chunk.group()[: stop.start()]).rstrip()
        return self._take(at, (self.line, self.column + max(len(text), 1)), plain=True)

    def _take(self, at: Place, end: Place, *, plain: bool) -> bool:
        source = "\n".join(
            self.lines[n][at[1] if n == at[0] else 0 : end[1] if n == end[0] else None]
            for n in range(at[0], end[0] + 1)
        )
        self.line, self.column = end
        return self._put(Scalar(source=source, first=at, last=end, plain=plain))

    def _is_colon(self) -> bool:
        after = self.lines[self.line][self.column + 1 : self.column + 2]
        item = self.stack[-1].open_item
        follows_quote = item is not None and isinstance(item.key, Scalar) and not item.key.plain
        return not after or after in " \t,[]{}" or follows_quote

    def _colon(self, at: Place) -> bool:
        top = self.stack[-1]
        item = top.open_item = top.open_item or Item()
        if item.colon:
            self._slip("colon_in_text", at, text=source_of(item.value))
            return False
        if not top.is_mapping:
            item.key, item.value = item.value, None
        item.colon = True
        self.column += 1
        return True

    def _template(self, at: Place) -> bool:
        """A text that holds `{{ fact }}`: to the end of the line's next separator."""
        text = self.lines[self.line]
        end = self.column
        while text.startswith("{{", end):
            close = text.find("}}", end)
            if close < 0:
                return False
            rest = _CHUNK.match(text, close + 2)
            end = rest.end() if rest else close + 2
        source = text[at[1] : end].rstrip()
        last = (self.line, at[1] + len(source))
        self._slip(
            "braces", at, text=source, edit=Edit(first=at, last=last, text=quoted(source.replace("\t", " ")))
        )
        self.column = end
        return self._put(Scalar(source=quoted(source), first=at, last=last, plain=False))

    def _slip(self, rule: str, at: Place, edit: Edit | None = None, **facts: object) -> None:
        self.slips.append(Slip(rule=rule, line=at[0] + 1, column=at[1] + 1, facts=facts, edit=edit))
