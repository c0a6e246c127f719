"""Orders from a chat: given to the desk, answered once they are durable, with what is still to be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bots.answering import answers
from bots.chat.completing import completing
from bots.chat.speaker import Speaker
from bots.chat.values import Answer
from bots.lines import Line
from engine.core import commands as c
from engine.core import events as e
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.refusal import Refused

__all__ = ["SHORTEST", "Act", "do", "no", "shortened", "submit", "told", "written"]

SHORTEST = 200
"""Characters of a popup."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Commands to give, for whom, and the line that said them, if one did."""

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
    """Give these commands together: they are written in one transaction, each with a key of its own.

    `field`: which field of a form a refusal is about, when one was filled in.
    """
    if not act.commands:
        return told([Line(kind="ok", text=speaker.say("console.nothing_changed"))])
    given = (submit(speaker, act, command, number) for number, command in enumerate(act.commands))
    receipts = await asyncio.gather(*given)
    lines = [line for receipt in receipts for line in written(speaker, receipt)]
    for command, receipt in zip(act.commands, receipts, strict=True):
        if receipt.refused is not None:
            why = answers.refused(receipt.refused, speaker.speech)
            if field is not None and not lines and (name := field(receipt.refused)):
                return Answer(ok=False, short=shortened(why.text), errors={name: why.text})
            form = completing(speaker, command, receipt.refused, act.line, mine=act.mine(speaker))
            return told([*lines, why], ok=False, form=form)
        lines += answers.beside(command, speaker.scene, speaker.speech, speaker.office.home.house)
    return told(_marked(speaker, lines))


def written(speaker: Speaker, receipt: Receipt) -> Iterator[Line]:
    """What an order wrote, in words."""
    if receipt.refused is None:
        about = speaker.about(receipt.incident)
        entries = tuple(about.entries(receipt.first, receipt.last))
        lines = list(answers.written(entries, about.narrator))
        if entries and isinstance(act := entries[0].event, e.EvidenceAdded) and act.sha256:
            key = "photo" if act.media.startswith("image/") else "file"  # its hash is for the record
            lines[0] = Line(kind="ok", text=speaker.say(f"chat.evidence.{key}", number=entries[0].seq))
        yield from lines


def answered_before(speaker: Speaker) -> Answer | None:
    """The same delivery again: what it did stands, whatever its words would mean by now."""
    receipts, receipt_of = list[Receipt](), speaker.office.home.journal.receipt
    while (found := receipt_of(f"{speaker.caller.key}/{len(receipts)}")) is not None:
        if found.refused is not None:
            return None  # it is decided again, and answered the same, with the form that it lacks
        receipts.append(found)
    lines = [line for receipt in receipts for line in written(speaker, receipt)]
    return told(_marked(speaker.about(receipts[0].incident), lines)) if receipts else None


def _marked(speaker: Speaker, lines: Sequence[Line]) -> Sequence[Line]:
    """An exercise says so before anything else."""
    if not speaker.incident.exercise or not lines:
        return lines
    first = replace(lines[0], text=f"{speaker.say('cards.heading.exercise')} {lines[0].text}")
    return (first, *lines[1:])


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
