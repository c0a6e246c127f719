"""A prompt that waits while the clock runs: what falls due, or what others do, appears above it."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterable, Sequence
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from bots.console.completing import TalkCompleter
from bots.console.paint import console, draw, draw_lines, draw_part
from bots.console.screen import Part, Screen
from bots.console.talk import Pending, Reply, Talk
from bots.inbound.vocabulary import plain
from bots.lines import Line
from engine.core.cards import mine
from engine.core.cards.values import Checklist, Questions, Roster
from engine.core.commands import PickOutcome
from engine.core.quantities import Instant
from engine.i18n import duration
from engine.journal.errors import JournalUnavailable

__all__ = ["converse", "prompt_words"]

GLANCE = 1.0
"""Seconds between two looks at what others wrote."""
_YES = ("oui", "o", "yes", "y")


async def converse(talk: Talk) -> None:
    """Talk until the person leaves. What was answered is recorded, however it ends."""
    out = sys.stdout  # between two prompts, words go straight to it; during one, above it
    with patch_stdout(raw=True):
        async with asyncio.TaskGroup() as tasks:
            background = [
                tasks.create_task(talk.office.timers.run(talk.office.clock)),
                tasks.create_task(_watch(talk)),
            ]
            try:
                await _Prompt(talk, out).run()
            finally:
                await _ended(background)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until they are done: `wait_for` may lose a cancellation that meets the event it waited for."""
    while running := [task for task in tasks if not task.done()]:
        for task in running:
            task.cancel()
        await asyncio.wait(running, timeout=GLANCE / 10)


async def _watch(talk: Talk) -> None:
    """Tell what happens meanwhile, above the prompt."""
    while True:
        await asyncio.sleep(GLANCE)
        with contextlib.suppress(JournalUnavailable):  # told to whoever types; here it is looked at again
            _show(talk.news(), sys.stdout)


def _show(lines: Iterable[Line], out: TextIO) -> None:
    lines = tuple(lines)
    if lines:
        console(out).print(draw_lines(lines))
        out.flush()


class _Prompt:
    """The prompt of one conversation."""

    def __init__(self, talk: Talk, out: TextIO) -> None:
        self._talk, self._out = talk, out
        self._drawn: Screen | None = None
        """What was last drawn: numbers and letters mean what is on it, whatever has happened since."""
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),
            completer=TalkCompleter(talk),
            complete_while_typing=False,
            refresh_interval=1.0,
        )

    async def run(self) -> None:
        self._draw()
        while True:
            line = await self._line()
            if line is None:
                return
            if not line.strip():
                continue
            reply = self._talk.hear(line)
            self._answer(reply)
            while reply.pending is not None:
                finished = await self._finish(reply.pending)
                if finished is None:
                    break
                reply = finished
                self._answer(reply)
            if reply.leave:
                return

    async def _line(self) -> str | None:
        """The next line; None when the person leaves (Ctrl-D, or Ctrl-C on an empty line)."""
        try:
            return await self._session.prompt_async(lambda: prompt_words(self._talk))
        except EOFError:
            return None
        except KeyboardInterrupt:
            return "" if self._session.default_buffer.text else None

    def _answer(self, reply: Reply) -> None:
        """The answer; then the screen if steps moved, or the card of the step that was worked on."""
        if reply.pending is None or reply.pending.refused.code != "reason_needed":
            _show(reply.lines, self._out)  # the question that follows says that a reason is needed
        if reply.redraw:
            self._draw()
        elif reply.ok and reply.receipts:
            self._draw_changes()

    def _draw(self) -> None:
        self._drawn = self._talk.screen()
        console(self._out).print(draw(self._drawn, self._talk.speech))
        self._out.flush()

    def _draw_changes(self) -> None:
        """The card that changed; all of it, if a number would no longer mean what is shown beside it."""
        before = self._drawn
        shown = self._talk.shown
        after = self._talk.screen()
        if before is None or after.shown.outcomes != before.shown.outcomes:
            self._draw()
            return
        self._talk.shown = shown
        known = {part.place: _worked_on(part) for part in before.steps}
        changed = [
            part for part in after.steps if not part.short and known.get(part.place) != _worked_on(part)
        ]
        if changed:
            self._drawn, self._talk.shown = after, after.shown
        for part in changed:
            console(self._out).print(draw_part(part, self._talk.speech, brief=True))
        self._out.flush()

    async def _finish(self, pending: Pending) -> Reply | None:
        """Ask for the one answer that was missing; nothing is done if none is given."""
        say = self._talk.speech.say
        try:
            answer = (await self._session.prompt_async(self._question(pending))).strip()
        except (EOFError, KeyboardInterrupt):
            answer = ""
        confirming = pending.refused.code == "confirm_needed"
        if not answer or (confirming and plain(answer) not in _YES):
            _show([Line(kind="hint", text=say("console.prompt.dropped"))], self._out)
            return None
        return self._talk.finish(pending, answer)

    def _question(self, pending: Pending) -> str:
        say, refused = self._talk.speech.say, pending.refused
        match refused.code:
            case "confirm_needed":
                return say("console.prompt.confirm")
            case "facts_missing":
                name = str(refused.facts["names"][0])  # type: ignore[index]
                labels = refused.facts["facts"]
                label = labels[0] if isinstance(labels, tuple) else str(labels)
                return say("console.prompt.answer", question=label, choices=self._choices(name))
            case _:
                what = refused.facts.get("what") or refused.facts.get("outcome", "")
                return say("console.prompt.reason", what=what)

    def _choices(self, fact: str) -> str:
        for place in self._talk.scene.places():
            spec = place.definition.facts.get(fact)
            if spec is not None:
                choices = (f"{n} {label}" for n, label in enumerate(spec.choices.values(), 1))
                return ", ".join(choices) or self._talk.speech.say(f"cards.question.{spec.type}")
        return ""


def _worked_on(part: Part) -> tuple[object, ...]:
    """What of a step's card is worth drawing again when it changes: boxes, answers, buttons."""
    work = tuple(one for one in part.card.blocks if isinstance(one, Checklist | Questions | Roster))
    return work, tuple(one for one in part.card.buttons if isinstance(one.command, PickOutcome))


def prompt_words(talk: Talk) -> str:
    """`INC-2026-003 · 38 min › `: the incident, and the nearest hour that counts for who speaks."""
    say, incident = talk.speech.say, talk.incident
    lang = talk.office.words.lang
    at = _nearest(talk)
    if incident.status == "closed":
        told = say("console.prompt.closed")
    elif at is None:
        told = say("console.prompt.none")
    else:
        left = at - talk.office.now(incident)
        key = "console.prompt.left" if left >= 0 else "console.prompt.late"
        told = say(key, span=duration(left, lang))
    return f"{incident.id} · {told} › "


def _nearest(talk: Talk) -> Instant | None:
    """Mine first; then any open step's; then the law's."""
    scene = talk.scene
    with contextlib.suppress(KeyError):
        for places in (mine(scene, talk.person), tuple(scene.places())):
            found = [at for place in places if place.cursor.awake and (at := scene.target(place)) is not None]
            if found:
                return min(found)
    clocks = [one.due for one in scene.incident.clocks.values() if one.due and one.status == "running"]
    return min(clocks, default=None)
