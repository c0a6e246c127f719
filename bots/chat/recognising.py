"""Who speaks, in which language they are answered, and about which incident."""

from __future__ import annotations

from dataclasses import replace

from bots.answering.office import Office
from bots.chat import listening
from bots.chat.speaker import Speaker
from bots.chat.values import Caller
from engine.home import Home
from engine.i18n import LANGUAGES, Words
from engine.timers import Clock

__all__ = ["Recognising"]


class Recognising:
    """One town's."""

    def __init__(self, home: Home, clock: Clock) -> None:
        self._home, self._clock = home, clock
        self._library, self._offices = home.library, dict[str, Office]()

    def speaker(self, caller: Caller) -> Speaker:
        """Whoever calls; of nobody known, without a person."""
        person = self._home.house.person(caller.account.surface, caller.account.id)
        organisation = self._home.config.organisation
        directory = self._home.world.at(self._clock.now()).directory
        known = None if person in directory.over else directory.people.get(person)
        lang = known.lang if known is not None and known.lang in LANGUAGES else organisation.lang
        town = self._office(organisation.lang)
        return Speaker(office=self._office(lang), town=town, caller=caller, person=person if known else "")

    def known(self, caller: Caller) -> Speaker | None:
        """Whoever calls, if they are somebody of the town."""
        speaker = self.speaker(caller)
        return speaker if speaker.person else None

    def placed(self, speaker: Speaker, *, single: bool = True) -> Speaker:
        """About the incident of the place; elsewhere about the only one that is open, never about one of several."""
        place, house = speaker.caller.place, self._home.house
        here = speaker.caller.incident or house.incident_at(place.surface, place.chat, place.thread)
        if not here and single:
            found = listening.incidents(speaker)
            here = found[0][0] if len(found) == 1 else ""
        return replace(speaker, incident_id=here)

    def _office(self, lang: str) -> Office:
        """The town in the words of this language; made anew once its files were read again."""
        if self._library is not self._home.library:
            self._library, self._offices = self._home.library, {}
        if lang not in self._offices:
            self._offices[lang] = Office(self._home, Words(lang), self._clock)
        return self._offices[lang]
