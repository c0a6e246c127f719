"""Read one command a line from a pipe: answers on standard output, 1 if any line was refused or unreadable."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TextIO

from bots.console.draw import draw
from bots.console.paint import console, told
from bots.console.prompting import doubt
from bots.console.reply import Reply
from bots.console.talk import Talk
from bots.lines import Line

__all__ = ["follow"]


def follow(talk: Talk, script: Iterable[str], out: TextIO) -> int:
    """Do each line, after what was due meanwhile. Empty lines and comments (`#`) are passed over."""
    refused = False
    for line in script:
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        meanwhile(talk, out)
        talk.screen(talk.typist(text))
        reply = talk.hear(text)
        refused = refused or not reply.ok
        answer(talk, reply, out, shows=_asks_status(reply))
        if reply.leave:
            break
    meanwhile(talk, out)
    return 1 if refused else 0


def _asks_status(reply: Reply) -> bool:
    return reply.redraw and not reply.lines


def answer(talk: Talk, reply: Reply, out: TextIO, *, shows: bool) -> None:
    """The lines of an answer, and the screen when it was asked for."""
    for line in (*reply.lines, *_to_confirm(talk, reply)):
        print(told(line), file=out)
    if shows:
        console(out, width=80, colour=False).print(draw(talk.screen(reply.of), talk.speech))
    out.flush()


def _to_confirm(talk: Talk, reply: Reply) -> Iterator[Line]:
    """Where nobody can be asked, what must be confirmed is refused, with the sign that confirms it."""
    if reply.unsure is not None:
        yield doubt(talk, reply.unsure)
        yield Line(kind="hint", text=talk.speech.say("console.unsure.bang"))


def meanwhile(talk: Talk, out: TextIO) -> None:
    """Fire what is due, and tell it."""
    talk.office.timers.fire_now(talk.office.now())
    for line in talk.news():
        print(told(line), file=out)
