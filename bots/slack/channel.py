"""A private channel for each incident, with the people of the cell in it: made once, whatever is cut on the way.

What should be is compared with what is, after each commit that may change it: an incident without a place gets one,
an account that is linked is invited. A channel that was made before a crash is found again by its name.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from typing import Any, Final, NoReturn

from bots.chat.elsewhere import listed, woken_or_declared
from bots.relay.port import Closed, Down, Rejected, Trouble, Wait
from bots.slack.platform import SURFACE, user_of
from bots.slack.render import clamped
from bots.slack.web import Web
from engine.core import commands as c
from engine.core.events import AccountLinked, Entry
from engine.core.house import CRISIS, EXERCISES, HOUSE
from engine.core.house.commands import BindPlace, MarkReach
from engine.core.incident import Incident
from engine.home import Home
from engine.i18n import Words
from engine.journal.errors import JournalUnavailable
from engine.timers import Clock

__all__ = ["NEW", "Channels"]

log = logging.getLogger(__name__)

NEW: Final = "new"
NAME, TOPIC = 80, 250
MOST_NAMES: Final = 9
PAUSES: Final = (2.0, 60.0)


class Channels:
    """The incidents' channels in one workspace."""

    def __init__(self, web: Web, home: Home, clock: Clock) -> None:
        self._web, self._home, self._clock = web, home, clock
        self._wake = asyncio.Event()
        self._lost: set[str] = set()
        self._invited: dict[str, set[str]] = {}
        """By channel: who is in it or was asked, so that nobody who left is asked twice."""
        self._parted: dict[str, set[str]] = {}
        """By channel: who was untied and taken out of it."""
        home.desk.on_commit(self._follow)

    def _follow(self, before: Incident | None, after: Incident, _: Sequence[Entry]) -> None:
        if after.id == HOUSE or before is None or _stands(before) != _stands(after):
            self._wake.set()

    def lost(self, channel: str) -> None:
        """Slack tells that a channel was archived or deleted: if an incident lives there, it needs another."""
        self._lost.add(channel)
        self._wake.set()

    async def run(self) -> NoReturn:
        """Keep to it until cancelled."""
        pause = PAUSES[0]
        while True:
            self._wake.clear()
            known = listed(self._home)
            try:
                await self._converge()
            except (Trouble, JournalUnavailable) as trouble:
                log.warning("the incidents' channels are not ready in Slack: %s", trouble)
                await asyncio.sleep(trouble.seconds if isinstance(trouble, Wait) else pause)
                pause = min(pause * 2, PAUSES[1])
                continue
            pause = PAUSES[0]
            await woken_or_declared(self._home, self._wake, known)

    @property
    def settled(self) -> bool:
        """Whether each open incident has its channel."""
        found = self._home.desk.incidents()
        return not any(self._is_ours(one) and self._place(one) is None for one in found)

    def _is_ours(self, incident: Incident) -> bool:
        """Whether it is to have a channel: not where the cell has one of its own, that somebody bound."""
        purpose = EXERCISES if incident.exercise else CRISIS
        shown = incident.status == "open" and not incident.readiness
        return shown and self._home.house.group(SURFACE, purpose) is None

    def _place(self, incident: Incident) -> tuple[str, str] | None:
        place = self._home.house.place(incident.id, SURFACE)
        return None if place is None or place[0] in self._lost else place

    async def _converge(self) -> None:
        for name in [one.id for one in self._home.desk.incidents()]:
            incident = self._home.desk.incident(name)
            if incident is None or not self._is_ours(incident):
                continue  # looked at now: it may have been closed while another's channel was made
            place = self._place(incident)
            if place is None:
                await self._bind(incident, await self._channel(incident))
            elif self._home.config.slack.crisis_channel == NEW or incident.exercise:
                await self._invite(place[0])
                await self._part(place[0])

    async def _channel(self, incident: Incident) -> str:
        given = self._home.config.slack.crisis_channel
        if given != NEW and not incident.exercise and given not in self._lost:
            return given
        channel = await self._made(incident)
        words = Words(self._home.config.organisation.lang)
        topic = words.say("slack.topic", incident=incident.id, title=incident.title)
        if incident.exercise:
            topic = f"{words.say('cards.heading.exercise')} {topic}"
        await self._web.asked(
            "conversations.setTopic",
            self._web.client.conversations_setTopic(channel=channel, topic=clamped(topic, TOPIC)),
        )
        await self._invite(channel)
        return channel

    async def _made(self, incident: Incident) -> str:
        for name in _names(incident):
            try:
                told = await self._web.asked(
                    "conversations.create",
                    self._web.client.conversations_create(name=name, is_private=True),
                )
            except Rejected as rejected:
                if rejected.args[0] != "name_taken":
                    raise
                if own := await self._own(name):
                    return own
            else:
                return str(told["channel"]["id"])
        raise Rejected("name_taken")

    async def _own(self, name: str) -> str:
        """A channel of ours with this name that no incident has: a crash came before it was written down."""
        taken = {place.chat for place in self._home.house.places.values()} | self._lost
        cursor = None
        while True:
            told = await self._web.asked(
                "conversations.list",
                self._web.client.conversations_list(
                    types="private_channel", exclude_archived=True, limit=200, cursor=cursor
                ),
            )
            for channel in told["channels"]:
                if channel["name"] == name and channel["id"] not in taken and _ours(channel, self._web.bot):
                    return str(channel["id"])
            cursor = (told.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return ""

    async def _invite(self, channel: str) -> None:
        """Invite whoever is linked and isn't there yet, one by one: one unknown account must not keep others out."""
        linked = self._linked()
        asked = self._invited.setdefault(channel, set())
        for user in sorted(linked - asked):
            try:
                await self._web.asked(
                    "conversations.invite", self._web.client.conversations_invite(channel=channel, users=user)
                )
            except (Closed, Rejected) as trouble:
                if trouble.args[0] != "already_in_channel":
                    log.warning("somebody could not be invited in Slack: %s", trouble)
            asked.add(user)
        self._parted.setdefault(channel, set()).difference_update(linked)

    def _linked(self) -> set[str]:
        """The users whose account is tied to somebody of the cell."""
        directory = self._home.world.at(self._clock.now()).directory
        return {
            user_of(link.account)
            for link in self._home.house.links.values()
            if link.surface == SURFACE and not directory.is_gone(link.person)
        }

    async def _part(self, channel: str) -> None:
        """Take out whoever was untied, or is of the cell no more: a telephone that was stolen reads no further."""
        parted, tied = self._parted.setdefault(channel, set()), self._linked()
        once = {
            user_of(entry.event.account)
            for entry in self._home.journal.reader.entries(HOUSE)
            if isinstance(entry.event, AccountLinked) and entry.event.surface == SURFACE
        }
        for user in sorted(once - tied - parted - {""}):
            try:
                await self._web.asked(
                    "conversations.kick", self._web.client.conversations_kick(channel=channel, user=user)
                )
            except (Closed, Rejected, Down) as trouble:
                if isinstance(trouble, Down) and not trouble.fatal:
                    raise
                if trouble.args[0] not in ("not_in_channel", "user_not_in_channel"):
                    log.warning(
                        "somebody who was untied could not be taken out of a channel of Slack: %s", trouble
                    )
            parted.add(user)
            self._invited.get(channel, set()).discard(user)

    async def _bind(self, incident: Incident, channel: str) -> None:
        place = BindPlace(incident=incident.id, surface=SURFACE, chat=channel)
        await self._tell_house(place, f"slack:place:{incident.id}:{channel}")

    async def reopened(self, account: str, key: str) -> None:
        """Whoever writes to us in private can be written to again, if they could not."""
        house = self._home.house
        if house.person(SURFACE, account) and not house.reachable(SURFACE, account):
            await self._tell_house(MarkReach(surface=SURFACE, account=account, open=True), f"{key}:open")

    async def _tell_house(self, command: c.Command, key: str) -> None:
        at = self._clock.now()
        order = c.Order(incident=HOUSE, command=command, by="", at=at, key=key, source=SURFACE)
        await self._home.desk.submit(order)


def _stands(incident: Incident) -> tuple[str, bool]:
    """What decides whether an incident has a channel; a review has none until it turns into an incident."""
    return incident.status, incident.readiness


def _names(incident: Incident) -> Iterator[str]:
    """`inc-2026-003`, then `inc-2026-003-2`…: an archived channel keeps its name."""
    name = incident.id.lower()[:NAME]
    yield name
    yield from (f"{name}-{number}" for number in range(2, MOST_NAMES + 1))


def _ours(channel: dict[str, Any], bot: str) -> bool:
    return bool(bot) and channel.get("creator") == bot
