"""`tocsin check --fix`: write what was meant in the form that YAML reads, and change nothing else.

A file that can be read keeps its meaning: the tree before and the tree after are compared, and an edit that changes
it is not made. A file that can't be read keeps every letter that its author wrote. Mending twice is mending once.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from engine.library.finding import Finding
from engine.library.rawlines import scan
from engine.library.slips import Edit, Slip, applied
from engine.library.source import decoded, read_bytes
from engine.library.yamltree import compose

__all__ = ["mend_file", "mended", "mended_in_place", "write_atomically"]

_ROUNDS: Final = 12
_LAYOUT: Final = re.compile(r"""[\s"'{}\[\],\\\u00a0\u202f\u2007:-]""")
_BREAKS: Final = re.compile(r"\r\n|\r|\n")


def mended(text: str, *, texts_in_flow: bool = False) -> str:
    """The text once mended: each round may uncover a slip that another hid."""
    now = text
    for _ in range(_ROUNDS):
        after = _round(now, texts_in_flow)
        if after == now:
            return now if _keeps_letters(text, now) else text
        now = after
    return text


def mended_in_place(text: str, slips: Iterable[Slip]) -> str:
    """Mend only what leaves each line its number: so that the rest of a broken file can be checked too."""
    return _edited(text, [slip.edit for slip in slips if slip.edit and slip.edit.keeps_lines])


def mend_file(path: Path, *, texts_in_flow: bool = False) -> bool:
    """Mend a file; say whether it changed. Nothing is written when nothing is to be mended."""
    content = read_bytes(path)
    text = content if isinstance(content, Finding) else decoded(content, str(path))
    if isinstance(content, Finding) or isinstance(text, Finding):
        return False
    after = mended(text, texts_in_flow=texts_in_flow)
    if after == text:
        return False
    mark = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") else b""
    write_atomically(path, mark + after.encode(), unless_changed_from=content)
    return True


def write_atomically(path: Path, content: bytes, *, unless_changed_from: bytes) -> None:
    """Replace a file in one step, with its permissions; an OSError, and nothing written, if it changed meanwhile."""
    target = path.resolve()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        shutil.copymode(target, name)
        if target.read_bytes() != unless_changed_from:
            raise OSError(f"{path}: changed by somebody else meanwhile")
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _round(text: str, texts_in_flow: bool) -> str:
    document = compose(text, "")
    parsed = not document.findings
    edits = [slip.edit for slip in scan(text, parsed=parsed, texts_in_flow=texts_in_flow) if slip.edit]
    if not edits:
        return text
    if not parsed:
        return _edited(text, edits)
    return _same_tree(text, document.tree, edits)


def _same_tree(text: str, tree: Any, edits: Sequence[Edit]) -> str:
    """All the edits if they keep the meaning together, else each one that does by itself."""
    together = _edited(text, edits)
    if _means(together, tree):
        return together
    # From the end, so that the places of those still to come stay true.
    for edit in sorted(edits, key=lambda one: one.first, reverse=True):
        after = _edited(text, [edit])
        if _means(after, tree):
            text = after
    return text


def _means(text: str, tree: Any) -> bool:
    document = compose(text, "")
    return not document.findings and _ordered(document.tree) == _ordered(tree)


def _ordered(tree: Any) -> str:
    """A spelling that also tells the order of keys: the first step of a track is where it starts."""
    return repr(tree)


def _edited(text: str, edits: Sequence[Edit]) -> str:
    breaks = _BREAKS.findall(text)
    usual = Counter(breaks).most_common(1)[0][0] if breaks else "\n"
    return str(usual).join(applied(_BREAKS.split(text), edits))


def _keeps_letters(before: str, after: str) -> bool:
    return Counter(_LAYOUT.sub("", before)) == Counter(_LAYOUT.sub("", after))
