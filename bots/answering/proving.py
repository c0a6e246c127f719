"""Check the PIN that proves an irreversible yes while a channel is suspect, and slow down whoever guesses it."""

from __future__ import annotations

from bots.answering.guesses import Guesses
from bots.answering.office import Office
from bots.lines import Line
from engine.core.decide.trust import PIN

__all__ = ["PIN", "proved"]


def proved(office: Office, guesses: Guesses, person: str, typed: str) -> Line | None:
    """None when this is the person's PIN; else why not. Slow on purpose (50 ms): in a loop, call it in a thread."""
    house, now, say = office.home.house, office.now(), office.words.say
    if person not in house.pins:
        return Line(kind="no", text=say("house.pin_unknown"))
    if until := guesses.rests_until(person, now):
        return Line(kind="no", text=say("house.pin_rest", at=office.speech().at(until)))
    if house.is_pin(person, typed):
        guesses.was_right(person)
        return None
    guesses.was_wrong(person, now)
    return Line(kind="no", text=say("house.pin_wrong"))
