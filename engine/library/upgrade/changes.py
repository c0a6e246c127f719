"""What changed between two written files, part by part: entries by their names, lists and texts line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final, Literal

from engine.library.overlays.notation import NAMED

__all__ = ["HOLDERS", "Change", "changes", "lines_of", "title_of"]

Path = tuple[str, ...]

HOLDERS: Final = NAMED | {"clocks", "contacts", "activities", "duties"}
"""Keys that hold entries of a name of their own."""
_HEAD: Final = frozenset({"format", "runbook", "version", "page_review"})
"""What says which version a file is, and when it was reread: told apart, or of no consequence to a town."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that changed. Of an entry, `before` and `after` say what it is called; of a value, what it says."""

    path: Path
    kind: Literal["added", "removed", "renamed", "changed"]
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def differences(self) -> Iterator[tuple[str, str]]:
        """The lines that went (`-`) and came (`+`), in their order."""
        matcher = SequenceMatcher(None, self.before, self.after, autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            if tag != "equal":
                yield from (("-", line) for line in self.before[a:b])
                yield from (("+", line) for line in self.after[c:d])


def changes(before: Any, after: Any) -> list[Change]:
    """What changed from one tree to another, in the order of the second."""
    found = [one for one in _mapping((), before, after) if one.path[0] not in _HEAD]
    names = {(one.path[:-1], one.before, one.after) for one in found if one.kind == "renamed"}
    # What leads to a step under its new name leads where it did.
    return [
        one for one in found if (one.path[:3], one.before, one.after) not in names or one.kind == "renamed"
    ]


def title_of(entry: Any) -> str:
    """What people call an entry."""
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("title", "label") if key in entry), "")
    return " ".join(entry.split()) if isinstance(entry, str) else ""


def lines_of(value: Any) -> tuple[str, ...]:
    """A value as lines to read."""
    match value:
        case None | "":
            return ()
        case str():
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        case list():
            return tuple(_flat(one) for one in value)
        case dict():
            return tuple(f"{key}: {_flat(one)}" for key, one in value.items())
    return (str(value),)


def _flat(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_flat, value))}]"
    if isinstance(value, dict):
        first = value.get("do") or value.get("use")
        rest = ", ".join(f"{key}: {_flat(one)}" for key, one in value.items() if one is not first)
        return f"{_flat(first)} ({rest})" if first and rest else _flat(first) if first else rest
    return " ".join(str(value).split())


def _mapping(path: Path, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    named = bool(path) and path[-1] in HOLDERS
    moved = _renamed(before, after) if named else {}
    for key, value in after.items():
        old = moved.get(key, key)
        if old not in before:
            if named:
                yield Change(path=(*path, key), kind="added", after=(title_of(value),))
            else:
                yield from _value((*path, key), None, value)
            continue
        if old != key:
            yield Change(path=(*path, key), kind="renamed", before=(old,), after=(key,))
        yield from _value((*path, key), before[old], value)
    for key, value in before.items():
        if key in after or key in moved.values():
            continue
        if named:
            yield Change(path=(*path, key), kind="removed", before=(title_of(value),))
        else:
            yield from _value((*path, key), value, None)


def _value(path: Path, before: Any, after: Any) -> Iterator[Change]:
    if before == after:
        return
    named = path[-1] in HOLDERS or (len(path) > 1 and path[-2] in HOLDERS)
    if named and all(isinstance(one, dict | None) for one in (before, after)):
        yield from _mapping(path, before or {}, after or {})
    elif lines_of(before) != lines_of(after):
        yield Change(path=path, kind="changed", before=lines_of(before), after=lines_of(after))


def _renamed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Entries that have another name and the same title, new name to old one."""
    gone = {title_of(one): key for key, one in before.items() if key not in after and title_of(one)}
    return {
        key: gone[title_of(one)] for key, one in after.items() if key not in before and title_of(one) in gone
    }
