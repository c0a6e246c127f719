"""Tell one person what came of what they did: beside the message, in a modal, or in private."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from bots.chat.values import Answer, Caller, Content, Form, Place
from bots.lines import Line
from bots.relay.port import Trouble, Wire
from bots.slack import modals
from bots.slack.delivered import Reply
from bots.slack.modals import Origin
from bots.slack.offering import offered
from bots.slack.platform import SURFACE
from bots.slack.render import Block, clamped, drawn, marked, notification, sections
from bots.slack.web import Web
from engine.home import Home
from engine.i18n import LANGUAGES, Words

__all__ = ["Teller"]

log = logging.getLogger(__name__)

TEXT = 300
"""Of the notification of an answer."""


@dataclass(frozen=True, slots=True)
class Teller:
    """What is told to one person, in their own language."""

    web: Web
    home: Home
    wire: Wire = field(default_factory=Wire)

    def words(self, account: str) -> Words:
        """The person's language; the town's for a stranger."""
        person = self.home.world.directory.people.get(self.home.house.person(SURFACE, account))
        lang = person.lang if person and person.lang in LANGUAGES else self.home.config.organisation.lang
        return Words(lang, strict=False)

    async def answer(self, caller: Caller, reply: Reply, answer: Answer) -> None:
        """Show an answer after its press was acknowledged. What can't be shown is logged: what was done stands."""
        try:
            if answer.form is not None and reply.trigger:
                await self._open(caller, reply, answer.form)
            elif answer.lines or answer.content is not None or answer.form is not None:
                await self.show(reply, *blocks_of(offered(answer, self.words(caller.account.id))))
        except Trouble as trouble:
            log.warning("an answer could not be shown in Slack: %s", trouble)

    async def _open(self, caller: Caller, reply: Reply, form: Form) -> None:
        words = self.words(caller.account.id)
        try:
            await self.web.asked(
                "views.open",
                self.web.client.views_open(
                    trigger_id=reply.trigger, view=self.view(caller, reply, form, words)
                ),
            )
        except Trouble as trouble:  # most often three seconds have passed: the form is asked for again
            log.warning("a form could not be opened in Slack: %s", trouble)
            await self.tell(reply, [Line(kind="no", text=words.say("slack.form_late"))])

    def view(self, caller: Caller, reply: Reply, form: Form, words: Words) -> Block:
        """The modal of a form, that remembers where it came from."""
        origin = Origin(
            token=form.token,
            chat=caller.place.chat,
            person=caller.place.person,
            incident=caller.incident,
            response_url=reply.response_url,
        )
        return modals.view(form, origin, words, self.home.world.calendar.zone)

    async def tell(self, reply: Reply, lines: Sequence[Line]) -> None:
        """Show lines to one person alone."""
        await self.show(reply, *blocks_of(Answer(lines=tuple(lines))))

    async def show(self, reply: Reply, text: str, blocks: list[Block]) -> None:
        """Beside what they pressed, else in the channel for them alone, else in their private chat."""
        url = reply.response_url
        if url and await self.web.respond(url, text, blocks, instead=reply.instead):
            return
        client = self.web.client
        if reply.chat:
            try:
                await self.web.asked(
                    "chat.postEphemeral",
                    client.chat_postEphemeral(
                        channel=reply.chat, user=reply.user, text=text, blocks=blocks, parse="none"
                    ),
                )
            except Trouble:
                log.info("not told in the channel, but in private")
            else:
                return
        told = await self.web.asked(
            "chat.postMessage",
            client.chat_postMessage(channel=reply.user, text=text, blocks=blocks, parse="none"),
        )
        chat = str(told.get("channel") or reply.user)
        self.wire.listener.spend(Place(surface=SURFACE, chat=chat, person=reply.user))


def blocks_of(answer: Answer) -> tuple[str, list[Block]]:
    """An answer's notification and its blocks."""
    if answer.content is not None:
        shown = Content(
            title=answer.content.title,
            lines=(*answer.lines, *answer.content.lines),
            buttons=answer.content.buttons,
        )
        return notification(shown), drawn(shown)
    texts = [marked(line) for line in answer.lines]
    return clamped(" ".join(texts), TEXT), [*sections(texts)][:50]
