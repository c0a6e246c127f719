"""YAML as a tree of text: dicts, lists and strings, with the place of each, read within bounds.

The libyaml parser gives events; the tree is composed here, without recursion, so that no file is deep enough to
break it. Every scalar stays the text that was written: no `yes`, no `08:30`, no `017`, no date is ever converted.
What a procedure never needs (anchors, aliases, tags, merge keys, several documents) is refused with its place:
it is also how a small file becomes a large one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from engine.library.finding import Area, Finding, Severity
from engine.library.parsererror import explained, stopped_at_depth
from engine.visible import hidden_in

__all__ = ["MOST_DEPTH", "MOST_NODES", "Document", "compose"]

MOST_DEPTH: Final = 40
MOST_NODES: Final = 50_000
_MOST_FINDINGS: Final = 50

_Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""libyaml when it is there (all wheels have it), else PyYAML's own parser, slower, with the same events."""

Path = Sequence[str | int]
Place = tuple[int, int]


@dataclass(slots=True)
class Document:
    """What a file says, and where it says it. `tree` is None when nothing usable could be read."""

    path: str
    text: str = ""
    tree: Any = None
    findings: list[Finding] = field(default_factory=list)
    places: dict[int, Any] = field(default_factory=dict, repr=False)
    """By identity of a dict or list of the tree: the places of its keys and values. The tree keeps them alive."""

    def position(self, path: Path, *, key: bool = True) -> Place:
        """Line and column, from 1, of the last name of `path` (or of its value, with `key=False`).

        A path that leads nowhere gives the place of the last of its names that exists: what is missing
        is shown where it is missed.
        """
        place: Place = (1, 1)
        node = self.tree
        for part in path:
            marks: Any = self.places.get(id(node))
            if isinstance(node, dict) and part in node:
                line, column, value_line, value_column = marks[part]
                place = (line, column) if key else (value_line, value_column)
            elif isinstance(node, list) and isinstance(part, int) and 0 <= part < len(node):
                place = marks[part]
            else:
                return place
            node = node[part]
        return place

    def find(self, path: Path) -> Any:
        """The value at `path`, or None."""
        node = self.tree
        for part in path:
            try:
                node = node[part]
            except (KeyError, IndexError, TypeError):
                return None
        return node

    def finding(
        self,
        rule: str,
        path: Path,
        *,
        area: Area = "lint_yaml",
        severity: Severity = "error",
        value: bool = False,
        meant: str | None = None,
        **facts: object,
    ) -> Finding:
        """A finding at the last name of `path` (at what is written there with `value`)."""
        line, column = self.position(path, key=not value)
        return Finding(
            area=area,
            rule=rule,
            path=self.path,
            line=line,
            column=column,
            facts=facts,
            severity=severity,
            suggestion=meant,
        )


class _TooMuch(Exception):
    """A bound was passed: what follows is not read."""


@dataclass(slots=True)
class _Frame:
    """A collection being filled."""

    node: Any
    marks: Any
    key: str | None = None
    key_place: Place = (1, 1)


def compose(text: str, path: str) -> Document:
    """Read one document; what is wrong with it is in its `findings`."""
    document = Document(path=path, text=text)
    composer = _Composer(document)
    try:
        composer.run(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        document.tree = None
        if deep := stopped_at_depth(error):
            composer.report("too_deep", deep, most=MOST_DEPTH)
        else:
            document.findings.append(explained(error, path))
    except _TooMuch:
        document.tree = None
    else:
        if document.tree is None and not document.findings:
            composer.report("empty", (1, 1))
    return document


class _Composer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.stack: list[_Frame] = []
        self.nodes = 0
        self.documents = 0

    def report(self, rule: str, place: Place, **facts: object) -> None:
        line, column = place
        self.document.findings.append(
            Finding(
                area="lint_yaml", rule=rule, path=self.document.path, line=line, column=column, facts=facts
            )
        )
        if len(self.document.findings) >= _MOST_FINDINGS:
            raise _TooMuch

    def run(self, events: Iterator[Any]) -> None:
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._count(event)
                    self._look(event)
                    self._add(event.value, _place(event))
                case yaml.MappingStartEvent():
                    self._open(event, {}, {})
                case yaml.SequenceStartEvent():
                    self._open(event, [], [])
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self.stack.pop()
                case yaml.AliasEvent():
                    self.report("alias", _place(event), name=event.anchor)
                    self._add("", _place(event))
                case yaml.DocumentStartEvent():
                    self._start_document(event)
                case _:
                    pass

    def _start_document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.report("documents", _place(event))
            raise _TooMuch
        if event.tags:
            self.report("tag", _place(event), tag="%TAG")

    def _count(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            self.report("too_many_nodes", _place(event), most=MOST_NODES)
            raise _TooMuch
        if event.anchor is not None:
            self.report("anchor", _place(event), name=event.anchor)
        if event.tag is not None:
            self.report("tag", _place(event), tag=event.tag)

    def _look(self, event: Any) -> None:
        """A control that is typed never gets here; one that an escape of double quotes wrote does."""
        if hidden := hidden_in(event.value):
            self.report("control_character", _place(event), code=f"U+{ord(hidden):04X}")

    def _open(self, event: Any, node: Any, marks: Any) -> None:
        self._count(event)
        if len(self.stack) >= MOST_DEPTH:
            self.report("too_deep", _place(event), most=MOST_DEPTH)
            raise _TooMuch
        self._add(node, _place(event))
        self.document.places[id(node)] = marks
        self.stack.append(_Frame(node, marks))

    def _add(self, value: Any, place: Place) -> None:
        """Put a value where it belongs: in a list, under the name read before it, or as the next name."""
        if not self.stack:
            self.document.tree = value
            return
        frame = self.stack[-1]
        if isinstance(frame.node, list):
            frame.node.append(value)
            frame.marks.append(place)
        elif frame.key is None:
            self._name(frame, value, place)
        else:
            # The first of two keys wins; what stands under a merge key is dropped.
            if frame.key != "<<" and frame.key not in frame.node:
                frame.node[frame.key] = value
                frame.marks[frame.key] = (*frame.key_place, *place)
            frame.key = None

    def _name(self, frame: _Frame, value: Any, place: Place) -> None:
        frame.key_place = place
        if not isinstance(value, str):
            # The collection that stands where a name is expected is filled apart, then forgotten.
            self.report("complex_key", place)
            frame.key = f"?{place[0]}:{place[1]}"
            return
        frame.key = value
        if value == "<<":
            self.report("merge_key", place)
        elif value in frame.node:
            self.report("duplicate_key", place, key=value, first=frame.marks[value][0])


def _place(event: Any) -> Place:
    mark = event.start_mark
    return mark.line + 1, mark.column + 1
