"""A procedure as a Mermaid state diagram: a composite state for each track, people's titles, openings as notes."""

from __future__ import annotations

from collections.abc import Iterator

from engine.i18n import Words
from engine.library.diagram.plan import Box, Lane, Plan, Way
from engine.visible import harmless

__all__ = ["mermaid"]

_ESCAPED = {ord(char): f"#{ord(char)};" for char in '#;"<>{}[]|\\`%:&'}
"""Signs that Mermaid would take for its own; it reads the number back."""


def mermaid(plan: Plan, words: Words) -> str:
    """The diagram's source, to paste where Mermaid is shown."""
    return "\n".join(_lines(plan, words)) + "\n"


def _lines(plan: Plan, words: Words) -> Iterator[str]:
    yield f"%% {plan.id}, version {plan.version}"
    yield "stateDiagram-v2"
    yield "    direction TB"
    for lane in plan.lanes:
        yield from _lane(lane)
    yield from _between(plan, words)
    current = [box.number for lane in plan.lanes for box in lane.boxes if box.current]
    if current:
        yield "    classDef current stroke-width:4px,font-weight:bold"
        yield f"    class {','.join(current)} current"


def _lane(lane: Lane) -> Iterator[str]:
    yield f'    state "{_text(f"{lane.letter} {lane.title}")}" as {lane.letter} {{'
    yield "        direction TB"
    for box in lane.boxes:
        yield f'        state "{_told(box)}" as {box.number}'
    yield f"        [*] --> {lane.boxes[0].number}"
    for box in lane.boxes:
        yield from _ways(lane, box)
    yield "    }"


def _told(box: Box) -> str:
    """A box's lines: title, people, then the acts that stay in it: Mermaid draws loops one over the other."""
    acts = (f"• {_label(way)}" for way in box.ways if way.to is None and not way.hands_over)
    return "<br/>".join(
        _text(line) for line in (f"{box.number} {box.title}", box.who, box.end, *acts) if line
    )


def _ways(lane: Lane, box: Box) -> Iterator[str]:
    if box.end:
        yield f"        {box.number} --> [*]"
    for way in box.ways:
        if way.to is not None or way.hands_over:
            to = "[*]" if way.to is None else _id(lane, way.to)
            yield f"        {box.number} --> {to} : {_text(_label(way))}"


def _label(way: Way) -> str:
    return " · ".join((way.label, *way.notes))


def _between(plan: Plan, words: Words) -> Iterator[str]:
    """Which tracks open first; for the others a note beside them."""
    for lane in plan.lanes:
        if lane.starts:
            yield f"    [*] --> {lane.letter} : {_text(words.say('draw.starts'))}"
        else:
            yield f"    note right of {lane.letter} : {_text(lane.opening)}"


def _id(lane: Lane, step: str) -> str:
    """The box's number: identifiers may hold hyphens, be words of Mermaid, or stand in two tracks (ends do)."""
    return next(box.number for box in lane.boxes if box.id == step)


def _text(text: str) -> str:
    return harmless(" ".join(text.split())).translate(_ESCAPED)
