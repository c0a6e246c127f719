"""`tocsin.toml` as a document with places: tomllib gives none, so they are looked for in the lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, Final

from engine.library.finding import Finding
from engine.library.source import decoded
from engine.library.yamltree import Document
from engine.visible import hidden_in

__all__ = ["toml_document"]

_SECTION: Final = re.compile(r"\s*\[\s*([A-Za-z0-9_.\"-]+)\s*\]")
_PAIR: Final = re.compile(r"(\s*)([A-Za-z0-9_-]+)\s*=\s*")
_AT: Final = re.compile(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def toml_document(content: bytes, shown: str) -> Document:
    """Read a TOML file; what stops the reading is in the document's findings."""
    text = decoded(content, shown)
    if isinstance(text, Finding):
        return Document(path=shown, findings=[text])
    document = Document(path=shown, text=text)
    try:
        document.tree = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        document.findings.append(_unreadable(error, document))
    except RecursionError:
        document.findings.append(Finding(area="lint_yaml", rule="too_deep", path=shown, facts={"most": 40}))
    else:
        _note_places(document)
        document.findings += _hidden(document, document.tree, ())
    return document


def _hidden(document: Document, node: Any, path: tuple[str | int, ...]) -> Iterator[Finding]:
    """Controls that an escape wrote. tomllib reads no deeper than a recursion goes."""
    match node:
        case str() if found := hidden_in(node):
            yield document.finding("control_character", path, value=True, code=f"U+{ord(found):04X}")
        case dict():
            for name, inner in node.items():
                yield from _hidden(document, name, path)
                yield from _hidden(document, inner, (*path, name))
        case list():
            for number, inner in enumerate(node):
                yield from _hidden(document, inner, (*path, number))


def _unreadable(error: tomllib.TOMLDecodeError, document: Document) -> Finding:
    found = _AT.search(str(error))
    lines = document.text.splitlines() or [""]
    line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(lines), len(lines[-1]) + 1)
    said = _AT.sub("", str(error)).strip()
    written = lines[min(line, len(lines)) - 1].strip()
    return Finding(
        area="lint_yaml",
        rule="toml_unreadable",
        path=document.path,
        line=line,
        column=column,
        facts={"parser": said, "text": written},
    )


def _note_places(document: Document) -> None:
    """Note where each section and each of its keys is; only plain `key = value` lines are known."""
    tree: dict[str, Any] = document.tree
    top = document.places.setdefault(id(tree), dict.fromkeys(tree, (1, 1, 1, 1)))
    node: Any = tree
    for number, line in enumerate(document.text.splitlines(), 1):
        if found := _SECTION.match(line):
            node = tree.get(found[1])
            if isinstance(node, dict):
                top[found[1]] = (number, 1, number, 1)
                document.places[id(node)] = dict.fromkeys(node, (number, 1, number, 1))
        elif (found := _PAIR.match(line)) and isinstance(node, dict) and found[2] in node:
            document.places[id(node)][found[2]] = (number, len(found[1]) + 1, number, found.end() + 1)
