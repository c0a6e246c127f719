"""What a one-line mapping or list holds that is read otherwise than it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from engine.library.flowstyle import Collection, Scalar, is_free_text, source_of
from engine.library.slips import Edit, Slip, quoted

__all__ = ["judged"]

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")


def judged(found: Collection, *, texts_allowed: bool, keys: AbstractSet[str] = frozenset()) -> list[Slip]:
    """The slips of a collection: a comma too many or too few first, since it hides the others.

    `keys`: the names that the file gives to its own things.
    """
    cut = [slip for one in _collections(found) for slip in (*_lone_names(one), *_run_together(one, keys))]
    if cut:
        return cut
    asked = [_question(text) for text in _texts(found) if "?" in text.source]
    free = [text for text in _texts(found) if "?" not in text.source and is_free_text(text)]
    return [*asked, *([] if texts_allowed else [_about("flow_text", text) for text in free[:1]])]


def _collections(found: Collection) -> Iterator[Collection]:
    waiting = [found]
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting += [node for node in one.nodes() if isinstance(node, Collection)]


def _texts(found: Collection) -> Iterator[Scalar]:
    for one in _collections(found):
        yield from (node for node in one.nodes() if isinstance(node, Scalar) and node.plain)


def _lone_names(found: Collection) -> Iterator[Slip]:
    """Names without a value in a mapping: most often a comma that cut a text in two."""
    previous: Scalar | Collection | None = None
    for item in found.items if found.is_mapping else ():
        if not item.colon and isinstance(item.key, Scalar) and "?" not in item.key.source:
            yield _lone(item.key, previous)
        previous = item.value


def _run_together(found: Collection, keys: AbstractSet[str]) -> Iterator[Slip]:
    """`[p2 p9]`: names of the file, and nothing between them."""
    for node in () if found.is_mapping else found.nodes():
        if isinstance(node, Scalar) and node.plain and node.first[0] == node.last[0]:
            names = node.source.split()
            if len(names) > 1 and all(map(_NAME.fullmatch, names)) and not keys.isdisjoint(names):
                meant = ", ".join(names)
                yield _about(
                    "flow_no_comma", node, Edit(first=node.first, last=node.last, text=meant), meant=meant
                )


def _lone(key: Scalar, previous: Scalar | Collection | None) -> Slip:
    before = source_of(previous)
    if " " in key.source or " " in before:
        return _about("flow_comma", key, whole=f"{before}, {key.source}" if before else key.source)
    return _about("flow_no_colon", key)


def _question(text: Scalar) -> Slip:
    return _about("flow_question", text, Edit(first=text.first, last=text.last, text=quoted(text.source)))


def _about(rule: str, scalar: Scalar, edit: Edit | None = None, **facts: object) -> Slip:
    line, column = scalar.first
    return Slip(
        rule=rule, line=line + 1, column=column + 1, facts={"text": scalar.source, **facts}, edit=edit
    )
