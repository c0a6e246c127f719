"""The bots' tokens: which are there, where the missing ones come from, whether their platform takes them."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Final

from bots.relay.port import Down, Trouble
from bots.serving.setting_up.terminal import Terminal
from bots.serving.settings import Bots, keep_secret, secrets_file, secrets_of
from bots.slack import checkup as slack
from bots.telegram import checkup as telegram

__all__ = ["tokens"]

Secrets = Mapping[str, str]

_SHAPES: Final = {
    "TOCSIN_TELEGRAM_TOKEN": re.compile(r"\d+:[\w-]{10,}"),
    "TOCSIN_SLACK_BOT_TOKEN": re.compile(r"xoxb-[\w-]+"),
    "TOCSIN_SLACK_APP_TOKEN": re.compile(r"xapp-[\w-]+"),
}
NEW_APP: Final = "https://api.slack.com/apps?new_app=1"


@dataclass(frozen=True, slots=True)
class _Platform:
    surface: str
    names: tuple[str, ...]
    """Of its tokens."""
    ready: Callable[[Secrets], bool]
    introduced: Callable[[Secrets], Awaitable[str]]


def _platforms() -> tuple[_Platform, ...]:
    async def on_telegram(secrets: Secrets) -> str:
        settings = Bots.of(secrets).telegram
        assert settings is not None
        return await telegram.introduced(settings)

    async def on_slack(secrets: Secrets) -> str:
        settings = Bots.of(secrets).slack
        assert settings is not None
        return await slack.introduced(settings)

    return (
        _Platform(
            "telegram",
            ("TOCSIN_TELEGRAM_TOKEN",),
            lambda secrets: Bots.of(secrets).telegram is not None,
            on_telegram,
        ),
        _Platform(
            "slack",
            ("TOCSIN_SLACK_BOT_TOKEN", "TOCSIN_SLACK_APP_TOKEN"),
            lambda secrets: Bots.of(secrets).slack is not None,
            on_slack,
        ),
    )


async def tokens(terminal: Terminal, home: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """See to the tokens of each platform that the town wants; what opens, Slack left out while it is half there."""
    for platform in _platforms():
        await _Tokens(terminal, home, environment, platform).settle()
    found = secrets_of(home, environment)
    if lacks := Bots.of(found).lacks:
        terminal.say("setup.token.half", missing=lacks)
        return {name: value for name, value in found.items() if not name.startswith("TOCSIN_SLACK_")}
    return found


@dataclass(frozen=True, slots=True)
class _Tokens:
    terminal: Terminal
    home: Path
    environment: Mapping[str, str]
    platform: _Platform

    @property
    def secrets(self) -> dict[str, str]:
        return secrets_of(self.home, self.environment)

    async def settle(self) -> None:
        surface, say = self.platform.surface, self.terminal.say
        say(f"setup.{surface}.title")
        if not self.platform.ready(self.secrets):
            if not await self.terminal.yes(f"setup.{surface}.wanted"):
                say("setup.token.later")
                return
            say(f"setup.{surface}.steps", manifest=_manifest(), url=NEW_APP)
            for name in self.platform.names:
                if not self.secrets.get(name):
                    await self._typed(name)
        while self.platform.ready(self.secrets) and not await self._taken():
            pass

    async def _typed(self, name: str) -> None:
        """Ask for a token, hidden, until it looks like one; nothing: it is for later."""
        say = self.terminal.say
        while typed := await self.terminal.hidden("setup.token.ask", name=name):
            if _SHAPES[name].fullmatch(typed):
                path = secrets_file(self.home, self.environment)
                keep_secret(path, name, typed)
                say("setup.token.kept", path=path)
                return
            say(f"setup.token.shape_{name.removeprefix('TOCSIN_').lower()}")
        say("setup.token.later")

    async def _taken(self) -> bool:
        """Whether there is nothing more to ask about: the platform knows us, or can't be asked now."""
        surface = self.terminal.words.say(f"setup.surface.{self.platform.surface}")
        say = self.terminal.say
        try:
            name = await self.platform.introduced(self.secrets)
        except Trouble as trouble:
            why = str(trouble.args[0]) if trouble.args else type(trouble).__name__
            if not (isinstance(trouble, Down) and trouble.fatal):
                say("setup.token.unreachable", surface=surface, why=why)
                return True
            say("setup.token.refused", surface=surface, why=why)
        else:
            say("setup.token.good", surface=surface, name=name)
            return True
        if any(self.environment.get(name) for name in self.platform.names):
            say("setup.token.in_environment", names=", ".join(self.platform.names))
            return True
        if not await self.terminal.yes("setup.token.again"):
            return True
        for name in self.platform.names:
            await self._typed(name)
        return False


def _manifest() -> Path:
    return Path(str(resources.files("bots.slack").joinpath("manifest.yaml")))
