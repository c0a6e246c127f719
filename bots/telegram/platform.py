"""Telegram as the relay sees it: post, edit, pin, take away. Whatever Telegram refuses comes back as a `Trouble`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from telegram.error import BadRequest, TelegramError

from bots.chat.values import Content, Place
from bots.relay.port import Closed
from bots.telegram.client import Client
from bots.telegram.render import html, keys
from bots.telegram.trouble import trouble
from bots.telegram.words import group_words, person_words
from bots.telegram.writing import Sheet, Writer
from engine.home import Home
from engine.i18n import Words

__all__ = ["TelegramPlatform"]


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except TelegramError as error:
        raise trouble(error) from error


@dataclass(frozen=True, slots=True)
class TelegramPlatform:
    """The bot's hand, for the relay."""

    client: Client
    home: Home
    surface: str = "telegram"

    async def post(self, place: Place, content: Content, *, key: str, silent: bool, repeat: bool) -> str:
        """Telegram has no room for `key`: a message that may already be there says that it may be seen twice."""
        before = self._words(place).say("telegram.repeat") if repeat else ""
        sheet = self._sheet(content, before=before)
        quiet = silent and not content.mentions  # a mention rings nobody when the message is silent
        with _told():
            message = await self._writer.send(place.chat, sheet, thread=place.thread, silent=quiet)
        return str(message.message_id)

    async def edit(self, place: Place, message: str, content: Content) -> None:
        with _told():
            await self._writer.edit(place.chat, message, self._sheet(content))

    async def find(self, place: Place, key: str, since: int) -> str | None:
        """A bot can't look for its messages."""
        return None

    async def pin(self, place: Place, message: str) -> None:
        try:
            with _told():
                await self.client.pin_chat_message(int(place.chat), int(message), disable_notification=True)
        except Closed as closed:
            if closed.why != "no_right":  # without the right to, it stands where it was posted
                raise

    async def blank(self, place: Place, message: str) -> None:
        """Deleted within 48 hours, emptied after. It is no error that somebody deleted it before."""
        try:
            await self.client.delete_message(int(place.chat), int(message))
        except BadRequest as error:
            if "not found" in str(error).casefold() and "chat" not in str(error).casefold():
                return
            with _told():
                gone = self._words(place).say("telegram.blanked")
                await self._writer.edit(place.chat, message, Sheet(html=f"<i>{gone}</i>"))
        except TelegramError as error:
            raise trouble(error) from error

    async def private(self, account: str) -> str:
        """A private chat is called like the account; one that was shut, or never opened, is out of reach."""
        if not self.home.house.reachable(self.surface, account):
            raise Closed("not_started")
        return account

    @property
    def _writer(self) -> Writer:
        return Writer(self.client)

    def _sheet(self, content: Content, *, before: str = "") -> Sheet:
        return Sheet(
            html=html(content, self._mentioned(content), before=before), markup=keys(content.buttons)
        )

    def _mentioned(self, content: Content) -> Mapping[int, str]:
        """The linked accounts of whom a content is to ring."""
        house, directory = self.home.house, self.home.world.directory
        return {
            int(account): directory.name(person)
            for person in content.mentions
            for surface, account in house.accounts(person)
            if surface == self.surface and account.isdecimal()
        }

    def _words(self, place: Place) -> Words:
        return person_words(self.home, place.person) if place.person else group_words(self.home)
