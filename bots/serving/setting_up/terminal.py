"""The terminal of whoever installs: words above, one question at a time, and a wait that Enter ends."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Final, TypeVar

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.patch_stdout import patch_stdout

from bots.inbound.vocabulary import NO, YES, plain
from engine.i18n import Words
from engine.visible import harmless

__all__ = ["Left", "Terminal"]

T = TypeVar("T")
GLANCE: Final = 0.2
"""Seconds between two looks at what is waited for."""


class Left(Exception):
    """The person leaves (Ctrl-C, Ctrl-D): what is done stays."""


class Terminal:
    """Asks in the language of this invocation. Never blocks the loop: the doors are open meanwhile."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self._shown: PromptSession[str] = PromptSession()
        self._hidden: PromptSession[str] = PromptSession()

    def say(self, key: str, /, **facts: object) -> None:
        """One sentence or more of the catalogue."""
        self.tell(self.words.say(key, **facts))

    def tell(self, text: str) -> None:
        """Words that are made already; names that people chose do nothing to the terminal."""
        for line in text.splitlines() or [""]:
            click.echo(harmless(line))

    async def ask(self, key: str, /, **facts: object) -> str:
        """What is typed, without spaces around."""
        return await self._asked(self._shown, key, hidden=False, **facts)

    async def hidden(self, key: str, /, **facts: object) -> str:
        """The same, shown nowhere."""
        return await self._asked(self._hidden, key, hidden=True, **facts)

    async def _asked(self, session: PromptSession[str], key: str, *, hidden: bool, **facts: object) -> str:
        question = harmless(self.words.say(key, **facts)) + " "
        try:
            # The signal of Ctrl-C between two questions belongs to `serve`, which stops cleanly.
            typed = await session.prompt_async(question, is_password=hidden, handle_sigint=False)
        except (KeyboardInterrupt, EOFError):
            raise Left from None
        return typed.strip()

    async def yes(self, key: str, /, *, default: bool = True, **facts: object) -> bool:
        """Yes or no; Enter alone: `default`."""
        while True:
            typed = plain(await self.ask(key, **facts))
            if not typed:
                return default
            if typed in (*YES, *NO):
                return typed in YES
            self.say("setup.yes_or_no")

    async def until(self, seen: Callable[[], T | None], key: str, /, **facts: object) -> T | None:
        """What `seen` finds once it finds something; None when Enter is pressed instead."""
        asking = asyncio.create_task(self.ask(key, **facts))
        try:
            with patch_stdout(raw=True):
                while not asking.done():
                    found = seen()
                    if found is not None:
                        return found
                    await asyncio.wait({asking}, timeout=GLANCE)
            asking.result()
            return None
        finally:
            asking.cancel()
            with contextlib.suppress(asyncio.CancelledError, Left):
                await asking
