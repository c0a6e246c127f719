"""Messages: commands, lines in private, answers to questions, files, replies that keep a message."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from telegram import Chat, InlineKeyboardButton, InlineKeyboardMarkup, Message
from telegram.error import TelegramError

from bots.chat.room import Room
from bots.chat.values import Account, Answer, Caller, Kept
from bots.inbound.vocabulary import find_word, is_word, plain
from bots.lines import Line
from bots.telegram.asking import Asking
from bots.telegram.bringing import Bringing, unfetched
from bots.telegram.callers import SURFACE, Callers, thread_of
from bots.telegram.draft import FORM, form_link
from bots.telegram.files import Brought, TooBig, brought, dropped, fetched
from bots.telegram.hand import HELLO, Hand
from bots.telegram.joining import Joining
from bots.telegram.render import safe
from bots.telegram.sparing import Sparing
from bots.telegram.standing import Standing
from bots.telegram.writing import Sheet
from engine.i18n import Words

__all__ = ["Hearing", "message_name"]

_COMMAND: Final = re.compile(r"/([\w?]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_CANCEL: Final = ("annuler", "annule", "stop", "cancel")


def message_name(message: Message) -> str:
    """A message's identity: its number counts within its chat only."""
    return f"{message.chat.id}/{message.message_id}"


