"""Write to Telegram, and get through what needs no one else's word: HTML not understood, a topic that is gone."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import (
    ForceReply,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bots.telegram.client import Client
from bots.telegram.render import plain
from bots.telegram.trouble import is_no_thread, is_same, is_unparsed

__all__ = ["Sheet", "Writer"]

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A link in people's words must fetch nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What is to be read: HTML, and what stands under it."""

    html: str
    markup: InlineKeyboardMarkup | ForceReply | None = None


@dataclass(frozen=True, slots=True)
class Writer:
    """One bot's hand. Raises what PTB raises."""

    client: Client

    async def send(
        self, chat: str | int, sheet: Sheet, *, thread: str = "", silent: bool = False, reply_to: int = 0
    ) -> Message:
        """Send; without its topic when that is gone, without its marks when they can't be read."""
        html, topic = sheet.html, thread
        mode: str | None = ParseMode.HTML
        while True:
            try:
                return await self.client.send_message(
                    int(chat),
                    html,
                    parse_mode=mode,
                    reply_markup=sheet.markup,
                    message_thread_id=int(topic) if topic else None,
                    disable_notification=silent,
                    link_preview_options=_NO_PREVIEW,
                    reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True)
                    if reply_to
                    else None,
                )
            except BadRequest as error:
                if topic and is_no_thread(error):
                    topic = ""
                elif mode is not None and is_unparsed(error):
                    html, mode = plain(html), None
                else:
                    raise

    async def edit(self, chat: str | int, message: str | int, sheet: Sheet) -> None:
        """Make a message of ours read so. It is no error that it already does."""
        html = sheet.html
        mode: str | None = ParseMode.HTML
        markup = sheet.markup if isinstance(sheet.markup, InlineKeyboardMarkup) else None
        while True:
            try:
                await self.client.edit_message_text(
                    html,
                    chat_id=int(chat),
                    message_id=int(message),
                    parse_mode=mode,
                    reply_markup=markup,
                    link_preview_options=_NO_PREVIEW,
                )
            except BadRequest as error:
                if is_same(error):
                    return
                if mode is None or not is_unparsed(error):
                    raise
                html, mode = plain(html), None
            else:
                return
