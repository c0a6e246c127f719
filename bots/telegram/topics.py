"""Where an incident is spoken of: a topic of its own in a forum, else the crisis group itself.

An exercise has a group of its own and never speaks in the crisis group; without one, it is not shown in Telegram.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram.error import BadRequest, ChatMigrated, TelegramError

from bots.chat.elsewhere import listed, woken_or_declared
from bots.telegram.callers import SURFACE
from bots.telegram.client import Client
from bots.telegram.render import clamped
from bots.telegram.standing import House
from bots.telegram.words import group_words
from engine.core.events import Entry
from engine.core.house import CRISIS, EXERCISES
from engine.core.house.commands import BindPlace
from engine.core.incident import Incident
from engine.visible import harmless

__all__ = ["Topics"]

log = logging.getLogger(__name__)

_NAME = 128
_AGAIN = 30.0
"""Seconds before a topic that could not be made is tried again."""


@dataclass
class Topics:
    """Gives each open incident its place."""

    client: Client
    house: House
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Until cancelled: at the start, and whenever an incident opens or a group is bound."""
        home, known = self.house.home, listed(self.house.home)
        self._woken.set()
        while True:
            await woken_or_declared(home, self._woken, known)
            self._woken.clear()
            known = listed(home)
            try:
                await self._place_all()
            except TelegramError as error:
                log.warning("an incident has no place in Telegram yet: %s", type(error).__name__)
                await asyncio.sleep(_AGAIN)
                self._woken.set()

    def follow(self, before: Incident | None, after: Incident, entries: Sequence[Entry]) -> None:
        """Hear of a commit."""
        if before is None or after.house is not None or before.readiness is not after.readiness:
            self._woken.set()

    @property
    def settled(self) -> bool:
        """Whether each open incident has its place; one whose group nobody has bound is to have none."""
        found = self.house.home.desk.incidents()
        return not any(self._is_homeless(one) and self._group(one) is not None for one in found)

    def _is_homeless(self, incident: Incident) -> bool:
        """A review is between those who do it: no topic for the whole cell."""
        shown = incident.status == "open" and not incident.readiness
        return shown and self.house.home.house.place(incident.id, SURFACE) is None

    async def _place_all(self) -> None:
        home = self.house.home
        for name in [one.id for one in home.desk.incidents()]:
            incident = home.desk.incident(
                name
            )  # as it is now: it may be closed while another's topic is made
            if incident is not None and self._is_homeless(incident):
                await self._place(incident)

    async def _place(self, incident: Incident) -> None:
        group = self._group(incident)
        if group is None:
            return
        chat, thread = group
        if not thread and (topic := await self._topic(chat, incident)):
            thread = topic
        place = BindPlace(incident=incident.id, surface=SURFACE, chat=chat, thread=thread)
        await self.house.write(place, f"telegram:place:{incident.id}:{chat}:{thread}")

    def _group(self, incident: Incident) -> tuple[str, str] | None:
        """The group that was bound, else the one of `tocsin.toml`."""
        home, purpose = self.house.home, EXERCISES if incident.exercise else CRISIS
        bound = home.house.group(SURFACE, purpose)
        if bound is not None:
            return bound
        written = home.config.telegram
        number = written.exercise_group if incident.exercise else written.crisis_group
        return (str(number), "") if number else None

    async def _topic(self, chat: str, incident: Incident) -> str:
        """A topic of its own, when the group is a forum and the bot may make one."""
        try:
            if not (await self.client.get_chat(int(chat))).is_forum:
                return ""
            mark = group_words(self.house.home).say("cards.heading.exercise") if incident.exercise else ""
            name = " ".join(filter(None, (mark, incident.id, harmless(incident.title))))
            made = await self.client.create_forum_topic(int(chat), clamped(name, _NAME))
        except ChatMigrated:
            raise  # the move is on its way: tried again once the house knows it
        except BadRequest as error:
            log.warning("no topic for %s: %s", incident.id, error)
            return ""
        return str(made.message_thread_id)