@dataclass(frozen=True, slots=True)
class Hearing:
    """What is written to the bot. What isn't meant for it is neither kept nor looked at."""

    room: Room
    hand: Hand
    callers: Callers
    asking: Asking
    bringing: Bringing
    joining: Joining
    standing: Standing
    sparing: Sparing

    async def take(self, message: Message, key: str) -> None:
        """A new message."""
        user = message.from_user
        if user is None or (user.is_bot and message.sender_chat is None):
            return
        command = _COMMAND.fullmatch((message.text or message.caption or "").strip())
        private = message.chat.type == Chat.PRIVATE
        if not private and not (command and self._for_us(command)):
            return  # what people say to each other is theirs
        if message.sender_chat is not None:
            await self._anonymous(message)
            return
        sent_at = round(message.date.timestamp() * 1000)
        caller = self.callers.caller(user, message.chat, key, thread=thread_of(message), sent_at=sent_at)
        words = self.callers.words(user)
        if private:
            await self._in_private(caller, message, command, words)
        elif command:
            await self._in_group(caller, message, command, words)

    async def changed(self, message: Message, key: str) -> None:
        """Somebody edited a message: of interest only if it was kept."""
        user = message.from_user
        text = message.text or message.caption
        if user is None or text is None:
            return
        caller = self.callers.caller(user, message.chat, key, thread=thread_of(message))
        await self.room.changed(caller, message_name(message), text)
        if message.chat.type == Chat.PRIVATE and self.callers.known(caller):
            await self._hint(caller, self.callers.words(user), "edited")

    def _for_us(self, command: re.Match[str]) -> bool:
        """In a group other bots have commands too: ours are addressed to us, or one of our words in full."""
        word, to = command[1], command[2]
        if word == "start" and not command[3]:
            return False  # what clients send when the bot is added: no procedure is meant
        return to.casefold() == self.hand.username.casefold() if to else is_word(word)

    async def _anonymous(self, message: Message) -> None:
        """An anonymous administrator is nobody: what is done here has a name."""
        if not self.sparing.may_tell(str(message.chat.id)):
            return
        said = Line(kind="no", text=self.callers.aloud().say("telegram.anonymous"))
        await self.hand.tell(str(message.chat.id), Answer(lines=(said,)), reply_to=message.message_id)

    # In a group

    async def _in_group(self, caller: Caller, message: Message, command: re.Match[str], words: Words) -> None:
        answer = await self._commanded(caller, message, command, words)
        if answer is None or not (self.callers.known(caller) or self.sparing.may_tell(caller.account.id)):
            return
        if answer.public:
            await self.hand.tell(
                caller.place.chat, answer, thread=caller.place.thread, reply_to=message.message_id
            )
        elif not await self._aside(caller, answer, words):
            await self._openly(caller, message, answer)

    async def _aside(self, caller: Caller, answer: Answer, words: Words) -> bool:
        """In private, what isn't everybody's; False when the bot may not write there."""
        if not self.callers.home.house.reachable(SURFACE, caller.account.id):
            return False
        if answer.form is not None:
            return await self.asking.begin(self.callers.aside(caller), answer.form, words)
        return await self.hand.tell(caller.account.id, answer)

    async def _openly(self, caller: Caller, message: Message, answer: Answer) -> None:
        """In the group itself, without detail: why not, or where the answer can be read."""
        aloud = self.callers.aloud()
        said = answer.short if not answer.ok else aloud.say("telegram.in_private")
        link = form_link(self.hand.username, answer.form.token) if answer.form else self.hand.link
        key = InlineKeyboardButton(aloud.say("telegram.open"), url=link)
        await self.hand.send(
            caller.place.chat,
            Sheet(html=safe(said), markup=InlineKeyboardMarkup([[key]])),
            thread=caller.place.thread,
            reply_to=message.message_id,
        )

    # In private

    async def _in_private(
        self, caller: Caller, message: Message, command: re.Match[str] | None, words: Words
    ) -> None:
        await self.standing.heard(caller)
        if command and command[1] == "start":
            await self._started(caller, (command[3] or "").strip(), words)
            return
        if plain(command[1] if command else message.text or "") in _CANCEL:
            if await self.asking.cancel(caller, words):
                return
            if command:
                await self._hint(caller, words, "form.nothing")
                return
        if not self.callers.known(caller) and (brought(message) or not message.text):
            await self.hand.tell(caller.place.chat, self.room.stranger(caller))
            return
        found = brought(message)
        if not command and await self._answers(caller, message, words, found):
            return
        if message.forward_origin is not None and message.text:
            await self._hint(caller, words, "forwarded")  # somebody else's words are nobody's order
            return
        if found is None and not message.text:
            await self._hint(caller, words, "only_words")  # a sticker, a place, a contact
            return
        answer = await self._commanded(caller, message, command, words)
        if answer is not None:
            await self._told(caller, answer, words)

    async def _hint(self, caller: Caller, words: Words, key: str) -> None:
        said = Line(kind="hint", text=words.say(f"telegram.{key}"))
        await self.hand.tell(caller.place.chat, Answer(lines=(said,)))

    async def _told(self, caller: Caller, answer: Answer, words: Words) -> None:
        if answer.form is not None:
            await self.asking.begin(caller, answer.form, words)
        else:
            await self.hand.tell(caller.place.chat, answer)

    async def _started(self, caller: Caller, payload: str, words: Words) -> None:
        """Start, by a link: a form to fill in, a code that ties the account, or nothing in particular."""
        if payload.startswith(FORM):
            await self._told(caller, await self.room.press(caller, payload.removeprefix(FORM)), words)
        elif payload and payload != HELLO:
            answer = await self.joining.asked(caller, payload)
            if answer is not None:
                await self._told(caller, answer, words)
        else:
            await self._told(caller, await self.room.say(caller, "moi"), words)

    async def _answers(self, caller: Caller, message: Message, words: Words, found: Brought | None) -> bool:
        """Whether it answered the question that stands; a file that answers none is asked about."""
        if found is None:
            return await self.asking.typed(caller, message, words, None)
        if (barred := self.room.barred(caller)) is not None:
            await self.hand.tell(caller.place.chat, barred)
        elif not await self.asking.awaits_file(caller, message):
            await self.bringing.take(caller, message, found, words)
        else:
            try:
                file = await fetched(self.hand.client, found, self.bringing.folder)
            except (TooBig, TelegramError, OSError) as error:
                await self.hand.tell(caller.place.chat, unfetched(error, words))
                return True
            try:
                await self.asking.typed(caller, message, words, file)
            finally:
                await dropped(file)
        return True

    # Words, and what they are about

    async def _commanded(
        self, caller: Caller, message: Message, command: re.Match[str] | None, words: Words
    ) -> Answer | None:
        word = find_word(command[1]) if command else ()
        rest = (command[3] or "").strip() if command else ""
        replied = message.reply_to_message
        if word == ("note",) and replied is not None and not rest and not self.hand.wrote(replied):
            return await self.room.keep(caller, self._kept(replied))
        found = brought(message) or (brought(replied) if replied else None)
        if word == ("evidence",) and found is not None:
            barred = self.room.barred(caller)
            return barred or await self.bringing.bring(caller, "", found, rest, words)
        text = f"{command[1]} {rest}".strip() if command else message.text or ""
        return await self.room.say(caller, text)

    def _kept(self, replied: Message) -> Kept:
        author = replied.from_user
        name = author.full_name if author else replied.sender_chat.title if replied.sender_chat else ""
        return Kept(
            text=replied.text or replied.caption or "",
            author=Account(surface=SURFACE, id=str(author.id) if author else ""),
            author_name=name or "",
            sent_at=round(replied.date.timestamp() * 1000),
            message=message_name(replied),
        )
