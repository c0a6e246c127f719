"""What is said in quiet times, in private: what is due, who is still reachable, what a crisis teaches, a quiz question.

Only in office hours, and never while a real incident is open. Each quarter each person is asked whether their line of
the directory is still right; the main courante notes it first. Each week at most one question of the quiz.
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
from engine.core.house.commands import AskReach
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
QUARTER: Final = Duration(months=3)
"""After so long without a word of somebody, they are asked whether they can still be reached."""


async def keep_in_touch(office: Office, relay: Relay) -> None:
    """Until cancelled."""
    told = Told()
    while True:
        await asyncio.sleep(LOOK)
        try:
            await make_a_round(office, relay, told)
        except JournalUnavailable as error:
            log.warning("the round waits for the journal: %s", error.code)


async def make_a_round(office: Office, relay: Relay, told: Told) -> None:
    """Ask what is to be asked now, one thing of each person. `told`: who was told of which proposals, and when."""
    home, now = office.home, office.clock.now()
    if not home.world.calendar.is_office_hour(now) or _in_a_crisis(home):
        return
    linked = list(_linked(home, now))
    await remind(office, relay, linked, now)
    for person in linked:
        asking = _Asking(home, person, now)
        if asking.is_silent:
            await home.desk.submit(
                Order(
                    incident=HOUSE,
                    command=AskReach(person=person),
                    by="",
                    at=now,
                    key=f"reach:{person}:{home.world.calendar.local(now).date()}",
                )
            )
            await relay.whisper(person, asking.reach(office), f"reach:{person}:{now}")
        elif waiting := asking.lessons(told, linked):
            await relay.whisper(person, proposal(waiting, asking.speech(office)), f"lesson:{person}:{now}")
        elif office.home.config.training.weekly and (content := asking.quiz()) is not None:
            await relay.whisper(person, content, f"quiz:{person}:{now}")


class Told:
    """When each was last told of what waits for them: a proposal comes back once a week until it is answered.

    In memory only: after a restart somebody may be told again.
    """

    def __init__(self) -> None:
        self._at: dict[str, Instant] = {}

    def turn(self, person: str, now: Instant) -> bool:
        """Whether somebody may be told now; they then were."""
        if now < self._at.get(person, -WEEK) + WEEK:
            return False
        self._at[person] = now
        return True


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

    home: Home
    person: str
    now: Instant

    @property
    def is_silent(self) -> bool:
        """Whether nothing was heard of them for a quarter, and nothing was asked."""
        house = self.home.house
        since = min(link.since for link in house.links.values() if link.person == self.person)
        heard = (house.staff.asked, house.staff.confirmed)
        last = max(since, *(told.get(self.person, 0) for told in heard))
        return self.now >= self.home.world.calendar.add(last, QUARTER)

    @property
    def words(self) -> Words:
        known = self.home.world.directory.people[self.person]
        return Words(known.lang if known.lang in LANGUAGES else self.home.config.organisation.lang)

    def speech(self, office: Office) -> Speech:
        """Their own language."""
        return Office(self.home, self.words, office.clock).speech()

    def reach(self, office: Office) -> Content:
        """Whether they can still be reached."""
        return question(self.speech(office), self.home.world.directory, self.person)

    def lessons(self, told: Told, linked: Sequence[str]) -> list[Lesson]:
        """What the closed incidents propose to them first, of those who can be told; nothing twice a week."""
        found = [
            one
            for one, judged in lessons_of(self.home, self.now)
            if judged is None
            and next((who for who in owners(self.home, one) if who in linked), "") == self.person
        ]
        return found if found and told.turn(self.person, self.now) else []

    def quiz(self) -> Content | None:
        """Their question of the week; None when they had one, or have answered all."""
        awareness = self.home.awareness
        name = awareness.next(self.person, self.now)
        if not name or not awareness.take_turn(self.person, self.now):
            return None
        return question_content(awareness, name, self.person, self.words.say("quiz.weekly"))
