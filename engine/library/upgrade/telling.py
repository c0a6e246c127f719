"""The difference between two libraries in words that a town clerk reads: what changed, then what it means here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from engine.i18n import Words
from engine.library.finding import message
from engine.library.upgrade.changes import HOLDERS, Change, title_of
from engine.library.upgrade.comparing import Comparison, FileChange, Standing, Touched

__all__ = ["told"]

Path = tuple[str, ...]


def told(comparison: Comparison, words: Words) -> Iterator[str]:
    """The lines of the whole answer, indented to be read."""
    for one in comparison.procedures:
        yield from _procedure(one, words)
        standing = next((s for s in comparison.overlays if s.procedure == one.name), None)
        if one.replaced_by is not None:
            yield f"  ▸ {words.say('upgrade.replaced', path=one.replaced_by.name)}"
        elif standing is not None:
            yield from _standing(standing, one.trees, words)
        yield ""
    for one in comparison.registers:
        yield words.say(f"upgrade.register.{one.name.rpartition('/')[2].partition('.')[0]}")
        yield from _changes(one, words)
        yield ""
    told_of = {one.name for one in comparison.procedures}
    for standing in (*comparison.unfit, *comparison.left_behind):
        if standing.procedure in told_of:
            continue
        yield words.say("upgrade.overlay", id=standing.procedure)
        yield from _standing(standing, (None, None), words)
        if standing.kind != "unfit":
            yield f"    {words.say('upgrade.behind', of=standing.of, version=standing.version)}"
        yield ""


def _procedure(one: FileChange, words: Words) -> Iterator[str]:
    old, new = one.versions
    if one.kind != "changed":
        yield words.say(f"upgrade.procedure.{one.kind}", title=one.title, id=one.name)
        return
    key = "upgrade.procedure.changed" if old != new else "upgrade.procedure.same_version"
    yield words.say(key, title=one.title, id=one.name, old=old, new=new)
    yield from _changes(one, words)


def _changes(one: FileChange, words: Words) -> Iterator[str]:
    """Each change under the part of the file where it is."""
    for place, group in groupby(one.changes, key=lambda change: _place(change.path)):
        found = list(group)
        heading = _heading(place, one.trees, words)
        if heading:
            yield f"  {heading}"
        indent = "    " if heading else "  "
        for change in found:
            yield from (f"{indent}{line}" for line in _change(change, one.trees, words))


def _place(path: Path) -> Path:
    """The part that a change is told under: its step, its track, its clock; nothing for the file as a whole."""
    if path[0] == "tracks" and len(path) > 4:
        return path[:4]
    if path[0] == "tracks" and len(path) > 2:
        return path[:2]
    return path[:2] if len(path) > 2 else ()


def _heading(place: Path, trees: Sequence[Any], words: Words) -> str:
    return _called(place, trees, words) if place else ""


def _change(change: Change, trees: Sequence[Any], words: Words) -> Iterator[str]:
    if change.kind == "changed":
        yield from _value(change, trees, words)
        return
    holder = change.path[-2]
    facts = {"title": (change.after or change.before)[0], "id": change.path[-1]}
    if change.kind == "renamed":
        facts = {
            "title": title_of(_find(trees[1], change.path)),
            "old": change.before[0],
            "id": change.after[0],
        }
    kind = words.say(f"upgrade.part.{holder}", title=facts["title"] or facts["id"])
    yield words.say(f"upgrade.entry.{change.kind}", **(facts | {"part": kind}))


def _value(change: Change, trees: Sequence[Any], words: Words) -> Iterator[str]:
    if change.path[-1] == "next":
        change = replace(
            change,
            before=_step(change.path, change.before, trees[0], words),
            after=_step(change.path, change.after, trees[1], words),
        )
    yield from _difference(_name(change.path, trees, words), change, words)


def _step(path: Path, names: tuple[str, ...], tree: Any, words: Words) -> tuple[str, ...]:
    """Where an outcome leads, by the title of the step; one that the tree doesn't have keeps its name."""
    steps = _find(tree, path[:3])
    return tuple(
        words.say("upgrade.part.steps", title=title_of(_find(steps, (name,))) or name) for name in names
    )


def _name(path: Path, trees: Sequence[Any], words: Words) -> str:
    """What changed, from the part that it is told under: « issue « Fait », libellé »."""
    named, at = [], len(_place(path))
    while at < len(path):
        if path[at] in HOLDERS and at + 1 < len(path):
            named.append(_called(path[: at + 2], trees, words))
            at += 2
        else:
            key = f"upgrade.field.{path[at]}"
            named.append(words.say(key) if words.has(key) else path[at])
            at += 1
    return ", ".join(named)


def _difference(name: str, change: Change, words: Words) -> Iterator[str]:
    before, after = change.before, change.after
    if len(before) <= 1 and len(after) <= 1:
        nothing = words.say("upgrade.nothing")
        facts = {"name": name, "before": (before or (nothing,))[0], "after": (after or (nothing,))[0]}
        yield words.say("upgrade.value", **facts)
        return
    yield words.say("upgrade.lines", name=name)
    signs = {"-": "−", "+": "+"}
    yield from (f"  {signs[sign]} {line}" for sign, line in change.differences())


def _called(path: Path, trees: Sequence[Any], words: Words) -> str:
    """A part by its kind and its title; the title of now, else of before."""
    holder, name = path[-2], path[-1]
    entry = _find(trees[1], path) or _find(trees[0], path)
    title = (title_of(entry) if isinstance(entry, dict) else "") or name
    return words.say(f"upgrade.part.{holder}", title=title)


def _find(tree: Any, path: Path) -> Any:
    for part in path:
        tree = tree.get(part) if isinstance(tree, dict) else None
    return tree


def _standing(standing: Standing, trees: Sequence[Any], words: Words) -> Iterator[str]:
    name = standing.path.name
    yield f"  ▸ {words.say(f'upgrade.standing.{standing.kind}', path=name)}"
    for one in standing.touched:
        yield from (f"    {line}" for line in _touched(one, trees, words))
    for place in standing.nearby:
        yield f"    {words.say('upgrade.nearby', part=_called(place, trees, words))}"
    for finding in standing.findings:
        yield f"    {finding.path}:{finding.line}:{finding.column}: {message(finding, words)}"


def _touched(one: Touched, trees: Sequence[Any], words: Words) -> Iterator[str]:
    """What both say of one thing: lists and long texts by what each changes in them."""
    part = _heading(_place(one.path), trees, words)
    name = _name(one.path, trees, words)
    outcome = words.say("upgrade.both" if one.both else "upgrade.stays")
    yield words.say("upgrade.clash", what=f"{part}, {name}" if part else name, outcome=outcome)
    if one.path[-1] == "next":
        one = replace(
            one,
            before=_step(one.path, one.before, trees[0], words),
            now=_step(one.path, one.now, trees[1], words),
            yours=_step(one.path, one.yours, trees[1], words),
        )
    if max(map(len, (one.yours, one.before, one.now))) <= 1:
        for key, lines in (("yours", one.yours), ("before", one.before), ("now", one.now)):
            value = lines[0] if lines else words.say("upgrade.nothing")
            yield f"  {words.say(f'upgrade.{key}', value=value)}"
        return
    for key, lines in (("yours", one.yours), ("library", one.now)):
        change = Change(path=one.path, kind="changed", before=one.before, after=lines)
        yield f"  {words.say(f'upgrade.{key}_changes')}"
        yield from (f"    {'−' if sign == '-' else '+'} {line}" for sign, line in change.differences())
