"""The door itself: it opens, tells Slack who we are, takes what comes, and stays open whatever Slack does."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from importlib import resources
from typing import Any, Final

import yaml
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltError
from slack_sdk.web.async_client import AsyncWebClient

from bots.chat.room import Room
from bots.relay.port import Down, Trouble, Wait, Wire
from bots.slack.channel import Channels
from bots.slack.delivered import Deliveries
from bots.slack.files import Files
from bots.slack.health import Health
from bots.slack.home_tab import HomeTab
from bots.slack.link import keep_linked, serve_http
from bots.slack.listeners import Listeners
from bots.slack.messages import Messages
from bots.slack.platform import SlackPlatform
from bots.slack.settings import SlackSettings
from bots.slack.telling import Teller
from bots.slack.web import SDK_LOG, Web
from engine.home import Home
from engine.home.leftovers import INCOMING
from engine.timers import Clock, SystemClock

__all__ = ["SlackDoor", "manifest", "scopes"]

log = logging.getLogger(__name__)

PAUSES: Final = (1.0, 60.0)
HEARTBEAT: Final = 60.0
"""Slack is asked for news of itself so often, seconds: a quiet night must not look like an outage."""


def manifest() -> dict[str, Any]:
    """The application as it is to be installed."""
    text = resources.files("bots.slack").joinpath("manifest.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


def scopes() -> frozenset[str]:
    """What the application must be granted."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


class SlackDoor:
    """One workspace's door. `platform` is for the relay; `run` holds until cancelled."""

    def __init__(self, room: Room, home: Home, settings: SlackSettings, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self.health = Health(clock)
        self._settings = settings
        self._web = Web(settings, self.health)
        self.platform = SlackPlatform(self._web, home)
        self._channels = Channels(self._web, home, clock)
        self.name = ""
        """The bot and its workspace, as people find them; empty until Slack has told it."""
        self._identity: AuthorizeResult | None = None
        self._tasks: asyncio.TaskGroup | None = None

        async def authorized() -> AuthorizeResult:  # the library takes functions, not methods
            if self._identity is None:
                raise BoltError("not_introduced")
            return self._identity

        self.app = AsyncApp(
            name="tocsin",
            # Slack is answered once the listener has returned: what it did is committed then. If it fails, Slack is
            # not answered: it delivers an event again, and tells whoever pressed that nothing came of it.
            process_before_response=True,
            # Asked by the library, Slack would be called before each first answer; we know who we are.
            authorize=authorized,
            client=AsyncWebClient(base_url=settings.api_url, retry_handlers=[], logger=SDK_LOG),
            # The library takes the deletion of our message for our own act; what is ours is left alone in `Messages`.
            ignoring_self_events_enabled=False,
            signing_secret=settings.signing_secret,
            request_verification_enabled=not settings.app_token,
            logger=SDK_LOG,
        )
        self.wire = Wire()
        deliveries, teller = Deliveries(home), Teller(self._web, home, self.wire)
        files = Files(self._web, home.path / INCOMING)
        Listeners(
            room=room,
            home=home,
            deliveries=deliveries,
            teller=teller,
            files=files,
            messages=Messages(
                room, self._web, deliveries, teller, files, self._channels, self._later, self.wire
            ),
            tab=HomeTab(room, self._web, deliveries, self._later),
            later=self._later,
        ).listen(self.app)

    @property
    def settled(self) -> bool:
        """Whether each open incident has its channel."""
        return self._channels.settled

    async def run(self) -> None:
        """Take what comes from Slack, until cancelled."""
        async with self._web:
            await self._introduced()
            async with asyncio.TaskGroup() as tasks:
                self._tasks = tasks
                tasks.create_task(self._channels.run())
                tasks.create_task(self._beat())
                way_in = keep_linked if self._settings.app_token else serve_http
                tasks.create_task(way_in(self.app, self._web))

    async def _introduced(self) -> None:
        """Learn who we are here; however long Slack is out of reach."""
        pause = PAUSES[0]
        while self._identity is None:
            try:
                await self._asked_who()
            except Trouble as trouble:
                log.warning("Slack doesn't say who we are: %s", trouble)
                fatal = isinstance(trouble, Down) and trouble.fatal
                pause = PAUSES[1] if fatal else min(pause * 2, PAUSES[1])
                await asyncio.sleep(max(pause, trouble.seconds) if isinstance(trouble, Wait) else pause)

    async def _asked_who(self) -> None:
        answer = await self._web.answer("auth.test", self._web.client.auth_test())
        told = answer.data if isinstance(answer.data, dict) else {}
        granted = str(answer.headers.get("x-oauth-scopes", "")).replace(" ", "").split(",")
        self.health.missing = tuple(sorted(scopes() - {*granted}))
        if self.health.missing:
            log.warning("Slack did not grant %s", ", ".join(self.health.missing))
        self._web.bot = str(told["user_id"])
        self.name = f"{told.get('user') or told['user_id']} ({told.get('team') or told['team_id']})"
        self._identity = AuthorizeResult(
            enterprise_id=told.get("enterprise_id"),
            team_id=told["team_id"],
            bot_user_id=told["user_id"],
            bot_id=told.get("bot_id"),
            bot_token=self._settings.bot_token,
        )

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                await self._asked_who()
            except Trouble as trouble:
                log.info("Slack did not answer: %s", trouble)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what Slack need not wait for: its failure must not close the door, nor its closing cost an answer."""
        if self._tasks is not None:
            quiet = _quietly(work)
            try:
                self._tasks.create_task(quiet)
            except RuntimeError:  # the door is closing: what was done is acknowledged, and told by the cards
                quiet.close()
            else:
                return
        work.close()


async def _quietly(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except Exception:
        # What the person did is committed; only its answer is lost, and the door must stay open for the next one.
        log.exception("something told to Slack failed")
