"""Who speaks, from where: Telegram's people and chats as the chat rooms know them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from telegram import Chat, Message, User

from bots.chat.values import Account, Caller, Place
from bots.telegram.words import group_words, person_words, stranger_words
from engine.home import Home
from engine.i18n import Words

__all__ = ["SURFACE", "Callers", "thread_of"]

SURFACE = "telegram"


def thread_of(message: Message) -> str:
    """The topic of a forum. Elsewhere a reply has a thread number too, and it is none."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


@dataclass(frozen=True, slots=True)
class Callers:
    """Makes `Caller`s."""

    home: Home
    bot: int

    def key(self, update: int) -> str:
        """The same delivery has the same key."""
        return f"telegram:{self.bot}:{update}"

    def caller(self, user: User, chat: Chat, key: str, *, thread: str = "", sent_at: int = 0) -> Caller:
        """By the number of an account, never by a name. In private, whose chat it is: an unknown one's too."""
        house, account = self.home.house, str(user.id)
        private = chat.type == Chat.PRIVATE
        return Caller(
            account=Account(surface=SURFACE, id=account),
            place=Place(
                surface=SURFACE,
                chat=str(chat.id),
                thread=thread,
                person=(house.person(SURFACE, account) or account) if private else "",
            ),
            key=key,
            sent_at=sent_at,
            incident="" if private else house.incident_at(SURFACE, str(chat.id), thread),
        )

    def aside(self, caller: Caller) -> Caller:
        """The same person, spoken to in private."""
        account = caller.account.id
        person = self.home.house.person(SURFACE, account) or account
        return replace(caller, place=Place(surface=SURFACE, chat=account, person=person))

    def known(self, caller: Caller) -> bool:
        """Whether this account is somebody's."""
        return bool(self.home.house.person(SURFACE, caller.account.id))

    def words(self, user: User) -> Words:
        """The language of whoever is spoken to alone."""
        person = self.home.house.person(SURFACE, str(user.id))
        return person_words(self.home, person) if person else stranger_words(self.home, user.language_code)

    def aloud(self) -> Words:
        """The language of a group."""
        return group_words(self.home)
