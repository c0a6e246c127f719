"""Draw lines of words with rich, in 80 columns: bold what now, red what is late, quiet the rest."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO, cast

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from bots.console.screen import Part, Screen
from bots.lines import SIGNS, Line, block_lines, button_words, lines
from engine.core.cards.values import Button, Heading, Section
from engine.core.commands import Approve
from engine.speech import Speech

__all__ = ["LETTERS", "WIDTH", "console", "draw", "draw_lines", "draw_overview", "draw_part", "told"]

WIDTH: Final = 80
LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
LABEL: Final = 17
_GLUE: Final = "\ue000"
"""Stands for a space where a line must not break: rich breaks at no-break spaces too."""

STYLES: Final = {
    "exercise": "bold reverse yellow", "head": "bold", "step": "bold", "who": "", "due": "cyan", "overdue": "bold red",
    "late": "bold red", "asleep": "dim", "text": "", "more": "dim", "box": "", "ticked": "green", "question": "yellow",
    "answer": "dim", "never": "red", "label": "bold", "item": "", "message": "cyan", "quote": "italic", "now": "",
    "done": "dim", "waiting": "dim", "none": "dim", "hand": "bold yellow", "clock": "cyan", "down": "magenta",
    "run": "bold", "ok": "green", "no": "bold red", "hint": "dim", "news": "cyan", "loud": "bold red",
    "caption": "bold yellow", "typed": "bold cyan", "follow": "", "entry": "",
}  # fmt: skip

_READ_ONCE: Final = ("who", "text", "never", "message")
_BEFORE_HOUR = re.compile(r"\b(?:avant|depuis|à|before|since|at) (?:\w+\.? )?(?:\d{1,2} \w+\.? )?\d{2}:\d{2}")

_PREFIX: Final = {
    "due": "⏳ ", "overdue": "⚠ ", "late": "⚠ ", "asleep": "… ", "never": "⛔ ", "question": "? ", "answer": "· ",
    "message": "✉ ", "item": "- ", "quote": "  │ ", "text": "", "ok": "✓ ", "no": "✗ ", "news": "• ", "loud": "⚠ ",
    "follow": "  · ", "hint": "  ", "entry": "",
}  # fmt: skip


class _Unbreaking:
    """Standard output, where a glued space (which rich would break a line at) becomes a plain one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.replace(_GLUE, " "))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def console(stream: TextIO | None = None, *, width: int | None = None, colour: bool | None = None) -> Console:
    """A console at most 80 columns wide: longer lines are hard to read at night."""
    out = cast(TextIO, _Unbreaking(stream or sys.stdout))
    wide = width or min(Console(file=out).width, WIDTH)
    return Console(file=out, highlight=False, emoji=False, markup=False, width=wide, no_color=colour is False)


def told(line: Line) -> str:
    """A line without colour, for a pipe: as long as it is."""
    prefix = _PREFIX.get(line.kind, f"{SIGNS[line.kind]} " if line.kind in SIGNS else "")
    sign = {"box": "☐ ", "ticked": "☑ "}.get(line.kind, prefix)
    words = (
        " : ".join(filter(None, (line.label, line.text)))
        if line.kind != "step"
        else f"{line.text} · {line.label}"
    )
    return f"{sign}{words}"


def draw(screen: Screen, speech: Speech) -> RenderableType:
    """The whole screen."""
    whole = [part for part in screen.steps if not part.short]
    short = [part for part in screen.steps if part.short]
    parts: list[RenderableType] = [draw_overview(screen.overview, speech)]
    parts += [draw_part(part, speech) for part in (*screen.approvals, *whole)]
    if short:
        parts.append(Rule(speech.say("console.also"), style="dim", align="left"))
    parts += [draw_part(part, speech) for part in short]
    return Group(*parts)


def draw_overview(part: Part, speech: Speech) -> RenderableType:
    """The incident's line, then a column of labels and a column of words."""
    top: list[RenderableType] = []
    rows: list[tuple[str, RenderableType]] = []
    for block in part.card.blocks:
        if isinstance(block, Heading):
            top += [_line(line) for line in block_lines(block, speech)]
        elif isinstance(block, Section):
            rows += _tracks(block, speech) if block.name == "tracks" else _together(block, speech)
    table = Table.grid(padding=(0, 1))
    table.add_column(width=min(max((len(label) for label, _ in rows), default=0), LABEL))
    table.add_column(ratio=1)
    for label, told in rows:
        table.add_row(Text(label), told)
    return Group(*top, Rule(style="dim"), table)


def _tracks(block: Section, speech: Speech) -> list[tuple[str, RenderableType]]:
    """A line a track; what has not begun needs no label."""
    found: list[tuple[str, RenderableType]] = []
    for line in block_lines(block, speech):
        label, words = (line.label, _unbroken(line.text)) if line.text else ("", line.label)
        found.append(
            (label, Text(f"{SIGNS.get(line.kind, '')} {words}".strip(), style=STYLES.get(line.kind, "")))
        )
    return found


def _together(block: Section, speech: Speech) -> list[tuple[str, RenderableType]]:
    """All the lines of a section in one cell, under its title."""
    title, told = speech.say(f"cards.section.{block.name}"), Text()
    for number, line in enumerate(block_lines(block, speech)):
        told.append(" · " if number else "")
        told.append(_unbroken(_sentence(line, title, speech)), STYLES.get(line.kind, ""))
    return [(title, told)]


