"""python-telegram-bot's `Bot` with explicit timeouts, whose updates come as they were received.

PTB reads all the updates of an answer or none: one that it can't read would hide the others. So they are handed out
raw, and read one by one.
"""

from __future__ import annotations

import warnings
from typing import Any, Final, cast

import telegram
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from bots.telegram.settings import TelegramSettings

__all__ = ["ALLOWED", "Client"]

# Each "slower" of Telegram would warn of a type that changes one day; both types are read (`trouble`).
warnings.filterwarnings("ignore", message=".*retry_after", category=PTBDeprecationWarning)

ALLOWED: Final = ("message", "edited_message", "callback_query", "my_chat_member")
"""Always named: Telegram remembers the last list between runs."""


class Client(telegram.Bot):
    """One bot. To be opened (`initialize`, which asks who we are) and closed (`shutdown`)."""

    __slots__ = ("_hold", "_timeout")

    def __init__(self, settings: TelegramSettings) -> None:
        super().__init__(
            settings.token,
            base_url=f"{settings.api_url}/bot",
            base_file_url=f"{settings.api_url}/file/bot",
            request=_request(settings, connections=64),
            get_updates_request=_request(settings, connections=2),
        )
        self._hold, self._timeout = settings.hold, settings.timeout

    async def updates(self, offset: int | None, *, hold: bool) -> list[dict[str, Any]]:
        """What waits for us, from `offset` on; all before is confirmed, and gone from Telegram."""
        seconds = self._hold if hold else 0
        given: dict[str, Any] = {"timeout": seconds, "allowed_updates": list(ALLOWED), "offset": offset}
        found = await self._post("getUpdates", given, read_timeout=seconds + self._timeout)
        return cast(list[dict[str, Any]], found)

    def read(self, raw: dict[str, Any]) -> telegram.Update:
        """An update as PTB reads it; whatever it raises, this one can't be read."""
        return telegram.Update.de_json(raw, self)


def _request(settings: TelegramSettings, *, connections: int) -> HTTPXRequest:
    seconds = settings.timeout
    return HTTPXRequest(
        connection_pool_size=connections,
        read_timeout=seconds,
        write_timeout=seconds,
        connect_timeout=seconds,
        # A burst of answers waits for a free connection rather than fail.
        pool_timeout=seconds,
        media_write_timeout=seconds * 3,
    )
