"""The groups: the bot is added where it is to serve, seen there, and bound on a yes; nobody types an identifier.

`/ici`, typed in the group itself, does the same: whichever comes first is taken.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from bots.chat.values import Place
from bots.serving.doors import Door
from bots.serving.setting_up.configuring import says_crisis_channel, write_crisis_channel
from bots.serving.setting_up.orders import Installer
from bots.serving.setting_up.terminal import Terminal
from engine.core.house import CRISIS, DECLARE, EXERCISES
from engine.core.house.commands import BindGroup

__all__ = ["Groups"]

Sighting = tuple[Place, str]
"""Where the bot was added, and what people call it; no name: it was bound there already."""


@dataclass
class Groups:
    """Watches where the bot is added, and binds."""

    terminal: Terminal
    installer: Installer
    sightings: deque[Sighting] = field(default_factory=deque)

    def watch(self, doors: Mapping[str, Door]) -> None:
        """Hear of every group from now on."""
        for door in doors.values():
            door.wire.added = lambda place, title: self.sightings.append((place, title or place.chat))

    async def settle(self, doors: Mapping[str, Door]) -> None:
        """See to each group of each platform."""
        if "telegram" in doors:
            await self._bound("telegram", CRISIS, doors["telegram"].name)
            await self._bound("telegram", EXERCISES, doors["telegram"].name)
        if "slack" in doors:
            await self._slack()

    async def _slack(self) -> None:
        home = self.installer.office.home
        own = self._chat("slack", CRISIS) is not None
        if not own and not says_crisis_channel(home.path):
            self.terminal.say("setup.group.slack_choice")
            own = await self.terminal.ask("setup.group.slack_ask") == "2"
            if not own:
                write_crisis_channel(home.path)
        if own:
            await self._bound("slack", CRISIS, "")
            await self._bound("slack", EXERCISES, "")
        else:
            self.terminal.say("setup.group.slack_new")
        await self._bound("slack", DECLARE, "")

    async def _bound(self, surface: str, purpose: str, bot: str) -> None:
        """Wait until a group serves this, or until it is put off."""
        say, name = self.terminal.say, self.terminal.words.say(f"setup.surface.{surface}")
        if self._chat(surface, purpose):
            say(f"setup.group.{purpose}_known", surface=name)
            return
        say(f"setup.group.{surface}_{purpose}", bot=bot)
        self.sightings.clear()
        while True:
            found = await self.terminal.until(lambda: self._seen(surface, purpose), "setup.group.wait")
            if found is None:
                say(f"setup.group.{purpose}_skipped", surface=name)
                return
            if not found[1] or await self._confirmed(found, purpose):
                say(f"setup.group.{purpose}_bound", surface=name)
                return

    def _seen(self, surface: str, purpose: str) -> Sighting | None:
        """The group that somebody bound from inside it, or where the bot was added."""
        if chat := self._chat(surface, purpose):
            return Place(surface=surface, chat=chat), ""
        house = self.installer.office.home.house
        while self.sightings:
            place, title = self.sightings.popleft()
            taken = house.purpose(surface, place.chat) or house.incident_at(surface, place.chat)
            if place.surface == surface and not taken:
                return place, title
        return None

    async def _confirmed(self, found: Sighting, purpose: str) -> bool:
        place, title = found
        if not await self.terminal.yes(f"setup.group.{purpose}_is_it", title=title):
            return False
        _, why_not = await self.installer.order(
            BindGroup(surface=place.surface, purpose=purpose, chat=place.chat, thread=place.thread)
        )
        if why_not:
            self.terminal.tell(why_not)
        return not why_not

    def _chat(self, surface: str, purpose: str) -> str | None:
        found = self.installer.office.home.house.group(surface, purpose)
        return found[0] if found else None
