"""A town's folder as the terminal uses it: its home, whose time it is, and the words of whoever reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from engine.core.cards import Limits, Scene
from engine.core.events import Entry
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.home import Home
from engine.i18n import Words
from engine.review.narrator import Narrator
from engine.speech import Speech
from engine.timers import Clock, SystemClock, Timers

__all__ = ["Office", "register_of", "scene_of", "titles_of"]


def register_of(home: Home) -> Mapping[str, Limits]:
    """The town's essential activities, as its files are now."""
    return {
        name: Limits(title=one.title, rto=one.rto, dmia=one.dmia, degraded=one.degraded or "")
        for name, one in home.library.activities.items()
    }


def scene_of(home: Home, incident: Incident, now: Instant, register: Mapping[str, Limits]) -> Scene:
    """An incident of this town, at this hour."""
    library = home.library
    return Scene(
        incident=incident, world=home.world, now=now, register=register, keeping=lambda: library.keeping
    )


def titles_of(home: Home, register: Mapping[str, Limits]) -> Mapping[str, str]:
    """Names of clocks and activities, by id."""
    clocks = {name: spec.title for name, spec in home.world.clocks.items()}
    return clocks | {name: one.title for name, one in register.items()}


@dataclass
class Office:
    """One open town, for one reader."""

    home: Home
    words: Words
    clock: Clock = field(default_factory=SystemClock)

    @cached_property
    def timers(self) -> Timers:
        return Timers(self.home.desk, self.home.journal.reader)

    @cached_property
    def register(self) -> Mapping[str, Limits]:
        """The town's essential activities."""
        return register_of(self.home)

    @cached_property
    def runbooks(self) -> Mapping[str, str]:
        """The procedures that can be read, by id: "I don't know yet" first, what comes round by itself last."""
        books = self.home.library.runbooks
        first = "je-ne-sais-pas-encore"
        found = sorted(books, key=lambda name: (name != first, books[name].is_readiness, books[name].title))
        return {name: books[name].title for name in found}

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """Names of clocks and activities, by id."""
        return titles_of(self.home, self.register)

    def incident(self, name: str) -> Incident | None:
        return self.home.desk.incident(name)

    def entries(self, name: str, after: int = 0) -> Iterable[Entry]:
        return self.home.journal.reader.entries(name, after)

    def scene(self, incident: Incident) -> Scene:
        return scene_of(self.home, incident, self.now(incident), self.register)

    def now(self, incident: Incident | None = None) -> Instant:
        """What time it is; never before what the incident has already seen."""
        return max(self.clock.now(), incident.now if incident else 0)

    def speech(self, incident: Incident | None = None) -> Speech:
        world = self.home.world
        return Speech(
            words=self.words,
            zone=world.calendar.zone,
            now=self.now(incident),
            directory=world.directory,
            organisation=world.organisation,
            titles=self.titles,
        )

    def narrator(self, incident: Incident) -> Narrator:
        """Somebody who tells entries of this incident as it stands."""
        narrator = Narrator(self.speech(incident), self.home.world)
        narrator.incident = incident
        return narrator
