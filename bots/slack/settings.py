"""What the door must be told to open: tokens and addresses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Self

__all__ = ["SLACK_API", "SlackSettings"]

SLACK_API: Final = "https://slack.com/api/"


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackSettings:
    """Two ways in: an application token opens Socket Mode; a signing secret and an address to listen on, HTTP."""

    bot_token: str = field(repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    api_url: str = SLACK_API
    listen: tuple[str, int] | None = None
    """Host and port of the HTTP way in, behind the town's own TLS."""

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Self | None:
        """What `TOCSIN_SLACK_…` say; None without a bot token, or without a way in."""
        bot, app = secrets.get("TOCSIN_SLACK_BOT_TOKEN", ""), secrets.get("TOCSIN_SLACK_APP_TOKEN", "")
        signing, listen = (
            secrets.get("TOCSIN_SLACK_SIGNING_SECRET", ""),
            secrets.get("TOCSIN_SLACK_LISTEN", ""),
        )
        host, _, port = listen.rpartition(":")
        if not bot or not (app or (signing and port.isdecimal())):
            return None
        return cls(
            bot_token=bot,
            app_token=app,
            signing_secret=signing,
            api_url=secrets.get("TOCSIN_SLACK_API_URL", SLACK_API),
            listen=(host or "127.0.0.1", int(port)) if port.isdecimal() else None,
        )
