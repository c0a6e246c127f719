"""Say something to somebody in private, beside all incidents: a question of a quiet week, which promises nothing.

It keeps to the platform's budget and never goes before what a crisis has to say. It is in no book: what is lost is
asked again another day, by whoever asked.
"""

from __future__ import annotations

import asyncio
import logging

from bots.chat.values import Content, Place
from bots.relay.lane import Lane
from bots.relay.port import Platform, Trouble
from engine.journal.posts import Posts

__all__ = ["Whispers"]

log = logging.getLogger(__name__)


class Whispers:
    """One platform's."""

    def __init__(self, platform: Platform, posts: Posts, lane: Lane) -> None:
        self._platform, self._posts, self._lane = platform, posts, lane

    async def say(
        self, person: str, account: str, content: Content, key: str, *, silent: bool = True
    ) -> bool:
        """Whether the platform took it."""
        if self._lane.health.since:
            return False
        try:
            place = await self._place(person, account)
            await self._turn("post", place)
            await self._platform.post(place, content, key=key, silent=silent, repeat=False)
        except Trouble as error:
            log.warning("%s was not told in private on %s: %s", person, self._lane.surface, error)
            return False
        return True

    async def _place(self, person: str, account: str) -> Place:
        surface = self._lane.surface
        chat = self._posts.chat_of(surface, account)
        if not chat:
            await self._turn("open", Place(surface=surface, chat="", person=person))
            chat = await self._platform.private(account)
            self._posts.keep_chat(surface, account, chat)
        return Place(surface=surface, chat=chat, person=person)

    async def _turn(self, act: str, place: Place) -> None:
        """Wait until the platform's limits let it pass."""
        await asyncio.sleep(max(0.0, self._lane.free_at(act, place) - asyncio.get_running_loop().time()))
        self._lane.spend(act, place)
