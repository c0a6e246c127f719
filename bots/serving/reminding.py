"""Tell people in private what is due: one message for all that is somebody's, with a button that starts each review.

It is said, then noted in the house's book: a platform that was out is told again, and a restart repeats nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bots.answering.office import Office
from bots.chat.reminding import reminder
from bots.relay.relay import Relay
from engine.continuity.reminders import FIRST, Call, reminders
from engine.core.commands import Order
from engine.core.house import HOUSE
from engine.core.house.commands import Remind
from engine.core.quantities import Instant
from engine.home.duties import duties_of
from engine.i18n import LANGUAGES, Words

__all__ = ["remind"]


async def remind(office: Office, relay: Relay, linked: Sequence[str], now: Instant) -> None:
    """Say what is to be said now to each of those who can be written to. The first time rings, repeats don't."""
    home = office.home
    town, duties = duties_of(home, now)
    calls = sorted(reminders(town, duties, home.house.reminded, linked, now), key=lambda one: one.person)
    for person, some in groupby(calls, key=lambda one: one.person):
        theirs = tuple(some)
        lang = home.world.directory.people[person].lang
        words = Words(lang if lang in LANGUAGES else home.config.organisation.lang)
        silent = all(one.rung != FIRST for one in theirs)
        if await relay.whisper(person, reminder(town, theirs, words), f"due:{person}:{now}", silent=silent):
            for one in theirs:
                await home.desk.submit(_noted(one, now))


def _noted(one: Call, now: Instant) -> Order:
    on = one.what.on.isoformat()
    command = Remind(person=one.person, what=one.what.name, on=on, rung=one.rung, title=one.what.title)
    key = f"due:{one.what.name}:{on}:{one.rung}:{now}"
    return Order(incident=HOUSE, command=command, by="", at=now, key=key, source="clock")
