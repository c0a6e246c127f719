"""The application's own tab, which people open by reflex: their "Et maintenant ?", drawn when they look at it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.app.async_app import AsyncApp

from bots.chat.room import Room
from bots.chat.values import Caller
from bots.relay.port import Trouble
from bots.slack.delivered import Deliveries
from bots.slack.telling import blocks_of
from bots.slack.web import Web

__all__ = ["HomeTab"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HomeTab:
    """One person's tab. Nobody is told when it grows old: it is drawn again when it is opened, or pressed."""

    room: Room
    web: Web
    deliveries: Deliveries
    later: Callable[[Coroutine[Any, Any, None]], None]

    def listen(self, app: AsyncApp) -> None:
        """Register with the library."""
        app.event("app_home_opened")(self._opened)

    async def _opened(self, body: dict[str, Any], event: dict[str, Any]) -> None:
        if event.get("tab") == "home":
            user = str(event["user"])
            caller = self.deliveries.told(body, user, str(event.get("channel") or ""), event.get("event_ts"))
            self.later(self.show(caller, user))

    async def show(self, caller: Caller, user: str) -> None:
        """Draw it as their private chat would answer."""
        _, blocks = blocks_of(await self.room.say(caller, "moi"))
        view = {"type": "home", "blocks": blocks}
        try:
            await self.web.asked("views.publish", self.web.client.views_publish(user_id=user, view=view))
        except Trouble as trouble:
            log.warning("somebody's tab could not be drawn in Slack: %s", trouble)
