"""A prompt that waits while the clock runs: what falls due, or what others do, appears above it."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.patch_stdout import patch_stdout

from bots.console.completing import TalkCompleter
from bots.console.draw import draw, draw_board, draw_part, draw_short
from bots.console.guard import Guard, drop_typed_ahead
from bots.console.paint import console, draw_lines
from bots.console.prompting import Asker
from bots.console.reply import Reply
from bots.console.screen import Part, Screen
from bots.console.talk import Talk
from bots.inbound import Shown
from bots.lines import Line
from engine.core.cards import mine
from engine.core.cards.values import Checklist, Questions, Roster
from engine.core.commands import PickOutcome
from engine.core.quantities import Instant
from engine.home.planned import Failure, keep_backing_up
from engine.i18n import duration
from engine.journal.errors import JournalUnavailable
from engine.visible import harmless

__all__ = ["converse", "prompt_words"]

GLANCE = 1.0
"""Seconds between two looks at what others wrote."""
_AROUND = ("follow", "news")
"""What comes with an answer: it is said before the screen, the answer itself after."""


async def converse(talk: Talk) -> None:
    """Talk until the person leaves. What was answered is recorded, however it ends."""
    out, home = sys.stdout, talk.office.home  # between two prompts, words go to it; during one, above it
    with patch_stdout(raw=True):
        async with asyncio.TaskGroup() as tasks:
            background = [
                tasks.create_task(talk.office.timers.run(talk.office.clock)),
                tasks.create_task(_watch(talk)),
                tasks.create_task(keep_backing_up(home.path, home.config.backup, partial(_warn, talk))),
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


def _warn(talk: Talk, failure: Failure) -> None:
    """No backup is made any more: said above the prompt, once."""
    _show([Line(kind="late", text=failure.warn(talk.speech.words))], sys.stdout)


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
        self._guard = talk.guard = Guard()
        self._session: PromptSession[str] = PromptSession(
            history=InMemoryHistory(),
            completer=TalkCompleter(talk),
            complete_while_typing=False,
            refresh_interval=1.0,
        )
        self._asker = Asker(talk, self._ask, self._ask_hidden, lambda lines: _show(lines, self._out))

    async def run(self) -> None:
        self._draw(chosen=True)
        _show([Line(kind="hint", text=self._talk.speech.say("console.first"))], self._out)
        while True:
            line = await self._line()
            if line is None or (line.strip() and await self._take(self._talk.hear(line))):
                return

    async def _line(self) -> str | None:
        """The next line; None when the person leaves (Ctrl-D, or Ctrl-C on an empty line)."""
        try:
            return await self._session.prompt_async(lambda: prompt_words(self._talk))
        except EOFError:
            return None
        except KeyboardInterrupt:
            return "" if self._session.default_buffer.text else None

    async def _ask(self, question: str) -> str | None:
        return await self._answered(self._session, question)

    async def _ask_hidden(self, question: str) -> str | None:
        # In a session of its own: what is typed is neither shown nor in the history.
        return await self._answered(PromptSession(is_password=True), question)

    async def _answered(self, session: PromptSession[str], question: str) -> str | None:
        drop_typed_ahead(session.app.input)
        try:
            return (await session.prompt_async(question)).strip()
        except (EOFError, KeyboardInterrupt):
            return None

    async def _take(self, reply: Reply) -> bool:
        """Show an answer, ask what is still missing; true to leave."""
        while True:
            self._answer(reply)
            if reply.leave:
                return True
            if reply.unsure is not None:
                more = await self._asker.sure(reply.unsure)
            elif reply.pending is not None:
                more = await self._asker.finish(reply.pending)
            elif reply.question:
                more = await self._asker.fact(reply.question)
            else:
                return False
            if more is None:
                _show([Line(kind="hint", text=self._talk.speech.say("console.prompt.dropped"))], self._out)
                return False
            reply = more

    def _answer(self, reply: Reply) -> None:
        """What happened around, the screen if steps moved, then the answer itself, just above the prompt."""
        around = [line for line in reply.lines if line.kind in _AROUND]
        answer = [line for line in reply.lines if line.kind not in _AROUND]
        if reply.ok and (reply.details or reply.question):
            answer = []  # the card that is drawn, or the question that is asked, says the same
        if reply.receipts and reply.pending is not None and reply.pending.refused.code == "reason_needed":
            answer = [
                line for line in answer if line.kind != "no"
            ]  # the question says that a reason is needed
        _show(around, self._out)
        if reply.redraw or reply.details:
            self._draw(of=reply.of, whole=reply.whole, details=reply.details, chosen=_is_chosen(reply))
        elif reply.ok and reply.receipts:
            self._draw_changes()
        _show(answer, self._out)

    def _draw(
        self, *, of: str = "", whole: bool = False, details: bool = False, chosen: bool = False
    ) -> None:
        """Draw the screen; what was typed before it came was for the one before."""
        drop_typed_ahead(self._session.app.input)
        self._drawn = self._talk.screen(of)
        speech, paper = self._talk.speech, console(self._out)
        shown = draw(self._drawn, speech) if whole else draw_short(self._drawn, speech, details=details)
        if whole and len(paper.render_lines(shown)) >= paper.height:
            shown = draw_board(self._drawn, speech)
            self._drawn, self._talk.shown = None, Shown(front=self._talk.shown.front)
        paper.print(shown)
        self._out.flush()
        if self._drawn is None:
            return
        self._guard.drew(self._drawn.front.place if self._drawn.front else None, chosen=chosen)

    def _draw_changes(self) -> None:
        """The card that changed; all of it, if a number would no longer mean what is shown beside it."""
        before, shown = self._drawn, self._talk.shown
        after = self._talk.screen()
        if before is None or after.shown.outcomes != before.shown.outcomes:
            self._draw()
            return
        self._talk.shown = shown
        if after.front is not None and _worked_on(before.front) != _worked_on(after.front):
            self._drawn, self._talk.shown = after, after.shown
            console(self._out).print(draw_part(after.front, self._talk.speech, brief=True))
            self._out.flush()


def _is_chosen(reply: Reply) -> bool:
    """The person asked for this card, or now speaks: a number is for it."""
    return reply.details or (bool(reply.of) and not reply.whole)


def _worked_on(part: Part | None) -> tuple[object, ...]:
    """What of a step's card is worth drawing again when it changes: boxes, answers, buttons."""
    if part is None:
        return ()
    work = tuple(one for one in part.card.blocks if isinstance(one, Checklist | Questions | Roster))
    return part.place, work, tuple(one for one in part.card.buttons if isinstance(one.command, PickOutcome))


