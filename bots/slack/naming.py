"""What people are called in Slack: learnt when it is needed, kept while the program runs."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Final

from bots.relay.port import Trouble
from bots.slack.reading import readable
from bots.slack.web import Web

__all__ = ["Names"]

log = logging.getLogger(__name__)

NAMING: Final = 1.0
"""Seconds within which names are learnt; whoever pinned the message waits meanwhile."""
_MENTION: Final = re.compile(r"<@([A-Z0-9]+)")


class Names:
    """The users of one workspace, by name."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._names: dict[str, str] = {}

    async def words(self, text: str, author: str = "") -> str:
        """What people wrote, as they see it; the names that it takes are asked for, for a moment."""
        await self._learn({author, *_MENTION.findall(text)} - {""})
        return readable(text, self.now)

    def now(self, user: str) -> str:
        """What a user was last called; empty if it was never asked."""
        return self._names.get(user, "")

    async def _learn(self, users: set[str]) -> None:
        """A name is no reason to lose what somebody wrote, nor to be late: their id does then."""
        try:
            async with asyncio.timeout(NAMING):
                await asyncio.gather(*(self._name(user) for user in users if user not in self._names))
        except (Trouble, TimeoutError) as trouble:
            log.info("no name for a user of Slack: %s", trouble)

    async def _name(self, user: str) -> None:
        told = await self._web.asked("users.info", self._web.client.users_info(user=user))
        found = told["user"]
        profile = found.get("profile") or {}
        self._names[user] = str(
            profile.get("real_name") or found.get("real_name") or found.get("name") or user
        )
