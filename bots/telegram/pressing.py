"""A button was pressed: done first, then answered, always; what must be asked is asked in private."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import CallbackQuery, Chat, MaybeInaccessibleMessage, Message

from bots.chat.room import Room
from bots.chat.token import read
from bots.chat.values import Answer, Caller
from bots.telegram.asking import Asking
from bots.telegram.bringing import BRING, Bringing
from bots.telegram.callers import Callers, thread_of
from bots.telegram.choosing import PREFIX
from bots.telegram.draft import form_link
from bots.telegram.hand import Hand, Popup
from bots.telegram.joining import JOIN, LEAVE, Joining
from bots.telegram.render import POPUP, lines_html, plain, units
from engine.i18n import Words

__all__ = ["Pressing"]

More = Callable[[], Awaitable[bool]]
"""What is sent once the press is answered."""


@dataclass(frozen=True, slots=True)
class Pressing:
    """Every press is answered, whatever happens: else its button turns, and people press again."""

    room: Room
    hand: Hand
    callers: Callers
    asking: Asking
    bringing: Bringing
    joining: Joining

    async def take(self, query: CallbackQuery, key: str) -> None:
        """Do it, and answer it once it is durable."""
        words = self.callers.words(query.from_user)
        try:
            said, more = await self._pressed(query, key, words)
        except Exception:
            await self.hand.answer(query.id, Popup(text=words.say("telegram.broken"), alert=True))
            raise
        await self.hand.answer(query.id, said)
        if more is not None:
            await more()

    async def spare(self, query: str) -> None:
        """A press that nobody can read stops turning too."""
        await self.hand.answer(query, Popup(text=self.callers.aloud().say("telegram.broken"), alert=True))

    async def _pressed(self, query: CallbackQuery, key: str, words: Words) -> tuple[Popup, More | None]:
        """What the press shows, and what is then sent: the button must not turn while that waits."""
        message, data = query.message, query.data or ""
        if message is None or not data:
            return Popup(), None
        thread = thread_of(message) if isinstance(message, Message) else ""
        caller = self.callers.caller(query.from_user, message.chat, key, thread=thread)
        if data.startswith(PREFIX):
            return await self._of_ours(caller, message, data, words), None
        answer = await self.room.press(caller, data)
        self._stray(caller, message, data)
        return self._shown(caller, answer, data, message.chat, words)

    def _stray(self, caller: Caller, message: MaybeInaccessibleMessage, data: str) -> None:
        """In a group only the relay shows buttons of a procedure; in private we answer with some ourselves."""
        intent = read(data)
        if intent is not None and intent.incident and not caller.place.person:
            self.hand.wire.listener.stray(caller.place, str(message.message_id), intent.incident)

    async def _of_ours(
        self, caller: Caller, message: MaybeInaccessibleMessage, data: str, words: Words
    ) -> Popup:
        """A key of the door itself: it needs the message that it stands under."""
        if not isinstance(message, Message):
            return Popup(text=words.say("telegram.form.gone"), alert=True)
        if data == LEAVE or data.startswith(JOIN):
            return await self.joining.pressed(caller, message.message_id, data, words)
        if data.startswith(BRING):
            return await self.bringing.pressed(caller, message, data, words)
        return await self.asking.pressed(caller, message, data, words)

    def _shown(
        self, caller: Caller, answer: Answer, token: str, chat: Chat, words: Words
    ) -> tuple[Popup, More | None]:
        """In private all is shown there; in a group, words pass in a popup, and the rest opens the private chat."""
        said, there = Popup(text=answer.short, alert=not answer.ok), caller.place.chat
        form, content = answer.form, answer.content
        if chat.type != Chat.PRIVATE:
            away = form is not None or content is not None
            return Popup(url=form_link(self.hand.username, token)) if away else said, None
        if form is not None:
            return said, lambda: self.asking.begin(caller, form, words)
        if content is not None:
            return said, lambda: self.hand.show(there, content)
        if units(plain(lines_html(answer.lines))) > POPUP:
            return said, lambda: self.hand.tell(there, answer)
        return said, None
