"""A conversation about one incident: a line goes in, an answer comes out, after the commit.

The same for a person at a prompt, piped lines, `tocsin do` and the demo; only how it is shown differs.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from bots.console import answers, asks
from bots.console.office import Office
from bots.console.screen import Screen, screen
from bots.inbound import Asked, Context, Heard, Misheard, Shown, understand
from bots.lines import Line
from engine.core import commands as c
from engine.core.cards import Scene
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.refusal import Refused
from engine.journal.errors import JournalUnavailable
from engine.speech import Speech

__all__ = ["Pending", "Reply", "Talk"]

FINISHABLE = ("reason_needed", "unticked", "confirm_needed", "facts_missing")
"""Refusals that one more answer turns into a yes: the prompt asks for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A command that was refused for want of one answer."""

    command: c.Command
    refused: Refused
    heard: Heard


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to show: lines, whether all went well, whether the screen should be drawn, what is still missing."""

    lines: tuple[Line, ...] = ()
    ok: bool = True
    redraw: bool = False
    pending: Pending | None = None
    receipts: tuple[Receipt, ...] = ()
    leave: bool = False


@dataclass
class Talk:
    """Who speaks, about which incident, having seen what."""

    office: Office
    incident_id: str
    person: str
    source: str = "terminal"
    shared_keyboard: bool = True
    focus: tuple[int, str] | None = None
    shown: Shown = field(default_factory=Shown)
    seen: int = 0
    """The last entry that was told here."""

    @property
    def incident(self) -> Incident:
        found = self.office.incident(self.incident_id)
        return found if found is not None else Incident(id=self.incident_id)

    @property
    def scene(self) -> Scene:
        return self.office.scene(self.incident)

    @property
    def speech(self) -> Speech:
        return self.office.speech(self.incident)

    def screen(self) -> Screen:
        """What this person is to see now; its numbers are those that the next lines mean."""
        made = screen(self.scene, self.person, self.focus)
        self.shown = made.shown
        return made

    # A line

    def hear(self, line: str, *, key: str = "") -> Reply:
        """Understand a line and do it. The same `key` again is the same line: nothing is written twice."""
        try:
            return self._hear(line.strip(), key)
        except JournalUnavailable as error:
            return Reply(lines=(Line(kind="no", text=error.tell(self.office.words)),), ok=False)

    def _hear(self, text: str, key: str) -> Reply:
        context = Context(
            scene=self.scene,
            person=self.person,
            speech=self.speech,
            shown=self.shown,
            runbooks=self.office.runbooks,
            shared_keyboard=self.shared_keyboard,
        )
        understood = understand(text, context)
        match understood:
            case Misheard():
                return Reply(lines=tuple(answers.misheard(understood, self.speech, text)), ok=False)
            case Asked():
                return self._asked(understood)
            case Heard():
                return self._do(understood, key)

    def _asked(self, asked: Asked) -> Reply:
        match asked.what:
            case "quit":
                return Reply(leave=True)
            case "speaker":
                self.person, self.focus = asked.subject, None
                name = self.speech.person(asked.subject)
                return Reply(
                    lines=(Line(kind="ok", text=self.speech.say("console.speaker", person=name)),),
                    redraw=True,
                )
            case "status":
                self.focus = None
                return Reply(redraw=True)
            case _:
                return self._told(asked)

    def _told(self, asked: Asked) -> Reply:
        told = asks.answer(self, asked)
        if isinstance(told, Misheard):
            return Reply(lines=tuple(answers.misheard(told, self.speech, "")), ok=False)
        return Reply(lines=tuple(told))

    # Commands

    def _do(self, heard: Heard, key: str = "") -> Reply:
        """Submit the commands of a line, each with a key of its own; stop at the first refusal."""
        typed, lines, receipts = key or uuid.uuid4().hex, list[Line](), list[Receipt]()
        before = self.places()
        for number, command in enumerate(heard.commands):
            found = self.submit(self._completed(command), heard, key=f"{typed}/{number}")
            receipts.append(found)
            if found.refused is not None:
                lines.append(answers.refused(found.refused, self.speech))
                pending = self._pending(command, found.refused, heard)
                return Reply(lines=tuple(lines), ok=False, pending=pending, receipts=tuple(receipts))
            lines += self._written(found)
        return Reply(lines=tuple(lines), redraw=self.places() != before, receipts=tuple(receipts))

    def _pending(self, command: c.Command, refused: Refused, heard: Heard) -> Pending | None:
        return Pending(command=command, refused=refused, heard=heard) if refused.code in FINISHABLE else None

    def finish(self, pending: Pending, answer: str) -> Reply:
        """Do what was refused, with the answer that it lacked."""
        command = pending.command
        match pending.refused.code:
            case "facts_missing":
                name = str(pending.refused.facts["names"][0])  # type: ignore[index]
                first = self._do(replace(pending.heard, commands=(c.SetFact(name=name, value=answer),)))
                if not first.ok:
                    return first
                then = self._do(replace(pending.heard, commands=(command,)))
                return replace(then, lines=(*first.lines, *then.lines))
            case "confirm_needed":
                command = msgspec.structs.replace(command, confirm=True)
            case "unticked":
                command = msgspec.structs.replace(command, confirm=True, reason=answer)
            case _ if hasattr(command, "reason"):
                command = msgspec.structs.replace(command, reason=answer)
            case _:
                command = msgspec.structs.replace(command, text=answer)
        return self._do(replace(pending.heard, commands=(command,)))

    def submit(self, command: c.Command, heard: Heard, *, key: str, at: Instant | None = None) -> Receipt:
        """Give the order to the desk. JournalUnavailable when it can't be written: nothing was done."""
        order = c.Order(
            incident=self.incident_id,
            command=command,
            by=heard.by,
            at=at if at is not None else self.office.now(),
            key=key,
            source=self.source,
            entered_by=heard.entered_by,
            occurred_at=heard.occurred_at,
        )
        return self.office.home.desk.submit_now(order)

    def _completed(self, command: c.Command) -> c.Command:
        """A file that is brought is stored first, and named by its SHA-256."""
        if not isinstance(command, c.AddEvidence) or len(command.text) > 1024:
            return command
        path = Path(command.text).expanduser()
        try:
            if not path.is_file():
                return command
            with path.open("rb") as content:
                kept = self.office.home.evidence.keep(content)
        except OSError:
            return command
        return msgspec.structs.replace(command, name=path.name, text="", sha256=kept.sha256, size=kept.size)

    def _written(self, receipt: Receipt) -> list[Line]:
        """What the order wrote, after what others wrote just before it."""
        narrator = self.office.narrator(self.incident)
        meanwhile = self._entries(self.seen, receipt.first - 1)
        mine = self._entries(receipt.first - 1, receipt.last) if receipt.first else []
        self.seen = max(self.seen, receipt.last)
        return [*answers.news(meanwhile, narrator), *answers.written(mine, narrator)]

    def _entries(self, after: int, last: int) -> list[Entry]:
        if last <= after:
            return []
        return [one for one in self.office.entries(self.incident_id, after) if one.seq <= last]

    # Meanwhile

    def news(self) -> tuple[Line, ...]:
        """What others and the clock wrote since the last line told here."""
        incident = self.incident
        if incident.seq <= self.seen:
            return ()
        entries = list(self.office.entries(self.incident_id, self.seen))
        self.seen = incident.seq
        return tuple(answers.news(entries, self.office.narrator(incident)))

    def places(self) -> Sequence[tuple[int, str, str, int]]:
        """Where every open track stands."""
        return [(p.run.id, p.track, p.cursor.step, p.cursor.visit) for p in self.scene.places()]
