"""What would keep Slack from serving on the day: asked of Slack itself, in seconds."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final

from bots.relay.port import Down, Trouble
from bots.slack.door import scopes
from bots.slack.health import Health
from bots.slack.platform import SURFACE
from bots.slack.settings import SlackSettings
from bots.slack.web import Web
from engine.core.house import House
from engine.home.symptom import Symptom
from engine.timers import SystemClock

__all__ = ["check_up", "introduced"]

PATIENCE: Final = 4.0
"""Seconds that one question may last."""


async def introduced(settings: SlackSettings) -> str:
    """The bot and its workspace, as people know them. Trouble if Slack refuses the token, or doesn't answer."""
    async with _web(settings) as web:
        name, _ = await _who(web)
        if settings.app_token:
            await _socket(web)
        return name


async def check_up(settings: SlackSettings, house: House) -> AsyncIterator[Symptom]:
    """Token, scopes, the socket, the channels. Ends early when Slack doesn't answer at all."""
    async with _web(settings) as web:
        try:
            name, granted = await _who(web)
        except Trouble as trouble:
            yield _down(trouble)
            return
        yield Symptom("ok", "bot_named", {"surface": "Slack", "name": name})
        if missing := sorted(scopes() - granted):
            yield Symptom("bad", "scopes_missing", {"scopes": ", ".join(missing), "count": len(missing)})
        if settings.app_token:
            try:
                await _socket(web)
            except Trouble as trouble:
                yield Symptom("bad", "socket_off", {"why": _why(trouble)})
            else:
                yield Symptom("ok", "socket_on")
        for group in house.groups.values():
            if group.surface == SURFACE:
                yield await _channel(web, group.chat, group.serves)


def _web(settings: SlackSettings) -> Web:
    return Web(settings, Health(SystemClock()))


async def _within(asked: Any) -> Any:
    """Not longer than somebody waits at a terminal."""
    try:
        async with asyncio.timeout(PATIENCE):
            return await asked
    except TimeoutError:
        raise Down("unreachable") from None


async def _who(web: Web) -> tuple[str, frozenset[str]]:
    answer = await _within(web.answer("auth.test", web.client.auth_test()))
    told = answer.data if isinstance(answer.data, dict) else {}
    granted = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
    return f"{told.get('user')} ({told.get('team')})", frozenset(granted)


async def _socket(web: Web) -> None:
    """Ask for an address of Socket Mode, and leave it unused: it costs nobody else theirs."""
    call = web.client.apps_connections_open(app_token=web.settings.app_token)
    await _within(web.asked("apps.connections.open", call))


async def _channel(web: Web, channel: str, purpose: str) -> Symptom:
    facts: dict[str, Any] = {"surface": "Slack", "purpose": purpose, "name": channel}
    try:
        told = await _within(web.asked("conversations.info", web.client.conversations_info(channel=channel)))
    except Trouble as trouble:
        return Symptom("bad", "group_gone", facts | {"why": _why(trouble)})
    found = told.get("channel") or {}
    facts["name"] = f"#{found.get('name') or channel}"
    if found.get("is_archived") or not found.get("is_member", True):
        why = "is_archived" if found.get("is_archived") else "not_in_channel"
        return Symptom("bad", "group_gone", facts | {"why": why})
    return Symptom("ok", "group_there", facts)


def _down(trouble: Trouble) -> Symptom:
    facts = {"surface": "Slack", "why": _why(trouble)}
    if isinstance(trouble, Down) and trouble.fatal:
        return Symptom("bad", "token_refused", facts)
    return Symptom("warn", "unreachable", facts)


def _why(trouble: Trouble) -> str:
    return str(trouble.args[0]) if trouble.args else type(trouble).__name__
