"""The commands that Telegram offers while one types `/`: by kind of chat, in the language of the telephone."""

from __future__ import annotations

import logging
from typing import Final

from telegram import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import TelegramError

from bots.inbound.vocabulary import WORDS
from bots.telegram.client import Client
from engine.home import Home
from engine.i18n import LANGUAGES, Words

__all__ = ["offer_commands"]

log = logging.getLogger(__name__)

IN_GROUPS: Final = (
    "declare", "status", "note", "decision", "presence", "rollcall", "timeline", "clock", "help", "bind",
)  # fmt: skip
"""What is said before all. Every word of the conversation is understood, offered or not."""
IN_PRIVATE: Final = (
    "me", "declare", "status", "view", "note", "decision", "evidence", "presence", "blocked", "task", "handover",
    "say", "situation", "timeline", "directory", "help",
)  # fmt: skip


async def offer_commands(client: Client, home: Home) -> None:
    """Tell Telegram. Without it people type them all the same: it is no failure."""
    scopes = (
        (BotCommandScopeAllGroupChats(), IN_GROUPS, False),
        (BotCommandScopeAllPrivateChats(), IN_PRIVATE, True),
    )
    town = home.config.organisation.lang
    try:
        for scope, meanings, private in scopes:
            for lang in LANGUAGES:
                listed = _commands(lang, meanings, private=private)
                await client.set_my_commands(listed, scope=scope, language_code=lang)
                if lang == town:
                    await client.set_my_commands(listed, scope=scope)
    except TelegramError as error:
        log.warning("the commands could not be offered: %s", type(error).__name__)


def _commands(lang: str, meanings: tuple[str, ...], *, private: bool) -> list[BotCommand]:
    words, place = Words(lang), LANGUAGES.index(lang)
    named = [(WORDS[one][min(place, len(WORDS[one]) - 1)], one) for one in meanings]
    found = [BotCommand(word, words.say(f"telegram.command.{meaning}")) for word, meaning in named]
    if private:
        found.append(BotCommand(words.say("telegram.cancel_word"), words.say("telegram.command.cancel")))
    return found
