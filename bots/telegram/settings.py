"""What the door needs to know of Telegram: the bot's token, where its server is, how updates come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

__all__ = ["API", "TelegramSettings"]

API: Final = "https://api.telegram.org"
LISTEN: Final = "127.0.0.1:8443"


@dataclass(frozen=True, slots=True, kw_only=True)
class TelegramSettings:
    """`repr` shows no secret: a token opens the crisis cell's group to whoever holds it."""

    token: str
    api_url: str = API
    """Telegram's, or a Bot API server of one's own."""
    webhook_url: str = ""
    """Where Telegram pushes updates; empty: they are polled for, which needs no way in from the Internet."""
    webhook_secret: str = ""
    webhook_listen: str = LISTEN
    """Where we wait for them, behind the proxy that has the certificate."""
    hold: int = 25
    """Seconds that a poll is held open when nothing happens."""
    pause: float = 1.0
    """Seconds before a failed poll is tried again; it grows to `longest_pause`."""
    longest_pause: float = 30.0
    """Also how often a refused token is tried again: one 401 must not end it all."""
    timeout: float = 10.0
    """Seconds that a call may take."""

    @classmethod
    def of(cls, secrets: Mapping[str, str]) -> Self | None:
        """From names as in `secrets.env`; None without a token."""
        if not (token := secrets.get("TOCSIN_TELEGRAM_TOKEN", "")):
            return None
        return cls(
            token=token,
            api_url=secrets.get("TOCSIN_TELEGRAM_API_URL", "").rstrip("/") or API,
            webhook_url=secrets.get("TOCSIN_TELEGRAM_WEBHOOK_URL", ""),
            webhook_secret=secrets.get("TOCSIN_TELEGRAM_WEBHOOK_SECRET", ""),
            webhook_listen=secrets.get("TOCSIN_TELEGRAM_WEBHOOK_LISTEN", "") or LISTEN,
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(api_url={self.api_url!r}, webhook_url={self.webhook_url!r})"
