"""What is said in quiet times, in private: what is due, who is still reachable, what a crisis teaches, a quiz question.

Only in office hours, and never while a real incident is open. Each quarter each person is asked whether their line of
the directory is still right. Each week at most one proposal of a closed crisis, and one question of the quiz.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bots.answering.office import Office
from bots.chat.contacting import question
from bots.chat.learning import proposal
from bots.chat.quizzing import question_content
from bots.chat.values import Content
from bots.relay.relay import Relay
from bots.serving.reminding import remind
from engine.continuity.lessons import Lesson
from engine.core.commands import Order
from engine.core.house import HOUSE
from engine.core.house.commands import AskReach, Remind
from engine.core.quantities import DAY, Duration, Instant
from engine.home import Home
from engine.home.lessons import lessons_of, owners
from engine.i18n import LANGUAGES, Words
from engine.journal.errors import JournalUnavailable
from engine.speech import Speech

__all__ = ["LOOK", "QUARTER", "keep_in_touch", "make_a_round"]

log = logging.getLogger(__name__)

LOOK: Final = 600.0
"""Seconds between two rounds."""
WEEK: Final = 7 * DAY
LESSONS: Final = "lessons"
"""Under which name the house remembers who was told of proposals for the plan."""
QUARTER: Final = Duration(months=3)
"""After so long without a word of somebody, they are asked whether they can still be reached."""


async def keep_in_touch(office: Office, relay: Relay) -> None:
    """Until cancelled."""
    while True:
        await asyncio.sleep(LOOK)
        try:
            await make_a_round(office, relay)
        except JournalUnavailable as error:
            log.warning("the round waits for the journal: %s", error.code)


async def make_a_round(office: Office, relay: Relay) -> None:
    """Say what is to be said now. It is noted once a platform took it: what was lost is said again."""
    home, now = office.home, office.clock.now()
    if not home.world.calendar.is_office_hour(now) or _in_a_crisis(home):
        return
    linked = list(_linked(home, now))
    await remind(office, relay, linked, now)
    open_lessons = [one for one, judged in lessons_of(home, now) if judged is None]
    for person in linked:
        if _in_a_crisis(home):
            return
        if person not in _linked(home, now):
            continue  # they left while others were written to
        asking = _Asking(office, person, now, open_lessons)
        if asking.is_silent:
            if await relay.whisper(person, asking.reach, f"reach:{person}:{now}"):
                await asking.note(AskReach(person=person))
        elif waiting := asking.lessons(linked):
            if await relay.whisper(person, proposal(waiting, asking.speech), f"lesson:{person}:{now}"):
                await asking.note(asking.told_of(waiting[0]))
        elif (content := asking.quiz) is not None and await relay.whisper(
            person, content, f"quiz:{person}:{now}"
        ):
            home.awareness.asked(person, now)


def _in_a_crisis(home: Home) -> bool:
    return any(
        one.status == "open" and not one.exercise and not one.readiness for one in home.desk.incidents()
    )


def _linked(home: Home, now: Instant) -> Iterator[str]:
    """Whoever can be written to in private, and still has their functions."""
    directory = home.world.at(now).directory
    linked = {link.person for link in home.house.links.values() if link.open}
    return (one for one in directory.people if one in linked and one not in directory.over)


@dataclass(frozen=True, slots=True)
class _Asking:
    """One person, now."""

    office: Office
    person: str
    now: Instant
    proposed: Sequence[Lesson]
    """What closed incidents propose, and nobody has judged."""

    @property
    def home(self) -> Home:
        return self.office.home

    async def note(self, command: AskReach | Remind) -> None:
        """Have the house remember what was said."""
        key = f"{type(command).__name__}:{self.person}:{self.now}"
        order = Order(incident=HOUSE, command=command, by="", at=self.now, key=key, source="clock")
        await self.home.desk.submit(order)

    @property
    def speech(self) -> Speech:
        """Their own language."""
        return Office(self.home, self._words, self.office.clock).speech()

    @property
    def _words(self) -> Words:
        known = self.home.world.directory.people[self.person]
        return Words(known.lang if known.lang in LANGUAGES else self.home.config.organisation.lang)

    # Can they still be reached?

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of them for a quarter, and nothing was asked."""
        house = self.home.house
        since = min(link.since for link in house.links.values() if link.person == self.person)
        heard = (house.staff.asked, house.staff.confirmed)
        last = max(since, *(told.get(self.person, 0) for told in heard))
        return self.now >= self.home.world.calendar.add(last, QUARTER)

    @property
    def reach(self) -> Content:
        """Whether they can still be reached."""
        return question(self.speech, self.home.world.directory, self.person)

    # What does a crisis change?

    def lessons(self, linked: Sequence[str]) -> list[Lesson]:
        """What the closed incidents propose to them first, of those who can be told; nothing twice a week."""
        known = self.home.house.reminded.get(f"{LESSONS}:{self.person}")
        if known is not None and self.now < known.at + WEEK:
            return []
        return [
            one
            for one in self.proposed
            if next((who for who in owners(self.home, one) if who in linked), "") == self.person
        ]

    def told_of(self, lesson: Lesson) -> Remind:
        """That they were told of it today."""
        return Remind(
            person=self.person,
            what=f"{LESSONS}:{self.person}",
            on=self.home.world.calendar.local(self.now).date().isoformat(),
            rung=1,
            title=f"{self.office.words.say('lessons.title')} {lesson.id}",
        )

    # A question

    @property
    def quiz(self) -> Content | None:
        """Their question of the week; None when they had one, have answered all, or the town wants none."""
        quiz = self.home.awareness
        if not self.home.config.training.weekly or not quiz.is_turn(self.person, self.now):
            return None
        name = quiz.next(self.person, self.now)
        return question_content(quiz, name, self.person, self._words.say("quiz.weekly")) if name else None
