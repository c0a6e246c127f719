"""Ask a form in private, one question at a time. What is asked stands in the question itself (`draft`)."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from telegram import Message

from bots.chat.room import Room
from bots.chat.values import Answer, Attachment, Caller, Form
from bots.inbound.vocabulary import is_word
from bots.telegram import choosing
from bots.telegram.draft import Draft, read_draft
from bots.telegram.hand import Hand, Popup
from bots.telegram.render import safe
from bots.telegram.writing import Sheet
from engine.core.quantities import Instant
from engine.home import Home
from engine.i18n import Words

__all__ = ["Asking"]

log = logging.getLogger(__name__)

KEPT: Final = 500
"""Questions whose answers are remembered whole; of older ones, what stands in the message."""


@dataclass
class Asking:
    """The questions that stand in private chats."""

    room: Room
    home: Home
    hand: Hand
    now: Callable[[], Instant]
    _known: OrderedDict[tuple[str, int], Draft] = field(default_factory=OrderedDict)
    _last: dict[str, int] = field(default_factory=dict)
    """The question that a plain line in this chat answers."""
    _on: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict)

    # Asking

    async def begin(self, caller: Caller, form: Form, words: Words) -> bool:
        """Ask the first question of a form; False when it could not be sent."""
        return await self._ask(caller, Draft(form=form).onward(), words)

    async def _ask(self, caller: Caller, draft: Draft, words: Words) -> bool:
        chat, question = caller.place.chat, draft.question
        many = question is not None and question.kind == "many"
        on = frozenset(question.value.split(",")) - {""} if question and many else frozenset()
        sent = await self.hand.send(chat, self._sheet(draft, words, on))
        if sent is None:
            return False
        self._remember(chat, sent.message_id, draft, on)
        return True

    def _sheet(self, draft: Draft, words: Words, on: frozenset[str]) -> Sheet:
        help_ = choosing.help_of(draft, words)
        html = draft.html(words, self.hand.username, help_)
        return Sheet(html=html, markup=choosing.markup(draft, self._reader(words), on))

    def _reader(self, words: Words) -> choosing.Reader:
        return choosing.Reader(words=words, now=self.now(), calendar=self.home.world.calendar)

    def _remember(self, chat: str, message: int, draft: Draft, on: frozenset[str]) -> None:
        self._known[chat, message] = draft
        self._last[chat] = message
        if on or (draft.question and draft.question.kind == "many"):
            self._on[chat, message] = on
        while len(self._known) > KEPT:
            old, _ = self._known.popitem(last=False)
            self._on.pop(old, None)

    def _forget(self, chat: str, message: int) -> None:
        self._known.pop((chat, message), None)
        self._on.pop((chat, message), None)
        if self._last.get(chat) == message:
            del self._last[chat]

    # Answers

    async def typed(self, caller: Caller, message: Message, words: Words, file: Attachment | None) -> bool:
        """Take a line or a file as the answer to a question; False when nothing was asked."""
        number, draft = await self._meant(caller, message)
        if draft is None or not _fits(draft, message, file is not None):
            return False
        await self._answered(caller, draft, number, message, words, file)
        return True

    async def awaits_file(self, caller: Caller, message: Message) -> bool:
        """Whether the question that this answers takes a file: it need not be fetched to know."""
        _, draft = await self._meant(caller, message)
        return draft is not None and _fits(draft, message, brought=True)

    async def _meant(self, caller: Caller, message: Message) -> tuple[int, Draft | None]:
        """The question that a message answers: the one it replies to, else the last."""
        chat, replied = caller.place.chat, message.reply_to_message
        if replied is not None:
            draft = await self._draft(caller, replied) if self.hand.wrote(replied) else None
            return replied.message_id, draft
        number = self._last.get(chat, 0)
        return number, self._known.get((chat, number))

    async def _answered(
        self,
        caller: Caller,
        draft: Draft,
        number: int,
        message: Message,
        words: Words,
        file: Attachment | None,
    ) -> None:
        text = message.text or message.caption or ""
        question = draft.question
        if file is not None:
            await self._brought(caller, draft, number, text, words, file)
            return
        if question is not None and question.kind == "file":
            # Words instead of a file: they are what was seen.
            question = next((one for one in draft.form.fields if one.kind == "long"), question)
            draft = replace(draft, asked=question.name)
        if question is not None and question.kind in ("choice", "person"):
            offered = self.room.options(caller, draft.form.token, question.name, text) or ()
            if len(offered) != 1:
                wrong = words.say("telegram.form.not_one", text=text[:60])
                await self._ask(caller, replace(draft, wrong=wrong), words)
                await self._close(caller, number, draft, "")
                return
            text = offered[0][0]
        await self._next(caller, draft.answered(text), number, words)
        if question is not None and question.sensitive:
            await self.hand.delete(caller.place.chat, message.message_id)

    async def _brought(
        self, caller: Caller, draft: Draft, number: int, text: str, words: Words, file: Attachment
    ) -> None:
        told = text or draft.values.get("text", "")
        when = draft.values.get("when", "")
        answer = await self.room.bring(caller, draft.form.token, file, told, when)
        await self._told(caller, draft, number, answer, words)

    async def pressed(self, caller: Caller, message: Message, data: str, words: Words) -> Popup:
        """A key under a question; what the press shows."""
        gone = Popup(text=words.say("telegram.form.gone"), alert=True)
        draft = await self._draft(caller, message)
        if draft is None:
            return gone
        if data == choosing.CANCEL:
            said = words.say("telegram.form.cancelled")
            await self._close(caller, message.message_id, draft, said)
            return Popup(text=said)
        taken = await self._taken(caller, draft, message, data, words)
        return Popup() if taken else gone

    async def _taken(self, caller: Caller, draft: Draft, message: Message, data: str, words: Words) -> bool:
        """Whether this key still means something under this question."""
        number, question = message.message_id, draft.question
        if data == choosing.SUBMIT:
            await self._submit(caller, draft, number, words)
        elif question is None:
            return False
        elif data == choosing.PASS and question.optional:
            await self._next(caller, draft.without(), number, words)
        elif data == choosing.KEEP:
            await self._next(caller, draft.answered(question.value), number, words)
        elif question.kind == "many":
            await self._boxes(caller, draft, message, data, words)
        else:
            value = choosing.chosen(data, choosing.values_of(question, self._reader(words)))
            if value is None:
                return False
            await self._next(caller, draft.answered(value), number, words)
        return True

    async def _boxes(self, caller: Caller, draft: Draft, message: Message, data: str, words: Words) -> None:
        question, spot = draft.question, (caller.place.chat, message.message_id)
        if question is None:
            return
        on = self._on.get(spot, choosing.ticked(question, message))
        if data == choosing.DONE:
            values = [value for value, _ in question.choices if value in on]
            await self._next(caller, draft.answered(",".join(values)), message.message_id, words)
            return
        box = choosing.chosen(data, (value for value, _ in question.choices))
        if box is not None:
            self._on[spot] = on ^ {box}
            await self.hand.edit(*spot, self._sheet(draft, words, self._on[spot]))

    async def cancel(self, caller: Caller, words: Words) -> bool:
        """Leave the question that stands in this chat; False when there is none."""
        chat = caller.place.chat
        number = self._last.get(chat, 0)
        draft = self._known.get((chat, number))
        if draft is None:
            return False
        await self._close(caller, number, draft, words.say("telegram.form.cancelled"))
        return True

    async def _draft(self, caller: Caller, message: Message) -> Draft | None:
        """Where a question was: remembered, else read from the question itself."""
        known = self._known.get((caller.place.chat, message.message_id))
        if known is not None:
            return known
        token, _ = read_draft(message)
        if not token:
            return None
        answer = await self.room.press(replace(caller, key=f"{caller.key}:form"), token)
        if answer.form is None:
            return None
        return read_draft(message, answer.form)[1]

    # On, and out

    async def _next(self, caller: Caller, draft: Draft, number: int, words: Words) -> None:
        if draft.question is None or draft.settled:
            await self._submit(caller, draft, number, words)
            return
        await self._ask(caller, draft, words)
        await self._close(caller, number, draft, "")

    async def _submit(self, caller: Caller, draft: Draft, number: int, words: Words) -> None:
        answer = await self.room.filled(caller, draft.form.token, draft.given)
        await self._told(caller, draft, number, answer, words)

    async def _told(self, caller: Caller, draft: Draft, number: int, answer: Answer, words: Words) -> None:
        """What came of it. What could not be read is asked once more."""
        if answer.errors:
            await self._ask(caller, await self._again(caller, draft, answer.errors), words)
            await self._close(caller, number, draft, "")
            return
        await self._close(caller, number, draft, answer.short)
        if answer.form is not None:
            await self.begin(caller, answer.form, words)
            return
        await self.hand.tell(caller.place.chat, answer)

    async def _again(self, caller: Caller, draft: Draft, errors: Mapping[str, str]) -> Draft:
        """What is lacking may be a question that the group's form had no need of: the form as it is in private."""
        if not errors.keys() & {one.name for one in draft.form.fields}:
            answer = await self.room.press(replace(caller, key=f"{caller.key}:form"), draft.form.token)
            draft = replace(draft, form=answer.form) if answer.form is not None else draft
        return draft.again(errors)

    async def _close(self, caller: Caller, number: int, draft: Draft, said: str) -> None:
        """A question that waits no more: a closed one keeps no answer in the chat, an answered one goes."""
        chat = caller.place.chat
        self._forget(chat, number)
        if said:
            title = f"<b>{safe(draft.form.title)}</b>"
            await self.hand.edit(chat, number, Sheet(html=f"{title}\n{safe(said)}"))
        elif not await self.hand.delete(chat, number):
            await self.hand.edit(chat, number, Sheet(html=f"<b>{safe(draft.form.title)}</b>"))


def _fits(draft: Draft, message: Message, brought: bool) -> bool:
    """Whether a message answers this question: a file one that asks for it, a line any, unless it is a command."""
    if brought:
        return any(one.kind == "file" for one in draft.form.fields)
    if draft.question is None:
        return False
    return message.reply_to_message is not None or not is_word(message.text or "")
