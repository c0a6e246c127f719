"""What people press, type and fill: to the room, and back to Slack once it is committed."""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bots.chat.room import Room
from bots.chat.token import DECLARE, read
from bots.chat.values import Answer, Caller
from bots.lines import Line
from bots.relay.port import Trouble
from bots.slack import modals, offering
from bots.slack.delivered import Deliveries, Reply, in_view
from bots.slack.files import Files, Unfetched
from bots.slack.home_tab import HomeTab
from bots.slack.messages import Messages
from bots.slack.modals import Origin
from bots.slack.offering import Asked
from bots.slack.reading import readable
from bots.slack.telling import Teller, blocks_of
from engine.home import Home
from engine.journal.errors import JournalUnavailable

__all__ = ["COMMAND", "Listeners"]

log = logging.getLogger(__name__)

COMMAND = "/tocsin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listeners:
    """Each gesture, translated in and out. Slack is answered after the commit, within its three seconds.

    Nothing here waits for Slack before it answers Slack, but for a name (`_keep`). A form opens from the press's own
    trigger, which lives as long: the room answers from memory and one commit.
    """

    room: Room
    home: Home
    deliveries: Deliveries
    teller: Teller
    files: Files
    messages: Messages
    tab: HomeTab
    later: Callable[[Coroutine[Any, Any, None]], None]
    """Does what Slack need not wait for."""

    def listen(self, app: AsyncApp) -> None:
        """Register with the library."""
        app.action(re.compile(r"^press-"))(self._press)
        app.action(re.compile(r".*"))(_nothing)  # a choice made in a form that is still open
        app.command(COMMAND)(self._command)
        app.view(modals.CALLBACK)(self._filled)
        app.options(modals.SEARCH)(self._options)
        app.shortcut("declare")(self._declare)
        app.shortcut("keep")(self._keep)
        self.messages.listen(app)
        self.tab.listen(app)

    # Gestures

    async def _press(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        token = body["actions"][0].get("value")
        if token and (asked := offering.read(token)) is not None:
            await self._chosen(body, asked)
        elif token:  # without one, it opened a page
            caller = self.deliveries.pressed(body)
            answer = await self._asked(caller, self.room.press(caller, token))
            self.later(self.teller.answer(caller, _reply(body, caller), answer))
            self._stray(caller, body, token)
            if in_view(body):
                self.later(self.tab.show(caller, body["user"]["id"]))
        await ack()

    async def _chosen(self, body: dict[str, Any], asked: Asked) -> None:
        """A button that carries what was typed: what it lacked is given now, or asked for in a modal."""
        caller = self.deliveries.chose(body)
        reply = replace(_reply(body, caller), instead=asked.form is None)
        if file := asked.values.get(offering.FILE):
            self.later(self._brought(caller, reply, asked.token, [{"id": file}], asked.values))
            return
        if (ts := asked.values.get(offering.KEPT)) and (intent := read(asked.token)):
            self.later(self._kept(replace(caller, incident=intent.incident), reply, ts))
            return
        if asked.form is not None:
            answer = Answer(form=asked.form)
        elif asked.token:
            answer = await self._asked(caller, self.room.filled(caller, asked.token, asked.values))
        else:
            said = self.teller.words(caller.account.id).say("chat.evidence.left")
            answer = Answer(lines=(Line(kind="ok", text=said),))
        self.later(self.teller.answer(caller, reply, answer))

    def _stray(self, caller: Caller, body: Mapping[str, Any], token: str) -> None:
        """In a channel only the relay posts buttons of a procedure; we answer with messages that one person sees."""
        shown, intent = body.get("container") or {}, read(token)
        if shown.get("type") != "message" or shown.get("is_ephemeral") or caller.place.person:
            return
        if intent is not None and intent.incident:
            wire = self.teller.wire
            wire.listener.stray(caller.place, str(shown.get("message_ts") or ""), intent.incident)

    async def _declare(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        caller = self.deliveries.chosen(body)
        answer = await self._asked(caller, self.room.press(caller, DECLARE))
        self.later(self.teller.answer(caller, _reply(body, caller), answer))
        await ack()

    async def _keep(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The message comes with the shortcut: only names that we don't know yet are asked for, a second at most."""
        caller = self.deliveries.chosen(body)
        answer = await self._asked(caller, self.messages.keep(caller, body["message"]))
        self.later(self.teller.answer(caller, _reply(body, caller), answer))
        if answer.ok:
            self.later(self._kept_files(caller, _reply(body, caller), body["message"]))
        await ack()

    async def _kept(self, caller: Caller, reply: Reply, ts: str) -> None:
        """A message that waited for its incident to be named is looked up again: nothing of it was kept meanwhile."""
        try:
            answer = await self._asked(caller, self.messages.keep_at(caller, reply, ts))
        except Trouble as trouble:
            log.warning("a message could not be fetched from Slack: %s", trouble)
            answer = _no(self.teller.words(caller.account.id).say("slack.busy"))
        await self.teller.answer(caller, reply, answer)

    async def _kept_files(self, caller: Caller, reply: Reply, message: Mapping[str, Any]) -> None:
        try:
            await self.messages.bring_all(caller, reply, message)
        except Trouble as trouble:
            log.warning("a file could not be fetched from Slack: %s", trouble)
            words = self.teller.words(caller.account.id)
            await self.teller.tell(reply, [Line(kind="no", text=words.say("slack.busy"))])

    async def _command(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        caller = self.deliveries.typed(body)
        text = readable(str(body.get("text") or ""), self.messages.names.now).strip()
        answer = await self._asked(caller, self.room.say(caller, text or "aide"))
        if answer.form is not None:
            self.later(self.teller.answer(caller, _reply(body, caller), answer))
            await ack()
        elif answer.lines or answer.content is not None:
            shown, blocks = blocks_of(answer)
            kind = "in_channel" if answer.public else "ephemeral"
            await ack(text=shown, blocks=blocks, response_type=kind)
        else:
            await ack()

    async def _options(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        """The choices of a select that searches."""
        origin = _origin(body["view"])
        caller = self.deliveries.filled(body, origin)
        choices = self.room.options(caller, origin.token, str(body["block_id"]), str(body.get("value") or ""))
        await ack(options=modals.offered(choices))

    # Forms

    async def _filled(self, ack: AsyncAck, body: dict[str, Any]) -> None:
        shown, origin = body["view"], _origin(body["view"])
        caller = self.deliveries.filled(body, origin)
        zone = self.home.world.calendar.zone
        values, reply = modals.given(shown, zone), _reply(body, caller, origin.response_url)
        files = modals.files_of(shown)
        if files:
            # A file takes longer to come than Slack waits. Lost on the way, it is missed by whoever brought it: they
            # are told when it is in the safe, or that it isn't.
            self.later(self._brought(caller, reply, origin.token, files, values))
            await ack()
            return
        answer = await self._asked(caller, self.room.filled(caller, origin.token, values))
        await self._after_form(ack, shown, caller, reply, answer)

    async def _after_form(
        self, ack: AsyncAck, shown: Mapping[str, Any], caller: Caller, reply: Reply, answer: Answer
    ) -> None:
        words = self.teller.words(caller.account.id)
        inputs = [one["block_id"] for one in shown.get("blocks", ()) if one["type"] == "input"]
        errors = {name: text for name, text in answer.errors.items() if name in inputs}
        if errors:
            await ack(response_action="errors", errors=errors)
        elif answer.form is not None:
            view = self.teller.view(caller, reply, answer.form, words)
            await ack(response_action="update", view=view)
        elif not answer.ok or answer.errors:
            # The modal stays and says why: closed, it would look as if it had been done.
            told = [*answer.lines, *(Line(kind="no", text=one) for one in answer.errors.values())]
            title = str((shown.get("title") or {}).get("text") or "tocsin")
            await ack(response_action="update", view=modals.said(title, told, words))
        else:
            self.later(self.teller.answer(caller, reply, answer))
            await ack()

    async def _brought(
        self,
        caller: Caller,
        reply: Reply,
        token: str,
        files: list[dict[str, Any]],
        values: Mapping[str, str],
    ) -> None:
        words = self.teller.words(caller.account.id)
        if (barred := self.room.barred(caller, token)) is not None:
            await self.teller.answer(caller, reply, barred)
            return
        await self.teller.tell(reply, [Line(kind="text", text=words.say("slack.receiving"))])
        for file in files:
            try:
                async with self.files.fetched(file) as attachment:
                    text, when = values.get("text", ""), values.get("when", "")
                    answer = await self._asked(caller, self.room.bring(caller, token, attachment, text, when))
            except Unfetched as why:
                answer = self.messages.unfetched(caller, why, file)
            except Trouble as trouble:
                log.warning("a file could not be fetched from Slack: %s", trouble)
                answer = _no(words.say("slack.busy"))
            await self.teller.answer(caller, reply, answer)

    async def _asked(self, caller: Caller, act: Awaitable[Answer]) -> Answer:
        """What the room answers; when the journal can't be written, that: nothing was done."""
        try:
            return await act
        except JournalUnavailable as error:
            return _no(error.tell(self.teller.words(caller.account.id)))


async def _nothing(ack: AsyncAck) -> None:
    await ack()


def _no(text: str) -> Answer:
    return Answer(lines=(Line(kind="no", text=text),), ok=False, short=text)


def _origin(shown: Mapping[str, Any]) -> Origin:
    try:
        return modals.origin_of(shown)
    except msgspec.DecodeError:
        return Origin(token="")


def _reply(body: Mapping[str, Any], caller: Caller, response_url: str = "") -> Reply:
    user = body.get("user_id") or (body.get("user") or {}).get("id") or ""
    return Reply(
        user=str(user),
        chat=caller.place.chat,
        response_url=response_url or str(body.get("response_url") or ""),
        trigger=str(body.get("trigger_id") or ""),
    )
