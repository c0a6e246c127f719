"""A link that ties an account to a person gets forwarded: whoever opens it says first that they are that person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bots.chat.room import Room
from bots.chat.values import Answer, Caller
from bots.telegram.callers import SURFACE
from bots.telegram.hand import Hand, Popup
from bots.telegram.render import safe
from bots.telegram.words import person_words
from bots.telegram.writing import Sheet
from engine.home import Home
from engine.i18n import Words

__all__ = ["JOIN", "LEAVE", "Joining"]

JOIN: Final = "q.j."
LEAVE: Final = "q.l"


@dataclass(frozen=True, slots=True)
class Joining:
    """The question before an account is tied."""

    room: Room
    home: Home
    hand: Hand

    async def asked(self, caller: Caller, code: str) -> Answer | None:
        """Ask whether this is the person; what is answered at once to a code that is none."""
        found = None if self.room.rests(caller) else self.home.house.invitation(SURFACE, code)
        if found is None or self.home.house.person(SURFACE, caller.account.id) == found.person:
            return await self.room.say(caller, f"enroler {code}")
        words = person_words(self.home, found.person)
        name, town = self.home.world.directory.name(found.person), self.home.config.organisation.name
        keys = [
            InlineKeyboardButton(words.say("telegram.join.yes", person=name), callback_data=f"{JOIN}{code}"),
            InlineKeyboardButton(words.say("telegram.join.no"), callback_data=LEAVE),
        ]
        said = safe(words.say("telegram.join.question", person=name, organisation=town))
        await self.hand.send(
            caller.place.chat, Sheet(html=said, markup=InlineKeyboardMarkup([[one] for one in keys]))
        )
        return None

    async def pressed(self, caller: Caller, message: int, data: str, words: Words) -> Popup:
        """Yes or no; what the press shows."""
        chat = caller.place.chat
        if data == LEAVE:
            said = words.say("telegram.join.left")
            await self.hand.edit(chat, message, Sheet(html=safe(said)))
            return Popup(text=said)
        answer = await self.room.say(caller, f"enroler {data.removeprefix(JOIN)}")
        if await self.hand.tell(chat, answer):
            await self.hand.delete(chat, message)
        return Popup(text=answer.short, alert=not answer.ok)
