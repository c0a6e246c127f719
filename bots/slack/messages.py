"""What people write: nothing of it is kept, but what they say to tocsin, pin, or bring.

Slack is told that an event has come only once the room has done with it; until then it would deliver it again. The
same event delivered again has the same key, and changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, Final

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.response import BoltResponse

from bots.chat.room import Room
from bots.chat.values import Account, Answer, Caller, Kept, Place
from bots.lines import Line
from bots.relay.port import Trouble, Wire
from bots.slack.channel import Channels
from bots.slack.delivered import Deliveries, Reply, instant_of
from bots.slack.files import Files, Unfetched
from bots.slack.naming import Names
from bots.slack.offering import with_file, with_message
from bots.slack.platform import SURFACE
from bots.slack.telling import Teller
from bots.slack.web import Web

__all__ = ["PIN", "Messages"]

log = logging.getLogger(__name__)

_WRITTEN: Final = (None, "file_share", "me_message")

PIN: Final = "pushpin"
"""The emoji that keeps a message."""

Event = Mapping[str, Any]


class Messages:
    """Events of one workspace."""

    def __init__(
        self,
        room: Room,
        web: Web,
        deliveries: Deliveries,
        teller: Teller,
        files: Files,
        channels: Channels,
        later: Callable[[Coroutine[Any, Any, None]], None],
        wire: Wire,
    ) -> None:
        self._room, self._web = room, web
        self._deliveries, self._teller, self._files, self._channels = deliveries, teller, files, channels
        self._later, self._wire = later, wire
        self.names = Names(web)
        self._going: set[str] = set()

    def listen(self, app: AsyncApp) -> None:
        """Register with the library."""
        app.event("reaction_added")(self._once(self._reacted))
        app.event("message")(self._once(self._message))
        app.event("app_mention")(self._once(self._mentioned))
        for gone in ("group_archive", "group_deleted"):
            app.event(gone)(self._once(self._closed))
        for come in ("group_unarchive", "member_joined_channel"):
            app.event(come)(self._once(self._opened))

    def _once(
        self, handle: Callable[[Event, Event], Awaitable[None]]
    ) -> Callable[..., Awaitable[BoltResponse | None]]:
        async def handled(body: dict[str, Any], event: dict[str, Any]) -> BoltResponse | None:
            if event.get("user") == self._web.bot and event.get("type") != "member_joined_channel":
                return None  # we did it ourselves
            key = str(body.get("event_id"))
            if (
                key in self._going
            ):  # delivered again while it is being done: not yet answered, and not done twice
                return BoltResponse(status=503)
            self._going.add(key)
            try:
                await handle(body, event)
            except Trouble as trouble:
                log.warning("an event of Slack waits to be delivered again: %s", trouble)
                return BoltResponse(status=503)
            finally:
                self._going.discard(key)
            return None

        return handled

    # Kept

    async def _reacted(self, body: Event, event: Event) -> None:
        item = event.get("item") or {}
        if event.get("reaction") != PIN or item.get("type") != "message":
            return
        channel, user = str(item["channel"]), str(event["user"])
        caller = self._deliveries.told(body, user, channel, event.get("event_ts"))
        message = await self._fetched(channel, str(item["ts"]))
        if message is None:
            return
        reply = Reply(user=user, chat=channel)
        answer = await self.keep(caller, message)
        self._later(self._teller.answer(caller, reply, answer))
        if answer.ok:
            await self.bring_all(caller, reply, message)

    async def keep(self, caller: Caller, message: Event) -> Answer:
        """Make a message an entry. A card of ours is none: the journal holds what it says already."""
        if message.get("metadata") or (message.get("bot_id") and not message.get("user")):
            return Answer()
        user = str(message.get("user") or "")
        team = message.get("user_team") or message.get("team") or caller.account.id.partition("/")[0]
        kept = Kept(
            text=await self.names.words(str(message.get("text") or ""), user),
            author=Account(surface=SURFACE, id=f"{team}/{user}"),
            author_name=self.names.now(user) or user,
            sent_at=instant_of(message["ts"]),
            message=_identity(caller.place.chat, str(message["ts"])),
        )
        return with_message(await self._room.keep(caller, kept), str(message["ts"]))

    async def keep_at(self, caller: Caller, reply: Reply, ts: str) -> Answer:
        """The same, of a message of this channel by its hour, with its files; one that is gone is not kept."""
        message = await self._fetched(caller.place.chat, ts)
        if message is None:
            return Answer()
        answer = await self.keep(caller, message)
        if answer.ok:
            await self.bring_all(caller, reply, message)
        return answer

    async def _fetched(self, channel: str, ts: str) -> Event | None:
        """A message by its hour; None if it is no longer there. One in a thread is among its replies."""
        client = self._web.client
        told = await self._web.asked(
            "conversations.history",
            client.conversations_history(
                channel=channel, oldest=ts, latest=ts, inclusive=True, limit=1, include_all_metadata=True
            ),
        )
        if not any(one["ts"] == ts for one in told["messages"]):
            told = await self._web.asked(
                "conversations.replies",
                client.conversations_replies(channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True),
            )
        return next((one for one in told["messages"] if one["ts"] == ts), None)

    # Said

    async def _message(self, body: Event, event: Event) -> None:
        await self._heard(body, event)
        self._pass_on(event)

    def _pass_on(self, event: Event) -> None:
        """Let the relay know: what people write pushes the cards up, and one of ours may have been deleted."""
        place, subtype = Place(surface=SURFACE, chat=str(event.get("channel") or "")), event.get("subtype")
        if subtype in _WRITTEN and not event.get("bot_id"):
            self._wire.listener.seen(place)
        elif subtype == "message_deleted" and (event.get("previous_message") or {}).get("bot_id"):
            self._wire.listener.gone(place, str(event.get("deleted_ts") or ""))

    async def _heard(self, body: Event, event: Event) -> None:
        match event.get("subtype"):
            case "message_changed":
                await self._changed(body, event)
            case "message_deleted":
                gone = event.get("previous_message") or {}
                await self._told_of(body, event, gone, str(event.get("deleted_ts") or ""), None)
            case None | "file_share" if event.get("channel_type") == "im" and not event.get("bot_id"):
                await self._in_private(body, event)

    async def _changed(self, body: Event, event: Event) -> None:
        now, before = event.get("message") or {}, event.get("previous_message") or {}
        if now.get("bot_id"):
            return  # we edit our cards all the time
        if now.get("text") != before.get("text"):  # otherwise Slack only shows a link's preview
            text = await self.names.words(str(now.get("text") or ""))
            await self._told_of(body, event, now, str(now.get("ts") or ""), text)
            if event.get("channel_type") == "im" and not now.get("bot_id"):
                user, channel = str(now.get("user") or ""), str(event["channel"])
                caller = self._deliveries.told(body, user, channel, event.get("event_ts"))
                said = Line(kind="hint", text=self._teller.words(caller.account.id).say("slack.edited"))
                reply = Reply(user=user, chat=channel)
                self._later(self._teller.answer(caller, reply, Answer(lines=(said,))))

    async def _told_of(self, body: Event, event: Event, message: Event, ts: str, text: str | None) -> None:
        if message.get("bot_id"):
            return
        user = (message.get("edited") or {}).get("user") or message.get("user") or ""
        channel = str(event["channel"])
        caller = self._deliveries.told(body, str(user), channel, event.get("event_ts"))
        await self._room.changed(caller, _identity(channel, ts), text)

    async def _in_private(self, body: Event, event: Event) -> None:
        user, channel = str(event["user"]), str(event["channel"])
        caller = self._deliveries.told(body, user, channel, event.get("ts"))
        await self._channels.reopened(caller.account.id, caller.key)
        reply = Reply(user=user, chat=channel)
        if event.get("files"):
            await self._unasked(caller, reply, event)
            return
        answer = await self._room.say(caller, await self.names.words(str(event.get("text") or "")))
        self._later(self._teller.answer(caller, reply, answer))

    async def _mentioned(self, body: Event, event: Event) -> None:
        user, channel = str(event["user"]), str(event["channel"])
        caller = self._deliveries.told(body, user, channel, event.get("ts"))
        answer = await self._room.say(caller, "aide")
        self._later(self._teller.answer(caller, Reply(user=user, chat=channel), answer))

    # Brought

    async def _unasked(self, caller: Caller, reply: Reply, message: Event) -> None:
        """Files that came without a word: kept for a step that asks for evidence, else only once somebody says so."""
        wanted = self._room.wanted(caller)
        if isinstance(wanted, str):
            await self.bring_all(caller, reply, message, wanted)
            return
        text = await self.names.words(str(message.get("text") or ""))
        for file in message["files"] if wanted.content is not None else ({},):
            words = self._teller.words(caller.account.id)
            asked = with_file(wanted, str(file.get("id") or ""), text, words)
            self._later(self._teller.answer(caller, reply, asked))

    async def bring_all(self, caller: Caller, reply: Reply, message: Event, token: str = "") -> None:
        """Put the files of a message in the safe, and say so of each. `token`: what they are evidence of."""
        text = await self.names.words(str(message.get("text") or "")) if message.get("files") else ""
        for number, file in enumerate(message.get("files") or ()):
            one = Caller(
                account=caller.account,
                place=caller.place,
                key=f"{caller.key}/file{number}",
                sent_at=caller.sent_at,
                incident=caller.incident,
            )
            try:
                if (barred := self._room.barred(one)) is not None:
                    self._later(self._teller.answer(one, reply, barred))
                    return
                async with self._files.fetched(file) as attachment:
                    answer = await self._room.bring(one, token, attachment, text)
            except Unfetched as why:
                answer = self.unfetched(one, why, file)
            self._later(self._teller.answer(one, reply, answer))

    def unfetched(self, caller: Caller, why: Unfetched, file: Mapping[str, Any]) -> Answer:
        """Say why a file was not taken."""
        words = self._teller.words(caller.account.id)
        text = words.say(f"slack.file.{why.code}", name=str(file.get("name") or file.get("id") or ""))
        return Answer(lines=(Line(kind="no", text=text),), ok=False, short=text)

    # Gone

    async def _closed(self, _: Event, event: Event) -> None:
        self._channels.lost(str(event["channel"]))

    async def _opened(self, _: Event, event: Event) -> None:
        """A channel is ours to write in again, or for the first time."""
        channel, user = str(event["channel"]), event.get("user")
        if event.get("type") == "group_unarchive" or user == self._web.bot:
            self._wire.listener.opened(Place(surface=SURFACE, chat=channel))
        if event.get("type") == "member_joined_channel" and user == self._web.bot:
            self._later(self._added(channel))

    async def _added(self, channel: str) -> None:
        told = await self._web.asked(
            "conversations.info", self._web.client.conversations_info(channel=channel)
        )
        name = str((told.get("channel") or {}).get("name") or channel)
        self._wire.added(Place(surface=SURFACE, chat=channel), f"#{name}")


def _identity(channel: str, ts: str) -> str:
    return f"{channel}/{ts}"
