"""Play the script: each line is typed by its person, at its hour, through the same table as a real one.

The story has its own clock. Between two lines what falls due is fired at its hour: late steps, warned clocks. Where it
stands is in the ledger; started again, it goes on after the last line that was acknowledged, and gives the line that
was in flight again under the same key: if it was written, it is not written twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from rich.console import Console

from bots.answering.office import Office
from bots.console.draw import draw
from bots.console.opening import declare
from bots.console.paint import draw_lines
from bots.console.talk import Talk
from bots.demo.ledger import Ledger
from bots.demo.script import Cue, Script
from bots.lines import Line
from engine.core import events as e
from engine.core.quantities import SECOND, Instant
from engine.i18n import calendar_day

__all__ = ["Player", "StoryClock"]

READING = 0.65
"""Seconds to read an answer, at the default pace."""
SCREEN = 3.0
"""Seconds to look at a whole screen."""
BREATH = 0.06
"""Seconds between two notes of the burst: the time for the kill to fall among them."""


@dataclass
class StoryClock:
    """The hour of the story; it moves when it is told to."""

    instant: Instant = 0

    def now(self) -> Instant:
        return self.instant

    async def sleep(self, until: Instant, wake: asyncio.Event) -> None:
        """The story never waits for the clock: it moves it."""
        await asyncio.sleep(0)


@dataclass
class Player:
    """One process that plays the story, from where the ledger says."""

    office: Office
    clock: StoryClock
    script: Script
    ledger: Ledger
    screen: Console
    speed: float = 0.0
    """How many seconds of the story pass in one; 0: at reading pace."""
    hurried: bool = False
    """Nobody reads: no pause at all."""
    _talks: dict[str, Talk] = field(default_factory=dict)
    _incident: str = ""

    def play(self) -> None:
        """Everything that is not yet acknowledged."""
        done = {one.place for one in self.ledger.read()}
        self._open("open" in done)
        for number, cue in enumerate(self.script.cues):
            if cue.count:
                self._burst(number, cue, done)
            elif f"{number}" not in done:
                self._cue(number, cue)

    def _open(self, again: bool) -> None:
        """Declare the incident; started again, the same key gives the same receipt."""
        self.clock.instant = self.script.start
        receipt = declare(
            self.office,
            self.script.declared_by,
            self.script.runbook,
            self.script.title,
            exercise=True,
            source="demo",
            key="demo/open",
        )
        self._incident = receipt.incident
        talk = self._talk(self.script.declared_by)
        if again:
            self.clock.instant = talk.incident.now
            return
        self.ledger.note("open", receipt.first, receipt.last)
        self._caption("opening")
        self._shown(talk)

    def _talk(self, person: str) -> Talk:
        if person not in self._talks:
            self._talks[person] = Talk(
                office=self.office,
                incident_id=self._incident,
                person=person,
                source="demo",
                shared_keyboard=False,
            )
        talk = self._talks[person]
        talk.seen = talk.incident.seq
        return talk

    # Lines

    def _cue(self, number: int, cue: Cue) -> None:
        self._wait(cue.at)
        self._caption(cue.caption)
        self._type(f"{number}", cue, cue.words)
        if cue.show:
            self._shown(self._talk(cue.show))

    def _burst(self, number: int, cue: Cue, done: set[str]) -> None:
        """Many notes in a row; the kill falls among them."""
        for n in range(1, cue.count + 1):
            place = f"{number}.{n}"
            if place not in done:
                if n == 1:
                    self._wait(cue.at)
                    self._caption(cue.caption)
                self._type(place, cue, cue.words.format(n=n, count=cue.count), pause=BREATH)

    def _type(self, place: str, cue: Cue, words: str, pause: float = READING) -> None:
        """One line, answered after its commit; only then is it in the ledger."""
        talk = self._talk(cue.who)
        talk.screen()
        line = words.replace("{note}", str(self._last_note(cue.who)))
        at = talk.speech.at(self.clock.instant)
        self.screen.print(
            draw_lines([Line(kind="typed", text=f"{at}  {talk.speech.person(cue.who)} › {line}")])
        )
        reply = talk.hear(line, key=f"demo/{place}")
        self.screen.print(draw_lines(reply.lines))
        written = [one for one in reply.receipts if one.first]
        first, last = (written[0].first, written[-1].last) if written else (0, 0)
        self.ledger.note(place, first, last)
        self._pause(pause)

    def _last_note(self, person: str) -> int:
        notes = [
            entry.seq
            for entry in self.office.entries(self._incident)
            if isinstance(entry.event, e.NoteTaken) and entry.actor.id == person
        ]
        return notes[-1] if notes else 0

    # Time

    def _wait(self, until: Instant) -> None:
        """Let the story's time pass; what falls due on the way is fired at its hour and told."""
        for due in self._dues(until):
            self._move(due)
            talk = self._talk(self.script.declared_by)
            self.office.timers.fire_now(self.clock.instant)
            lines = talk.news()
            if lines:
                self.screen.print(draw_lines(lines))
                self._pause(READING * len(lines) / 2)
        if self.speed:
            time.sleep(min((until - self.clock.instant) / SECOND / self.speed, SCREEN))
        self._move(until)

    def _move(self, until: Instant) -> None:
        """Move the story's clock; a new day is told."""
        zone, lang = self.office.home.world.calendar.zone, self.office.words.lang
        before, self.clock.instant = self.clock.instant, max(until, self.clock.instant)
        day = calendar_day(self.clock.instant, zone, lang)
        if calendar_day(before, zone, lang) != day:
            self.screen.print()
            self.screen.print(draw_lines([Line(kind="caption", text=day)]))

    def _dues(self, until: Instant) -> Iterator[Instant]:
        """The next hour at which something is due, again and again."""
        last = -1
        while True:
            due = self.office.home.journal.reader.next_due()
            if due is None or due > until or due == last:
                return
            last = due
            yield due

    def _pause(self, seconds: float) -> None:
        """The time to read; where a speed is asked for, the story's own time is the pace."""
        if not self.hurried and (not self.speed or seconds == BREATH):
            time.sleep(min(seconds, SCREEN))

    # What is seen

    def _caption(self, name: str) -> None:
        if name:
            text = self.office.words.say(f"demo.caption.{name}")
            self.screen.print()
            self.screen.print(draw_lines([Line(kind="caption", text=text)]))
            self._pause(READING * 2)

    def _shown(self, talk: Talk) -> None:
        self.screen.print()
        self.screen.print(draw(talk.screen(), talk.speech))
        self.screen.print()
        self._pause(SCREEN)
