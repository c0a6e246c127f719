"""Orders from a chat: given to the desk, answered once they are durable, with what is still to be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bots.answering import answers
from bots.chat.forms import completing
from bots.chat.speaker import Speaker
from bots.chat.values import Answer
from bots.lines import Line
from engine.core import commands as c
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.refusal import Refused

__all__ = ["SHORTEST", "Act", "do", "no", "shortened", "submit", "told"]

SHORTEST = 200
"""Characters of a popup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Commands to give in order, for whom, and the line that said them, if one did."""

    commands: tuple[c.Command, ...]
    by: str = ""
    """Empty: whoever speaks."""
    entered_by: str = ""
    occurred_at: Instant | None = None
    line: str = ""
    key: str = ""
    """Instead of the delivery's own: the same thing done twice is the same."""

    def mine(self, speaker: Speaker) -> bool:
        """Whether a press of who speaks would say the same."""
        return self.by in ("", speaker.person) and not self.entered_by and self.occurred_at is None


async def do(speaker: Speaker, act: Act, *, field: Callable[[Refused], str] | None = None) -> Answer:
    """Give these commands, each with a key of its own; stop at the first that is refused.

    `field`: which field of a form a refusal is about, when one was filled in and nothing has been done yet.
    """
    lines: list[Line] = []
    for number, command in enumerate(act.commands):
        receipt = await submit(speaker, act, command, number)
        if receipt.refused is not None:
            lines.append(answers.refused(receipt.refused, speaker.speech))
            if field is not None and not number and (name := field(receipt.refused)):
                why = speaker.speech.refusal(receipt.refused)
                return Answer(ok=False, short=shortened(why), errors={name: why})
            form = completing(speaker, command, receipt.refused, act.line, mine=act.mine(speaker))
            return told(lines, ok=False, form=form)
        lines += answers.written(tuple(speaker.entries(receipt.first, receipt.last)), speaker.narrator)
        lines += answers.beside(command, speaker.scene, speaker.speech)
    return told(lines)


async def submit(speaker: Speaker, act: Act, command: c.Command, number: int = 0) -> Receipt:
    """Give one command. JournalUnavailable if it can't be written: nothing was done."""
    order = c.Order(
        incident=speaker.incident_id,
        command=command,
        by=act.by or speaker.person,
        at=speaker.office.now(),
        key=f"{act.key or speaker.caller.key}/{number}",
        source=speaker.surface,
        entered_by=act.entered_by,
        occurred_at=act.occurred_at or speaker.spoken_at,
    )
    return await speaker.office.home.desk.submit(order)


def told(lines: Sequence[Line], *, ok: bool = True, **more: object) -> Answer:
    """An answer in these lines, and in short."""
    short = shortened(
        " ".join(line.text for line in lines[:1] if ok) or " ".join(line.text for line in lines)
    )
    return Answer(lines=tuple(lines), ok=ok, short=short, **more)  # type: ignore[arg-type]


def no(text: str, **more: object) -> Answer:
    """Why not."""
    return told((Line(kind="no", text=text),), ok=False, **more)


def shortened(text: str, most: int = SHORTEST) -> str:
    """At most so many characters, cut between two words."""
    text = " ".join(text.split())
    if len(text) <= most:
        return text
    cut = text[: most - 2]
    return f"{cut.rpartition(' ')[0] or cut} …"
