"""A file that comes in private without a word: asked about in reply to it, and fetched only once it is to be kept.

The question stands as a reply to the file, and each key says what it would be evidence of: a restart forgets nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bots.chat.room import Room
from bots.chat.values import Answer, Caller, Content
from bots.lines import Line
from bots.telegram.files import Brought, TooBig, brought, dropped, fetched
from bots.telegram.hand import Hand, Popup
from bots.telegram.render import clamped, html, lines_html
from bots.telegram.writing import Sheet
from engine.i18n import Words
from engine.visible import harmless

__all__ = ["BRING", "Bringing", "unfetched"]

BRING: Final = "q.b."
"""Begins the data of these keys; a token follows, or nothing: it is not to be kept."""
_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Bringing:
    """Files on their way into the safe."""

    room: Room
    hand: Hand
    folder: Path
    """Where they lie until the safe has them."""

    async def take(self, caller: Caller, message: Message, found: Brought, words: Words) -> None:
        """A file that answers no question: kept for a step that asks for evidence, else asked about."""
        wanted = self.room.wanted(caller)
        if isinstance(wanted, str):
            answer = await self.bring(caller, wanted, found, message.caption or "", words)
            await self.hand.tell(caller.place.chat, answer)
        elif wanted.content is not None:
            sheet = Sheet(html=html(wanted.content), markup=_keys(wanted.content, words))
            await self.hand.send(caller.place.chat, sheet, reply_to=message.message_id)
        else:
            await self.hand.tell(caller.place.chat, wanted)

    async def bring(self, caller: Caller, token: str, found: Brought, text: str, words: Words) -> Answer:
        """Fetch it, and give it to the room; why not, when it can't be had."""
        try:
            file = await fetched(self.hand.client, found, self.folder)
        except (TooBig, TelegramError, OSError) as error:
            return unfetched(error, words)
        try:
            return await self.room.bring(caller, token, file, text)
        finally:
            await dropped(file)

    async def pressed(self, caller: Caller, question: Message, data: str, words: Words) -> Popup:
        """What was chosen for the file that the question replies to. However often it is pressed, it is one file."""
        token, file = data.removeprefix(BRING), question.reply_to_message
        found = brought(file) if file is not None else None
        if not token:
            answer = _said(words.say("chat.evidence.left"))
        elif file is None or found is None:
            answer = _said(words.say("telegram.file.gone"), ok=False)
        elif (barred := self.room.barred(caller, token)) is not None:
            answer = barred
        else:
            one = replace(
                caller, key=f"telegram:{self.hand.number}:file:{caller.place.chat}:{file.message_id}"
            )
            answer = await self.bring(one, token, found, file.caption or "", words)
        await self.hand.edit(caller.place.chat, question.message_id, Sheet(html=lines_html(answer.lines)))
        return Popup(text=answer.short, alert=not answer.ok)


def unfetched(error: Exception, words: Words) -> Answer:
    """Why a file could not be had."""
    key = "too_big" if isinstance(error, TooBig) else "not_fetched"
    return _said(words.say(f"telegram.file.{key}"), ok=False)


def _keys(content: Content, words: Words) -> InlineKeyboardMarkup:
    rows = [[_key(one.label, one.token) for one in row] for row in content.buttons]
    return InlineKeyboardMarkup([*rows, [_key(words.say("chat.evidence.leave"), "")]])


def _key(label: str, token: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(clamped(harmless(label), _LABEL), callback_data=f"{BRING}{token}")


def _said(text: str, *, ok: bool = True) -> Answer:
    return Answer(lines=(Line(kind="ok" if ok else "no", text=text),), ok=ok, short=text)
