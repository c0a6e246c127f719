"""A conversation about one incident: a line goes in, an answer comes out, after the commit.

The same for a person at a prompt, piped lines, `tocsin do` and the demo; only how it is shown differs.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from bots.answering import answers, asks
from bots.answering.guesses import Guesses
from bots.answering.office import Office
from bots.answering.proving import PIN, proved
from bots.console.guard import Guard
from bots.console.reply import Pending, Reply, Unsure
from bots.console.screen import Screen, screen
from bots.inbound import Asked, Context, Heard, Misheard, Shown, as_typed, is_thin, speaker_of, understand
from bots.lines import Line
from engine.core import commands as c
from engine.core.cards import Scene, proposed
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.core.receipt import Receipt
from engine.core.refusal import Refused
from engine.journal.errors import JournalUnavailable
from engine.speech import Speech

__all__ = ["Talk"]

FINISHABLE = ("reason_needed", "unticked", "confirm_needed", "facts_missing", "second_way_needed")
"""Refusals that one more answer turns into a yes: the prompt asks for it."""


@dataclass
class Talk:
    """Who speaks, about which incident, having seen what."""

    office: Office
    incident_id: str
    person: str
    source: str = "terminal"
    shared_keyboard: bool = True
    looks: dict[str, tuple[int, str, str, int]] = field(default_factory=dict)
    """The run, track, step and visit that each person asked for, until it moves on."""
    guard: Guard | None = None
    """Asks before a number that may have been meant for another card; a pipe has none."""
    shown: Shown = field(default_factory=Shown)
    seen: int = 0
    """The last entry that was told here."""
    guesses: Guesses = field(default_factory=Guesses)

    @property
    def deaf_to(self) -> tuple[str, ...]:
        return ("enroll", "bind")

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

    def screen(self, of: str = "") -> Screen:
        """What a person is to see now, this one or another; its numbers are those that the next lines mean."""
        person = of or self.person
        made = screen(self.scene, person, self._focus(person))
        self.shown = made.shown
        return made

    def _focus(self, person: str) -> tuple[int, str] | None:
        """The step that this person asked for, unless it has moved on: then it is what is due first again."""
        if person not in self.looks:
            return None
        run, track, step, visit = self.looks[person]
        place = self.scene.place(run, track)
        if place is None or (place.cursor.step, place.cursor.visit) != (step, visit):
            del self.looks[person]
            return None
        return run, track

    def look_at(self, run: int, track: str) -> None:
        """Put this step in front of whoever asks."""
        place = self.scene.place(run, track)
        if place is not None:
            self.looks[self.person] = (run, track, place.cursor.step, place.cursor.visit)

    @property
    def context(self) -> Context:
        return Context(
            scene=self.scene,
            person=self.person,
            speech=self.speech,
            shown=self.shown,
            runbooks=self.office.runbooks,
            shared_keyboard=self.shared_keyboard,
        )

    def typist(self, line: str) -> str:
        """Whose line this is."""
        return speaker_of(line, self.context)

    # A line

    def hear(self, line: str, *, key: str = "") -> Reply:
        """Understand a line and do it. The same `key` again is the same line: nothing is written twice."""
        return self._told_if_broken(lambda: self._hear(line.strip(), key))

    def sure(self, unsure: Unsure) -> Reply:
        """Do what was asked about: it was meant."""
        return self._told_if_broken(lambda: self._do(unsure.heard))

    def _told_if_broken(self, act: Callable[[], Reply]) -> Reply:
        try:
            return act()
        except JournalUnavailable as error:
            return Reply(lines=(Line(kind="no", text=error.tell(self.office.words)),), ok=False)

    def _hear(self, text: str, key: str) -> Reply:
        understood = understand(text, self.context)
        match understood:
            case Misheard():
                return Reply(lines=tuple(answers.misheard(understood, self.speech, text)), ok=False)
            case Asked():
                return self._asked(understood)
            case Heard() if why := self._doubt(understood):
                return Reply(ok=False, unsure=Unsure(heard=understood, why=why))
            case Heard():
                return self._do(understood, key)

    def _doubt(self, heard: Heard) -> str:
        if heard.unsure:
            return heard.unsure
        return self.guard.doubts(heard.commands[0]) if self.guard and heard.by_number else ""

    def _asked(self, asked: Asked) -> Reply:
        match asked.what:
            case "quit":
                return Reply(leave=True)
            case "speaker":
                self.person = asked.subject
                self.looks.pop(self.person, None)
                name = self.speech.person(asked.subject)
                spoken = Line(kind="ok", text=self.speech.say("console.speaker", person=name))
                return Reply(lines=(spoken,), redraw=True, of=asked.subject)
            case "status":
                self.looks.pop(asked.by or self.person, None)
                return Reply(redraw=True, whole=True, of=asked.by)
            case _:
                return self._told(asked)

    def _told(self, asked: Asked) -> Reply:
        """The answer to whoever asks: at a shared keyboard, another one may."""
        asker = replace(self, person=asked.by) if asked.by else self
        told = asks.answer(asker, asked)
        if isinstance(told, Misheard):
            return Reply(lines=tuple(answers.misheard(told, self.speech, "")), ok=False)
        return Reply(
            lines=tuple(told),
            details=asked.what == "view" and not asked.by,
            question=asked.subject if asked.what == "question" else "",
        )

    # Commands

    def _do(self, heard: Heard, key: str = "") -> Reply:
        """Submit the commands of a line, each with a key of its own; stop at the first refusal."""
        typed, lines, receipts = key or uuid.uuid4().hex, list[Line](), list[Receipt]()
        before = self._sight()
        for number, command in enumerate(heard.commands):
            try:
                whole = self._completed(command)
            except OSError as error:
                detail = error.strerror or str(error)
                lines.append(Line(kind="no", text=self.speech.say("chat.refused.not_stored", detail=detail)))
                return Reply(lines=tuple(lines), ok=False, receipts=tuple(receipts))
            found = self.submit(whole, heard, key=f"{typed}/{number}")
            receipts.append(found)
            if found.refused is not None:
                lines.append(answers.refused(found.refused, self.speech))
                pending = self._pending(command, found.refused, heard)
                return Reply(lines=tuple(lines), ok=False, pending=pending, receipts=tuple(receipts))
            lines += self._written(found)
            lines += answers.beside(command, self.scene, self.speech, self.office.home.house)
            if self.guard is not None:
                self.guard.pressed(command)
        return Reply(lines=tuple(lines), redraw=self._sight() != before, receipts=tuple(receipts))

    def _pending(self, command: c.Command, refused: Refused, heard: Heard) -> Pending | None:
        return Pending(command=command, refused=refused, heard=heard) if refused.code in FINISHABLE else None

    def finish(self, pending: Pending, answer: str) -> Reply:
        """Do what was refused, with the answer that it lacked."""
        if pending.refused.code in ("reason_needed", "unticked") and is_thin(answer):
            thin = answers.misheard(Misheard(code="thin_reason"), self.speech, "")
            return Reply(lines=tuple(thin), ok=False, pending=pending)
        command = pending.command
        match pending.refused.code:
            case "facts_missing":
                name = str(pending.refused.facts["names"][0])  # type: ignore[index]
                first = self._do(replace(pending.heard, commands=(as_typed(self.context, name, answer),)))
                if not first.ok:
                    return replace(first, pending=pending)
                then = self._do(replace(pending.heard, commands=(command,)))
                return replace(then, lines=(*first.lines, *then.lines))
            case "second_way_needed":
                found = proved(self.office, self.guesses, pending.heard.by, answer)
                if found:
                    return Reply(lines=(found,), ok=False, pending=pending)
                command = msgspec.structs.replace(command, proof=PIN)
            case "confirm_needed":
                command = msgspec.structs.replace(command, confirm=True)
            case "unticked":
                command = msgspec.structs.replace(command, confirm=True, reason=answer)
            case _ if hasattr(command, "reason"):
                command = msgspec.structs.replace(command, reason=answer)
            case _:
                command = msgspec.structs.replace(command, text=answer)
        return self._do(replace(pending.heard, commands=(command,)))

    def answer(self, name: str, value: str, run: int = 0) -> Reply:
        """Answer a question that was asked at the prompt; it is asked again if the answer can't be read."""
        heard = Heard(commands=(as_typed(self.context, name, value, run),), by=self.person)
        done = self._told_if_broken(lambda: self._do(heard))
        return done if done.ok else replace(done, question=f"{run}:{name}", receipts=())

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
        """A file that is brought is stored first, and named by its SHA-256. OSError if it is there and can't be."""
        if not isinstance(command, c.AddEvidence) or len(command.text) > 1024:
            return command
        try:
            path = Path(command.text).expanduser()
            if not path.is_file():
                return command
        except (OSError, RuntimeError, ValueError):  # `~20 postes touchés` is no file: it is what was seen
            return command
        with path.open("rb") as content:
            kept = self.office.home.evidence.keep(content)
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

    def _sight(self) -> tuple[object, ...]:
        """What the numbers on the screen are about: the open steps, the procedures offered."""
        return (*self.places(), *(button.command for button in proposed(self.scene)))

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
