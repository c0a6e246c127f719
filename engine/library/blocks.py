"""A one-line mapping or list rewritten as a block, one thing a line: the form that free text needs."""

from __future__ import annotations

import re
from typing import Final

from engine.library.flowstyle import Collection, Item, Scalar
from engine.library.slips import quoted

__all__ = ["as_block"]

_NOT_PLAIN: Final = re.compile(r"""^[\s\-?:,\[\]{}#&*!|>'"%@`]|: |\s#|:$|^$""")


def as_block(found: Collection, indent: int) -> list[str] | None:
    """The lines of the block, each indented by `indent`; None when it can't be written without a loss."""
    if found.has_comment:
        return None
    lines: list[str] = []
    for item in found.items:
        written = _pair(item, indent) if found.is_mapping else _element(item, indent)
        if written is None:
            return None
        lines += written
    return lines or None


def _pair(item: Item, indent: int) -> list[str] | None:
    if not isinstance(item.key, Scalar) or (key := _scalar(item.key)) is None:
        return None
    head = f"{' ' * indent}{key}:"
    match item.value:
        case None:
            return [head]
        case Scalar() as value:
            text = _scalar(value)
            return None if text is None else [f"{head} {text}"]
        case Collection() as value:
            if not value.holds_text():
                return _kept(head, value)
            below = as_block(value, indent + 2)
            return None if below is None else [head, *below]


def _element(item: Item, indent: int) -> list[str] | None:
    if item.colon:
        return None
    head = f"{' ' * indent}-"
    match item.value:
        case None:
            return None
        case Scalar() as value:
            text = _scalar(value)
            return None if text is None else [f"{head} {text}"]
        case Collection() as value:
            if not value.holds_text():
                return _kept(head, value)
            below = as_block(value, indent + 2)
            return None if below is None else [f"{head} {below[0].lstrip()}", *below[1:]]


def _kept(head: str, value: Collection) -> list[str] | None:
    """An inner collection without free text stays on one line, if it is on one."""
    text = _flow(value)
    return None if text is None else [f"{head} {text}"]


def _flow(value: Collection) -> str | None:
    parts: list[str] = []
    for item in value.items:
        sides = [_side(node) for node in (item.key, item.value)]
        key, content = sides
        if (item.key is not None and key is None) or (item.value is not None and content is None):
            return None
        parts.append(f"{key or ''}: {content or ''}".rstrip() if item.colon else content or key or "")
    inside = ", ".join(parts)
    return f"{{{inside}}}" if value.is_mapping else f"[{inside}]"


def _side(node: Scalar | Collection | None) -> str | None:
    if isinstance(node, Collection):
        return _flow(node)
    return None if node is None or "\n" in node.source else node.source


def _scalar(scalar: Scalar) -> str | None:
    if "\n" in scalar.source:
        return None
    if scalar.plain and _NOT_PLAIN.search(scalar.source):
        return quoted(scalar.source)
    return scalar.source
