"""Check the PIN that proves an irreversible yes while a channel is suspect, and slow down whoever guesses it."""

from __future__ import annotations

from bots.answering.guesses import Guesses
from bots.answering.office import Office
from bots.lines import Line
from engine.core.decide.trust import PIN

__all__ = ["PIN", "judged", "may_try", "proved"]


def proved(office: Office, guesses: Guesses, person: str, typed: str) -> Line | None:
    """None when this is the person's PIN; else why not. Slow on purpose (50 ms): a loop does the three steps itself."""
    why_not = may_try(office, guesses, person)
    return why_not or judged(office, guesses, person, right=office.home.house.is_pin(person, typed))


def may_try(office: Office, guesses: Guesses, person: str) -> Line | None:
    """Why no PIN of this person is even looked at: they have none, or guessed too often."""
    if person not in office.home.house.pins:
        return Line(kind="no", text=office.words.say("house.pin_unknown"))
    if until := guesses.rests_until(person, office.now()):
        return Line(kind="no", text=office.words.say("house.pin_rest", at=office.speech().at(until)))
    return None


def judged(office: Office, guesses: Guesses, person: str, *, right: bool) -> Line | None:
    """Keep count of a try, and say so when it was wrong."""
    if right:
        guesses.was_right(person)
        return None
    guesses.was_wrong(person, office.now())
    return Line(kind="no", text=office.words.say("house.pin_wrong"))
