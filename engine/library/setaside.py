"""What a town wrote and its program doesn't go by: files with a slip, files that another one of the same name replaces.

The shipped version runs instead, which is right at three in the morning; but nobody should learn it by its absence.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from engine.continuity.register import REGISTER_FILE
from engine.i18n import Words
from engine.library.catalogue import Library, Unreadable
from engine.library.finding import Finding, message, ordered
from engine.library.folders import names_in, procedures_in
from engine.library.kinds import KINDS, kind_of
from engine.library.overlays.standing import misplaced
from engine.library.reading import read_for_check
from engine.library.source import read_bytes

__all__ = ["set_aside", "told"]

_REGISTERS: Final = ("facts", "duties", "clocks", "activities", "contacts", "register")


def set_aside(library: Library) -> list[Finding]:
    """The first thing wrong with each file of the town that is left aside; the shipped ones aren't read for it."""
    if not any(
        layer.is_dir() or any((layer.parent / name).exists() for name in ("continuity", REGISTER_FILE))
        for layer in library.layers[1:]
    ):
        return []
    found = [one for layer in library.layers[1:] for one in _procedures(library, layer)]
    for register in _REGISTERS:
        getattr(library, register)
    first: dict[str, Finding] = {}
    for one in ordered((*library.problems, *found)):
        if one.severity == "error":
            first.setdefault(one.path, one)
    return list(first.values())


def _procedures(library: Library, layer: Path) -> Iterator[Finding]:
    counts: dict[str, Path] = {}
    for path in procedures_in(layer):
        name, changed = names_in(path)
        if changed is not None:
            yield from _overlay(library, changed, path)
        if name is None:
            if changed is None and not _is_register(path):
                yield Finding(area="lint_yaml", rule="unknown_kind", path=str(path))
            continue
        library.read(path)
        if name in counts:
            facts = {"id": name, "other": str(path)}
            yield Finding(area="lint_yaml", rule="duplicate_id", path=str(counts[name]), facts=facts)
        counts[name] = path  # the last is the one that counts


def _overlay(library: Library, name: str, path: Path) -> Iterator[Finding]:
    if found := misplaced(library, name, path, read_for_check(path)):
        yield found
        return
    with suppress(Unreadable):  # told among the problems
        library.runbook(name)


def _is_register(path: Path) -> bool:
    try:
        content = read_bytes(path)
    except OSError:
        return False
    kind = kind_of(path, b"" if isinstance(content, Finding) else content)
    return kind is not None and kind is not KINDS["runbook"]


def told(found: list[Finding], words: Words) -> Iterator[str]:
    """A line for each file, then what to do."""
    for one in found:
        yield f"{one.path}:{one.line}:{one.column}: {message(one, words)}"
    if found:
        yield words.say("lint_yaml.set_aside", count=len(found))
