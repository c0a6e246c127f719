"""What stands in a folder of procedures: which file is which procedure, or the overlay of which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from engine.library.finding import Finding
from engine.library.source import read_bytes

__all__ = ["identifier_in", "names_in", "procedures_in"]

_NAMES: Final = re.compile(
    rb"""^(?:\xef\xbb\xbf)?(runbook|overlay)[ \t]*:[ \t]*["']?([A-Za-z][A-Za-z0-9_-]*)""", re.MULTILINE
)
_OTHERS: Final = frozenset({"continuity", "exemple", "exercises"})
"""Folders of the library that hold no procedure."""


def procedures_in(folder: Path) -> Iterator[Path]:
    """The YAML files of a layer where a procedure may be, in order."""
    for path in sorted((*folder.rglob("*.yaml"), *folder.rglob("*.yml"))):
        inner = path.relative_to(folder).parts[:-1]
        if not any(part in _OTHERS or part.startswith(".") for part in inner) and path.is_file():
            yield path


def identifier_in(path: Path) -> str | None:
    """The name that a procedure gives itself, without reading the rest; None for any other file."""
    return names_in(path)[0]


def names_in(path: Path) -> tuple[str | None, str | None]:
    """The procedure that a file is, and the one that it is an overlay of: one of them, or neither."""
    try:
        content = read_bytes(path)
    except OSError:
        return None, None
    found = (
        {} if isinstance(content, Finding) else {one[1]: one[2].decode() for one in _NAMES.finditer(content)}
    )
    name = found.get(b"runbook")
    return name, None if name else found.get(b"overlay")
