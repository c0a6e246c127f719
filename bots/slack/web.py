"""One way to ask Slack anything: a bounded wait, no blind repetition, troubles in the relay's words."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bots.relay.port import Down, Unsure
from bots.slack.health import Health
from bots.slack.settings import SlackSettings
from bots.slack.troubles import trouble_of

__all__ = ["LONGEST", "SDK_LOG", "Web"]

LONGEST: Final = 10
"""Seconds that any call may last: a dead Slack must hold nobody up."""
CONNECTING: Final = 5

SDK_LOG: Final = logging.getLogger("bots.slack.sdk")
# Left to itself the library logs whole requests, so what people wrote, as soon as anybody asks for details.
SDK_LOG.setLevel(logging.WARNING)


class Web:
    """The Web API of one workspace. Entered, it keeps its connections; before, each call makes its own."""

    def __init__(self, settings: SlackSettings, health: Health) -> None:
        self.settings, self.health = settings, health
        self.bot = ""
        """Our own user, once Slack has told it."""
        # The library would repeat a call whose answer was lost: two messages.
        self.client = AsyncWebClient(
            token=settings.bot_token,
            base_url=settings.api_url,
            timeout=LONGEST,
            logger=SDK_LOG,
            retry_handlers=[],
        )

    async def __aenter__(self) -> Self:
        self.client.session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=LONGEST, sock_connect=CONNECTING)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session, self.client.session = self.client.session, None
        if session is not None:
            await session.close()

    async def asked(self, method: str, call: Awaitable[AsyncSlackResponse]) -> dict[str, Any]:
        """Await a call to this method; Trouble if it isn't done, or nobody knows."""
        told = (await self.answer(method, call)).data
        return told if isinstance(told, dict) else {}

    async def answer(self, method: str, call: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
        """The same, with the headers."""
        try:
            answer = await call
        except Exception as error:
            trouble = trouble_of(error, method)
            if isinstance(trouble, Down):
                self.health.failed(trouble.why, fatal=trouble.fatal)
            elif not isinstance(trouble, Unsure):
                self.health.answered()  # a refusal is an answer
            raise trouble from error
        self.health.answered()
        return answer

    async def respond(
        self, url: str, text: str, blocks: list[dict[str, Any]], *, instead: bool = False
    ) -> bool:
        """Answer where somebody spoke, to them alone; False when this address no longer serves.

        `instead`: in the place of the message that they pressed.
        """
        hook = AsyncWebhookClient(
            url, timeout=LONGEST, session=self.client.session, logger=SDK_LOG, retry_handlers=[]
        )
        try:
            told = await hook.send(
                text=text, blocks=blocks or None, response_type="ephemeral", replace_original=instead
            )
        except (aiohttp.ClientError, TimeoutError, ConnectionError):
            return False
        return told.status_code == 200