def prompt_words(talk: Talk) -> str:
    """`INC-2026-003 · Thierry · reste 38 min › `: the incident, who speaks, their nearest hour."""
    say, incident = talk.speech.say, talk.incident
    told = [incident.id, _first_name(talk)]
    if incident.status == "closed":
        told.append(say("console.prompt.closed"))
    elif (at := _nearest(talk)) is not None:
        left = at - talk.office.now(incident)
        key = "console.prompt.left" if left >= 0 else "console.prompt.late"
        told.append(say(key, span=duration(left, talk.office.words.lang)))
    return harmless(f"{' · '.join(told)} › ")


def _first_name(talk: Talk) -> str:
    """The first name of whoever speaks; the whole of it when two people share it."""
    people = talk.scene.world.directory.people
    name = talk.scene.name(talk.person)
    first = name.split()[0] if name else ""
    alone = sum(one.name.split()[:1] == [first] for one in people.values()) == 1
    return first if alone else name


def _nearest(talk: Talk) -> Instant | None:
    """Of the steps that wait for whoever speaks."""
    scene = talk.scene
    with contextlib.suppress(KeyError):
        awake = (place for place in mine(scene, talk.person) if place.cursor.awake)
        return min((at for place in awake if (at := scene.target(place)) is not None), default=None)
    return None
