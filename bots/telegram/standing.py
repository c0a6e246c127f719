"""What Telegram tells of the bot's own place: blocked, added, made an administrator, a group that moved."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Chat, ChatMember, ChatMemberUpdated, Message

from bots.chat.values import Answer, Caller, Place
from bots.lines import Line
from bots.telegram.callers import SURFACE, Callers
from bots.telegram.hand import Hand
from engine.core.commands import Command, Order
from engine.core.house import HOUSE
from engine.core.house.commands import MarkReach, MoveChat, NameBot
from engine.core.quantities import Instant
from engine.home import Home

__all__ = ["House", "Standing"]

log = logging.getLogger(__name__)

_IN = (ChatMember.MEMBER, ChatMember.ADMINISTRATOR, ChatMember.OWNER)


@dataclass(frozen=True, slots=True)
class House:
    """Writes in the house's book what Telegram tells, by nobody."""

    home: Home
    now: Callable[[], Instant]

    async def write(self, command: Command, key: str) -> None:
        """One order. JournalUnavailable when it can't be written: the update stays with Telegram."""
        order = Order(incident=HOUSE, command=command, by="", at=self.now(), key=key, source=SURFACE)
        receipt = await self.home.desk.submit(order)
        if receipt.refused is not None:
            log.info("the house takes no %s: %s", type(command).__name__, receipt.refused.code)


@dataclass(frozen=True, slots=True)
class Standing:
    """Follows where the bot may write."""

    house: House
    hand: Hand
    callers: Callers

    async def named(self) -> None:
        """The bot's name, of which links are made."""
        name = self.hand.username
        if self.house.home.house.bots.get(SURFACE) != name:
            await self.house.write(
                NameBot(surface=SURFACE, name=name), f"telegram:{self.hand.number}:name:{name}"
            )

    async def member(self, told: ChatMemberUpdated, key: str) -> None:
        """Blocked or not, by a person; in a group, added, removed, promoted."""
        now_in = told.new_chat_member.status in _IN
        if told.chat.type == Chat.PRIVATE:
            why = "" if now_in else "blocked"
            reach = MarkReach(surface=SURFACE, account=str(told.chat.id), open=now_in, why=why)
            await self.house.write(reach, key)
        elif now_in:
            self._opened(told.chat)
            if told.old_chat_member.status not in _IN:
                await self._hello(told.chat)
        else:
            log.error("the bot was removed from a group (%s)", told.chat.id)

    def _opened(self, chat: Chat) -> None:
        """Added or given rights: what was shut there may be open."""
        place, wire = Place(surface=SURFACE, chat=str(chat.id)), self.hand.wire
        wire.listener.opened(place)
        wire.added(place, chat.title or "")

    async def heard(self, caller: Caller) -> None:
        """Whoever writes in private may be written to: they pressed Start, or unblocked the bot."""
        account, house = caller.account.id, self.house.home.house
        if house.person(SURFACE, account) and not house.reachable(SURFACE, account):
            await self.house.write(
                MarkReach(surface=SURFACE, account=account, open=True), f"{caller.key}:open"
            )

    async def _hello(self, chat: Chat) -> None:
        """Say what to type so that the group serves."""
        said = Line(kind="hint", text=self.callers.aloud().say("telegram.added", bot=self.hand.username))
        await self.hand.tell(str(chat.id), Answer(lines=(said,)))

    async def moved(self, message: Message) -> bool:
        """A group became a supergroup: told in the old one and in the new one, it is the same move."""
        old, new = message.migrate_from_chat_id, message.migrate_to_chat_id
        if old is None and new is None:
            return False
        before, after = str(old or message.chat.id), str(new or message.chat.id)
        move = MoveChat(surface=SURFACE, old=before, new=after)
        await self.house.write(move, f"telegram:{self.hand.number}:moved:{before}:{after}")
        return True
