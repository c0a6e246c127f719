"""What would keep Telegram from serving on the day: asked of Telegram itself, in seconds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

from telegram import ChatMember, ChatMemberAdministrator, WebhookInfo
from telegram.error import TelegramError

from bots.relay.port import Down, Trouble
from bots.telegram.callers import SURFACE
from bots.telegram.client import Client
from bots.telegram.settings import TelegramSettings
from bots.telegram.trouble import trouble
from engine.core.house import CRISIS, EXERCISES, House
from engine.home.symptom import Symptom

__all__ = ["check_up", "introduced"]

PATIENCE: Final = 4.0
"""Seconds that one question may last."""
_LEFT: Final = (ChatMember.LEFT, ChatMember.BANNED)


async def introduced(settings: TelegramSettings) -> str:
    """The bot's name. Trouble if Telegram refuses the token, or doesn't answer."""
    async with _asking(settings) as client:
        return f"@{client.username}"


async def check_up(settings: TelegramSettings, house: House) -> AsyncIterator[Symptom]:
    """Token, webhook, privacy mode, the groups. Ends early when Telegram doesn't answer at all."""
    try:
        async with _asking(settings) as client:
            yield Symptom("ok", "bot_named", {"surface": "Telegram", "name": f"@{client.username}"})
            if client.bot.can_read_all_group_messages:
                yield Symptom("warn", "no_privacy")
            if (found := _webhook(await client.get_webhook_info(), settings)) is not None:
                yield found
            for group in house.groups.values():
                if group.surface == SURFACE:
                    yield await _group(client, group.chat, group.serves)
            for purpose, gravity in ((CRISIS, "bad"), (EXERCISES, "warn")):
                if house.group(SURFACE, purpose) is None:
                    yield Symptom("bad" if gravity == "bad" else "warn", f"no_{purpose}_group")
    except Trouble as found_down:
        yield _down(found_down)
    except TelegramError as error:
        yield _down(trouble(error))


@asynccontextmanager
async def _asking(settings: TelegramSettings) -> AsyncIterator[Client]:
    """A bot that has said who it is."""
    client = Client(replace(settings, timeout=PATIENCE))
    try:
        try:
            await client.initialize()
        except TelegramError as error:
            raise trouble(error) from error
        yield client
    finally:
        await client.shutdown()


def _webhook(info: WebhookInfo, settings: TelegramSettings) -> Symptom | None:
    """Whether updates come the way that we wait for them; `serve` sets it right when it opens."""
    if not settings.webhook_url:
        return Symptom("warn", "webhook_left", {"url": info.url}) if info.url else None
    if info.url != settings.webhook_url:
        return Symptom("warn", "webhook_elsewhere", {"url": info.url or "-"})
    if info.last_error_message and info.pending_update_count:
        return Symptom("bad", "webhook_fails", {"detail": info.last_error_message})
    return Symptom("ok", "webhook_works", {"url": info.url})


async def _group(client: Client, chat: str, purpose: str) -> Symptom:
    facts: dict[str, Any] = {"surface": "Telegram", "purpose": purpose, "name": chat}
    try:
        facts["name"] = (await client.get_chat(int(chat))).title or chat
        member = await client.get_chat_member(int(chat), client.id)
    except TelegramError as error:
        return Symptom("bad", "group_gone", facts | {"why": str(trouble(error))})
    if member.status in _LEFT:
        return Symptom("bad", "group_gone", facts | {"why": member.status})
    if not isinstance(member, ChatMemberAdministrator):
        return Symptom("bad", "not_administrator", facts)
    if not member.can_pin_messages:
        return Symptom("warn", "may_not_pin", facts)
    return Symptom("ok", "group_there", facts)


def _down(found: Trouble) -> Symptom:
    facts = {"surface": "Telegram", "why": str(found)}
    if isinstance(found, Down) and found.fatal:
        return Symptom("bad", "token_refused", facts)
    return Symptom("warn", "unreachable", facts)
