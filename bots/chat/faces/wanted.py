"""What should stand in a chat, under which name, how urgent it is; and from where it is looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import msgspec
from msgspec.structs import replace

from bots.chat.values import Content
from engine.core.cards import Scene
from engine.core.house import House
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.i18n import LANGUAGES, Words
from engine.speech import Speech

__all__ = [
    "APPROVAL", "CURRENT", "GROUP", "LATE", "NOTICE", "OVERVIEW", "Standing", "View", "Wanted", "is_idle",
]  # fmt: skip

GROUP: Final = ""
"""`Wanted.person` of what the whole cell sees."""

APPROVAL, LATE, CURRENT, NOTICE, OVERVIEW = range(5)
"""Which goes first when the platform's budget is short."""


Standing = Collection[str] | None
"""The keys of what stands in a chat already; None: not known, so that everything is drawn."""


def is_idle(key: str, standing: Standing) -> bool:
    """Whether what is only to be kept true stands nowhere: it needn't be drawn."""
    return standing is not None and key not in standing


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A message that should stand in a chat, as it should read now."""

    person: str = GROUP
    """In whose private chat; `GROUP` (empty): in the incident's place."""
    key: str
    """Its name in that chat, for as long as it lives: `<incident>/overview`, `/approval:<n>`, `/n:<seq>`, `/now`,
    `/calls`."""
    content: Content
    priority: int
    afresh: str = ""
    """When this differs from what it was, the message is posted anew, below what people wrote meanwhile, and the old
    one reads `retired`. Empty: whatever stands there is edited."""
    pin: bool = False
    once: bool = False
    """A notice: posted once, never edited, never posted again."""
    each: bool = False
    """A notice to a person: told on each platform on which they are spoken to, not on the first that reaches them."""
    only_edit: bool = False
    """Of interest only where a message of this key already stands: it is not posted for its own sake."""
    silent: bool = True
    """No phone buzzes when it is posted (an edit never does). `content.mentions` buzz in any case."""


@dataclass(frozen=True, kw_only=True)
class View:
    """An incident as one platform shows it, at one instant."""

    scene: Scene
    house: House
    surface: str
    """slack or telegram."""
    lang: str = "fr"
    """The organisation's: what groups read."""
    titles: Mapping[str, str] = field(default_factory=dict)
    """Names of clocks and activities, by id (`Office.titles`)."""
    health: Mapping[str, Instant | None] = field(default_factory=dict)
    """Each platform in use: since when it is out of reach, or None while it answers."""

    @property
    def incident(self) -> Incident:
        return self.scene.incident

    @cached_property
    def public(self) -> Scene:
        """The same scene without anybody's telephone number: none can get into what is drawn from it."""
        world = self.scene.world
        people = {name: replace(one, phone="") for name, one in world.directory.people.items()}
        directory = replace(world.directory, people=people)
        return dataclasses.replace(self.scene, world=dataclasses.replace(world, directory=directory))

    @property
    def suspect(self) -> bool:
        """Somebody else may be reading this platform."""
        return self.surface in self.incident.suspect

    def key(self, name: str) -> str:
        """The name of a message of this incident."""
        return f"{self.incident.id}/{name}"

    def speech(self, person: str = GROUP) -> Speech:
        """The words of whoever reads: a person's own language, the organisation's in a group."""
        world = self.scene.world
        known = world.directory.people.get(person)
        lang = known.lang if known and known.lang in LANGUAGES else self.lang
        return Speech(
            words=Words(lang, strict=False),
            zone=world.calendar.zone,
            now=self.scene.now,
            directory=world.directory,
            organisation=world.organisation,
            titles=self.titles,
            hides=True,
        )
