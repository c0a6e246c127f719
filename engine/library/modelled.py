"""A file as the value that it is: quickly when nothing is wrong with it, else with all that there is to say."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from engine.library.finding import Finding
from engine.library.reading import read_for_check
from engine.library.shape import shaped
from engine.library.source import decoded, read_bytes
from engine.library.yamltree import Document, compose

__all__ = ["modelled"]

M = TypeVar("M", bound=BaseModel)


def modelled(path: Path, model: type[M]) -> tuple[Document, M | None]:
    """Read a file into its model; when that fails, read it again for all that there is to say about it."""
    shown = str(path)
    try:
        content = read_bytes(path)
    except OSError as error:
        return Document(path=shown, findings=[_unopened(shown, error)]), None
    text = content if isinstance(content, Finding) else decoded(content, shown)
    if isinstance(text, Finding):
        return Document(path=shown, findings=[text]), None
    document = compose(text, shown)
    value, found = shaped(document, model) if not document.findings else (None, [])
    if value is not None and not found:
        return document, value
    document = read_for_check(path)
    document.findings += found
    return document, None


def _unopened(shown: str, error: OSError) -> Finding:
    """A file that the system doesn't give."""
    reason = error.strerror or str(error)
    return Finding(area="lint_yaml", rule="unopened", path=shown, facts={"reason": reason})
