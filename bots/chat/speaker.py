"""Whoever speaks in a chat: which person, about which incident, from where, in which language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bots.answering.office import Office
from bots.chat.values import Caller
from bots.inbound import Context, Shown
from engine.core.cards import Scene
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import MINUTE, Instant
from engine.review.narrator import Narrator
from engine.speech import Speech

__all__ = ["Speaker"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """What everybody who answers needs to know of whom they answer. Sensitive facts are never told in a chat."""

    office: Office
    """In the language of this person."""
    town: Office
    """In the town's own, for what everybody reads later."""
    caller: Caller
    person: str
    incident_id: str = ""

    @property
    def shown(self) -> Shown:
        """No card of a chat has numbers: a button is pressed, a word is typed."""
        return Shown()

    @property
    def deaf_to(self) -> tuple[str, ...]:
        return ("quit",)

    @property
    def shared(self) -> bool:
        """Whether others read this place."""
        return not self.caller.place.person

    @property
    def surface(self) -> str:
        return self.caller.account.surface

    @property
    def incident(self) -> Incident:
        found = self.office.incident(self.incident_id) if self.incident_id else None
        return found if found is not None else Incident(id=self.incident_id)

    @property
    def scene(self) -> Scene:
        return self.office.scene(self.incident)

    @property
    def speech(self) -> Speech:
        return replace(self.office.speech(self.incident), hides=True)

    @property
    def context(self) -> Context:
        return Context(
            scene=self.scene,
            person=self.person,
            speech=self.town.speech(self.incident),
            runbooks=self.office.runbooks,
            sentences=True,
        )

    @property
    def narrator(self) -> Narrator:
        narrator = Narrator(self.speech, self.office.home.world)
        narrator.incident = self.incident
        return narrator

    @property
    def spoken_at(self) -> Instant | None:
        """When it was said, if the platform was long in bringing it: what happened then didn't happen now."""
        sent, now = self.caller.sent_at, self.office.now(self.incident)
        return sent if 0 < sent <= now - MINUTE else None

    def look_at(self, run: int, track: str) -> None:
        """Nothing is put in front: a step that is asked for is shown to whoever asks, with its buttons."""

    def say(self, key: str, /, **facts: object) -> str:
        return self.office.words.say(key, **facts)

    def about(self, incident: str) -> Speaker:
        """The same person, about this incident."""
        return replace(self, incident_id=incident)

    def aloud(self) -> Speaker:
        """The same person, answered in the town's language: everybody in the place reads it."""
        return replace(self, office=self.town)

    def entries(self, first: int, last: int) -> Iterator[Entry]:
        """These entries of the incident."""
        if first:
            for entry in self.office.entries(self.incident_id, first - 1):
                if entry.seq > last:
                    return
                yield entry
