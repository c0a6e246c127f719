"""The door's own hand: what is answered to people at once, beside what the relay shows.

An answer is worth waiting a little for when Telegram says "slower"; it is never sent twice when its fate is unknown:
what was done is durable, and the chat will tell it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from telegram import Message
from telegram.error import BadRequest, RetryAfter, TelegramError

from bots.chat.values import Answer, Content, Place
from bots.relay.port import Closed, Wait, Wire
from bots.telegram.client import Client
from bots.telegram.holding import let_go
from bots.telegram.render import html, keys, lines_html, popup
from bots.telegram.trouble import is_old_query, trouble
from bots.telegram.writing import Sheet, Writer

__all__ = ["HELLO", "Hand", "Popup"]

log = logging.getLogger(__name__)

HELLO = "hello"
"""A start parameter that means nothing: it opens the chat."""
PATIENCE = 20.0
"""Seconds that an answer waits in all for Telegram to take it."""
PROMPT = 0.1
"""Seconds after which an answer on its way no longer keeps what others press from being asked for."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Popup:
    """What a press shows: words, that must be closed (`alert`) or that pass, or a page that opens."""

    text: str = ""
    alert: bool = False
    url: str = ""


@dataclass(slots=True)
class Hand:
    """Says things, and tells only whether it could."""

    client: Client
    username: str = ""
    """The bot's, once Telegram has told it."""
    wire: Wire = field(default_factory=Wire)

    def wrote(self, message: Message) -> bool:
        """Whether this message is ours."""
        return message.from_user is not None and message.from_user.id == self.number

    @property
    def number(self) -> int:
        return int(self.client.token.partition(":")[0])

    @property
    def link(self) -> str:
        """Opens a private chat with the bot."""
        return f"https://t.me/{self.username}?start={HELLO}"

    async def send(self, chat: str, sheet: Sheet, *, thread: str = "", reply_to: int = 0) -> Message | None:
        """Send; None when it could not be. It rings no phone: it answers somebody who has theirs in hand."""
        writer = Writer(self.client)
        self._spend(chat, "post")
        return await self._patiently(
            lambda: writer.send(chat, sheet, thread=thread, silent=True, reply_to=reply_to)
        )

    async def edit(self, chat: str, message: int, sheet: Sheet) -> None:
        writer = Writer(self.client)
        self._spend(chat, "edit")
        await self._patiently(lambda: writer.edit(chat, message, sheet))

    async def delete(self, chat: str, message: int) -> bool:
        """Take a message away; False when it stays: after 48 hours it does."""
        self._spend(chat, "blank")
        return bool(await self._patiently(lambda: self.client.delete_message(int(chat), message)))

    def _spend(self, chat: str, act: str) -> None:
        """It counts against what the relay may send there. A group's number is negative."""
        person = "" if chat.startswith("-") else chat
        self.wire.listener.spend(Place(surface="telegram", chat=chat, person=person), act)

    async def tell(self, chat: str, answer: Answer, *, thread: str = "", reply_to: int = 0) -> bool:
        """The lines of an answer, and what it shows beside; False when it could not be sent."""
        if (shown := answer.content) is not None:
            both = Content(title=shown.title, lines=(*answer.lines, *shown.lines), buttons=shown.buttons)
            return await self.show(chat, both, thread=thread)
        sheet = Sheet(html=lines_html(answer.lines))
        return not answer.lines or await self.send(chat, sheet, thread=thread, reply_to=reply_to) is not None

    async def show(self, chat: str, content: Content, *, thread: str = "") -> bool:
        """A content with its keys, outside what the relay keeps up to date."""
        sheet = Sheet(html=html(content), markup=keys(content.buttons))
        return await self.send(chat, sheet, thread=thread) is not None

    async def answer(self, query: str, said: Popup) -> None:
        """Stop the button from turning; too late, it has stopped by itself."""
        try:
            await self._patiently(
                lambda: self.client.answer_callback_query(
                    query, text=popup(said.text) or None, show_alert=said.alert, url=said.url or None
                ),
                loud=True,
            )
        except BadRequest as error:
            if not is_old_query(error):
                log.warning("a press could not be answered: %s", error)
        except TelegramError as error:
            log.warning("a press could not be answered: %s", type(error).__name__)

    async def _patiently(self, call: Callable[[], Awaitable[T]], *, loud: bool = False) -> T | None:
        """Wait as Telegram says, within reason. `loud`: a refusal is the caller's business."""
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while True:
            late = loop.call_later(PROMPT, let_go)
            try:
                return await call()
            except RetryAfter as error:
                wait = trouble(error)
                seconds = wait.seconds if isinstance(wait, Wait) else PATIENCE
                if loop.time() + seconds > until:
                    if loud:
                        raise
                    log.warning("an answer was given up: Telegram asks to wait %d s", seconds)
                    return None
                let_go()
                await asyncio.sleep(seconds)
            except TelegramError as error:
                if loud:
                    raise
                found = trouble(error)
                log.log(
                    logging.INFO if isinstance(found, Closed) else logging.WARNING,
                    "an answer was not taken: %s",
                    type(found).__name__,
                )
                return None
            finally:
                late.cancel()