def _sentence(line: Line, title: str, speech: Speech) -> str:
    """A row as one sentence: what it is about, a colon, what is told; the sign before."""
    label = "" if line.label == title else line.label
    colon = " : " if speech.words.lang == "fr" else ": "
    sign = SIGNS[line.kind] if line.kind in ("hand", "late") else ""
    return f"{sign} {colon.join(filter(None, (label, line.text)))}".strip()


def _unbroken(text: str) -> str:
    """Keep a sign on the line of its word, and an hour on that of its "before"."""
    text = _BEFORE_HOUR.sub(lambda found: found[0].replace(" ", _GLUE), text)
    for sign in ":;?!»":  # not a message: punctuation
        text = text.replace(f" {sign}", f"{_GLUE}{sign}")
    return text.replace("« ", f"«{_GLUE}")  # not a message: punctuation


def draw_part(part: Part, speech: Speech, *, brief: bool = False) -> RenderableType:
    """A card: a step whole or short, an approval. `brief`: what was just read is not said again."""
    if part.place is None:
        body = draw_lines(lines(part.card, speech))
        return Group(Rule(style="dim"), body, *_how_to_sign(part, speech))
    return _short(part, speech) if part.short else _whole(part, speech, brief=brief)


def _how_to_sign(part: Part, speech: Speech) -> Iterator[RenderableType]:
    """What to type, for whoever may sign."""
    for button in part.card.buttons if part.signs else ():
        if isinstance(button.command, Approve):
            yield Text("")
            key = "console.sign" if len(part.card.buttons) > 1 else "console.ratify"
            yield _hanging("  ", speech.say(key, number=button.command.approval), "bold")


def _whole(part: Part, speech: Speech, *, brief: bool) -> RenderableType:
    """What now, who, how long; what to do; what never to do; the choices last."""
    shown: list[RenderableType] = [Rule(style="dim")]
    gaps = {"text", "box", "ticked", "question", "answer", "never", "message"}
    letter, before = part.letters, "due"
    for line in lines(part.card, speech):
        if line.kind == "exercise" or (brief and line.kind in _READ_ONCE):
            continue
        group = {"ticked": "box", "answer": "question"}.get(line.kind, line.kind)
        if group != before and line.kind in gaps:
            shown.append(Text(""))
        before = group
        if line.kind in ("box", "ticked"):
            sign = "☑" if line.kind == "ticked" else "☐"
            shown.append(_hanging(f" {LETTERS[letter % 26]} {sign} ", line.text, STYLES[line.kind]))
            letter += 1
        else:
            shown.append(_line(line))
    return Group(*shown, Text(""), *_buttons(part, speech))


def _buttons(part: Part, speech: Speech) -> Iterable[RenderableType]:
    for choice in part.choices:
        words = button_words(part.card.buttons[choice.index], speech)
        if choice.number:
            yield _hanging(f"{choice.number:>3} ", words, "bold")
        else:
            yield _hanging("  – ", words, "dim")


def _short(part: Part, speech: Speech) -> RenderableType:
    """One line for the step, its person and its hour, one for the choices."""
    told = [
        line
        for line in lines(part.card, speech)
        if line.kind in ("step", "who", "due", "overdue", "asleep", "late")
    ]
    label = next((line.label for line in told if line.kind == "step"), "")
    words = " · ".join(line.text.split("   ")[0] for line in told)
    late = any(line.kind in ("overdue", "late") for line in told)
    choices = "   ".join(
        f"{choice.number} {_label(part.card.buttons[choice.index], speech)}"
        for choice in part.choices
        if choice.number
    )
    body = [
        _hanging(
            "▸ ",
            f"{label} : {words}" if speech.words.lang == "fr" else f"{label}: {words}",
            "red" if late else "",
        )
    ]
    if choices:
        body.append(Padding(Text(choices, style="bold"), (0, 0, 0, 2)))
    return Group(*body)


def _label(button: Button, speech: Speech) -> str:
    return button.label if isinstance(button.label, str) else speech.phrase(button.label)


def draw_lines(shown: Iterable[Line]) -> RenderableType:
    """Lines as they come."""
    return Group(*(_line(line) for line in shown))


def _line(line: Line) -> RenderableType:
    style = STYLES.get(line.kind, "")
    match line.kind:
        case "step":
            title = f"{line.text.upper()}  ·  {line.label}" if line.label else line.text.upper()
            return Text(title, style=style)
        case "number":
            return _hanging(f"{line.label:>3} ", line.text, "")
        case "head":
            return Text(f"● {line.text}", style=style)
        case _:
            prefix = _PREFIX.get(line.kind, f"{SIGNS[line.kind]} " if line.kind in SIGNS else "")
            text = f"{line.label} : {line.text}" if line.label and line.text else line.label or line.text
            return _hanging(prefix, text, style)


def _hanging(prefix: str, text: str, style: str) -> RenderableType:
    """A prefix, and a text whose next lines start under its first word."""
    text = _unbroken(text)
    if not prefix:
        return Text(text, style=style)
    table = Table.grid(padding=0)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row(Text(prefix, style=style), Text(text, style=style))  # the text alone wraps
    return table
