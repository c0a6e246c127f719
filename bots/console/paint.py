"""Paint lines of words with rich, in 80 columns: bold what now, red what is late, quiet the rest."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, Final, TextIO, cast

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from bots.lines import SIGNS, Line
from engine.visible import harmless

__all__ = ["STYLES", "WIDTH", "console", "draw_lines", "hanging", "painted", "told", "unbroken"]

WIDTH: Final = 80
_GLUE: Final = "\ue000"
"""Stands for a space where a line must not break: rich breaks at no-break spaces too."""

STYLES: Final = {
    "exercise": "bold reverse yellow", "head": "bold", "step": "bold", "who": "", "due": "cyan", "overdue": "bold red",
    "late": "bold red", "asleep": "dim", "text": "", "more": "dim", "box": "", "ticked": "green", "question": "yellow",
    "answer": "dim", "never": "red", "label": "bold", "item": "", "message": "cyan", "quote": "italic", "now": "",
    "done": "dim", "waiting": "dim", "none": "dim", "hand": "bold yellow", "clock": "cyan", "down": "magenta",
    "run": "bold", "ok": "green", "no": "bold red", "hint": "dim", "news": "cyan", "loud": "bold red",
    "caption": "bold yellow", "typed": "bold cyan", "follow": "", "entry": "", "how": "dim", "call": "bold",
}  # fmt: skip

_TOGETHER = re.compile(
    r"\b(?:avant|depuis|à|before|since|at) (?:\w+\.? )?(?:\d{1,2} \w+\.? )?\d{2}:\d{2}"
    r"|(?:\+\d\d \d|\d\d)(?: \d\d){4}|\b(?:accord|approval|tâche|task|n°|no\.) \d+"
    r"|\b[a-z][\d?]\d? (?=\w)"
    r"|\b\d+ (?:h \d\d min|h \d\d|min|h|j|d|s)\b"
)
"""An hour and its "before", a telephone number, a number and what it counts: never on two lines."""

_PREFIX: Final = {
    "due": "⏳ ", "overdue": "⚠ ", "late": "⚠ ", "asleep": "… ", "never": "⛔ ", "question": "? ", "answer": "· ",
    "message": "✉ ", "item": "- ", "quote": "  │ ", "text": "", "ok": "✓ ", "no": "✗ ", "news": "• ", "loud": "⚠ ",
    "follow": "  · ", "hint": "  ", "entry": "", "how": "  ",
}  # fmt: skip


class _Unbreaking:
    """Standard output, where a glued space (which rich would break a line at) becomes a plain one."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        return self._stream.write(text.replace(_GLUE, " "))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _Glass(Console):
    """Where every word is put on the screen: what a file or a person wrote is seen there, never obeyed."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterator[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else harmless(text), style, control)


def console(stream: TextIO | None = None, *, width: int | None = None, colour: bool | None = None) -> Console:
    """A console at most 80 columns wide: longer lines are hard to read at night."""
    out = cast(TextIO, _Unbreaking(stream or sys.stdout))
    wide = width or min(Console(file=out).width, WIDTH)
    return _Glass(file=out, highlight=False, emoji=False, markup=False, width=wide, no_color=colour is False)


def told(line: Line) -> str:
    """A line without colour, for a pipe: as long as it is."""
    prefix = _PREFIX.get(line.kind, f"{SIGNS[line.kind]} " if line.kind in SIGNS else "")
    sign = {"box": "☐ ", "ticked": "☑ "}.get(line.kind, prefix)
    words = (
        " : ".join(filter(None, (line.label, line.text)))
        if line.kind != "step"
        else f"{line.text} · {line.label}"
    )
    return harmless(f"{sign}{words}")


def draw_lines(shown: Iterable[Line]) -> RenderableType:
    """Lines as they come."""
    return Group(*(painted(line) for line in shown))


def painted(line: Line) -> RenderableType:
    """One line, as its kind looks."""
    style = STYLES.get(line.kind, "")
    match line.kind:
        case "step":
            title = f"{line.text.upper()}  ·  {line.label}" if line.label else line.text.upper()
            return Text(title, style=style)
        case "number":
            return hanging(f"{line.label:>3} ", line.text, "")
        case "head":
            return Text(f"● {line.text}", style=style)
        case _:
            prefix = _PREFIX.get(line.kind, f"{SIGNS[line.kind]} " if line.kind in SIGNS else "")
            text = f"{line.label} : {line.text}" if line.label and line.text else line.label or line.text
            return hanging(prefix, text, style)


def hanging(prefix: str, text: str, style: str) -> RenderableType:
    """A prefix, and a text whose next lines start under its first word."""
    text = unbroken(text)
    if not prefix:
        return Text(text, style=style)
    table = Table.grid(padding=0)
    table.add_column(no_wrap=True)
    table.add_column()
    table.add_row(Text(prefix, style=style), Text(text, style=style))  # the text alone wraps
    return table


def unbroken(text: str) -> str:
    """Keep a sign on the line of its word, and an hour on that of its "before"."""
    text = _TOGETHER.sub(lambda found: found[0].replace(" ", _GLUE), text)
    for sign in ":;?!»":  # not a message: punctuation
        text = text.replace(f" {sign}", f"{_GLUE}{sign}")
    return text.replace("« ", f"«{_GLUE}")  # not a message: punctuation
