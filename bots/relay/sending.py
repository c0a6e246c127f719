"""Do one thing on a platform, so that a crash at any moment leaves the book telling what may have happened.

A post: its intent is committed, the message is sent, its identity is committed. What lies between is in doubt after a
crash or a lost answer: it is looked for by its key, and posted again only where it can't be found. An edit, a pin and
an emptying can be done twice without harm: they are recorded after.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec

from bots.chat.values import Content
from bots.lines import Line
from bots.relay.plan import BURIED, Todo
from bots.relay.port import Gone, Platform, Rejected, Trouble, Unsure
from bots.relay.shown import Shown
from engine.core.quantities import SECOND, Instant
from engine.journal.errors import JournalUnavailable
from engine.journal.posts import Post, Posts

__all__ = ["Sending", "plain"]

log = logging.getLogger(__name__)

AGAIN: Final = 0.2
"""Seconds between two tries to record what was done."""
SKEW: Final = 5 * SECOND
"""By how much a platform's clock may be behind ours when a message is looked for."""


class Sending:
    """One platform's hand."""

    def __init__(
        self, platform: Platform, posts: Posts, now: Callable[[], Instant], counts: Counter[str]
    ) -> None:
        self._platform, self._posts, self._now, self._counts = platform, posts, now, counts

    async def do(self, todo: Todo, last_words: Content | None = None) -> None:
        """Do it. Raises the platform's `Trouble`, once the book says what is known. `last_words`: of `retire`."""
        match todo:
            case Todo(act="open"):
                chat = await self._platform.private(todo.account)
                await self._record(lambda: self._posts.keep_chat(todo.place.surface, todo.account, chat))
            case Todo(act="post", shown=Shown() as shown):
                await self._post(todo, shown)
            case Todo(act="look"):
                await self._look(todo)
            case Todo(act="edit", post=Post() as post, shown=Shown() as shown):
                await self._edit(todo, post, shown.wanted.content)
                await self._record(lambda: self._posts.edited(post, shown.digest))
            case Todo(act="retire", post=Post() as post) if last_words is not None:
                await self._edit(todo, post, last_words)
                await self._record(lambda: self._posts.retired(post))
            case Todo(act="pin", post=Post() as post):
                await self._there(post, self._platform.pin(todo.place, post.message))
                await self._record(lambda: self._posts.pinned(post))
            case Todo(act="blank", post=Post() as post):
                await self._there(post, self._platform.blank(todo.place, post.message))
                await self._record(lambda: self._posts.emptied(post))

    # Posting

    async def _post(self, todo: Todo, shown: Shown) -> None:
        post = self._posts.intend(self._intent(todo, shown))
        try:
            message = await self._say(todo, shown, post, repeat=False)
        except Unsure:
            await self._record(lambda: self._posts.doubt(post))
            raise
        except Rejected:
            await self._record(lambda: self._give_up(post, shown))
            raise
        except Trouble:
            await self._record(lambda: self._posts.withdraw(post))
            raise
        await self._sent(post, message, shown)

    async def _look(self, todo: Todo) -> None:
        """Find out whether a message in doubt is there; if not, or nobody can tell, post it as one that may be."""
        shown = todo.shown
        post = todo.post or (self._posts.intend(self._intent(todo, shown)) if shown else None)
        if post is None:
            return
        if post.state != "unsure":
            self._posts.doubt(post)
        since = min(post.at, shown.at if shown and shown.at else post.at) - SKEW
        found = await self._platform.find(todo.place, _name(post), since)
        if found is not None:
            self._counts["found"] += 1
            # What it reads is not known: a card is edited next, to the same words or others.
            await self._record(lambda: self._posts.sent(post, found, b""))
        elif shown is None:
            await self._record(lambda: self._posts.forget(post))
        else:
            self._counts["repeats"] += 1
            try:
                message = await self._say(todo, shown, post, repeat=True)
            except Rejected:
                await self._record(lambda: self._give_up(post, shown))
                raise
            await self._sent(post, message, shown)

    async def _say(self, todo: Todo, shown: Shown, post: Post, *, repeat: bool) -> str:
        wanted, name = shown.wanted, _name(post)
        try:
            message = await self._platform.post(
                todo.place, wanted.content, key=name, silent=wanted.silent, repeat=repeat
            )
        except Rejected:
            self._tell_rejected(todo)
            message = await self._platform.post(
                todo.place, plain(wanted.content), key=name, silent=wanted.silent, repeat=repeat
            )
        self._counts["notices" if wanted.once else "posts"] += 1
        return message

    async def _sent(self, post: Post, message: str, shown: Shown) -> None:
        await self._record(lambda: self._posts.sent(post, message, shown.digest))
        if shown.wanted.once:
            self._posts.seen(post.surface, post.chat, post.thread, BURIED)

    def _give_up(self, post: Post, shown: Shown) -> None:
        """The platform takes it neither as it is nor plain: those behind it must not wait for ever."""
        if shown.wanted.once:
            self._posts.sent(post, "", shown.digest)
        else:
            self._posts.withdraw(post)

    def _intent(self, todo: Todo, shown: Shown) -> Post:
        place, wanted = todo.place, shown.wanted
        return Post(
            surface=place.surface,
            chat=place.chat,
            thread=place.thread,
            person=place.person,
            incident=todo.incident,
            key=wanted.key,
            once=wanted.once,
            digest=shown.digest,
            afresh=wanted.afresh,
            at=self._now(),
        )

    # What can be done twice

    async def _edit(self, todo: Todo, post: Post, content: Content) -> None:
        try:
            await self._there(post, self._platform.edit(todo.place, post.message, content))
        except Rejected:
            self._tell_rejected(todo)
            await self._there(post, self._platform.edit(todo.place, post.message, plain(content)))
        self._counts["edits"] += 1

    async def _there(self, post: Post, doing: Awaitable[None]) -> None:
        try:
            await doing
        except Gone:
            self._counts["gone"] += 1
            self._posts.forget(post) if not post.once else self._posts.emptied(post)
            raise

    def _tell_rejected(self, todo: Todo) -> None:
        self._counts["rejected"] += 1
        log.error("%s will not take %s: it is sent once more, plain", todo.place.surface, todo.key)

    async def _record(self, change: Callable[[], None]) -> None:
        """What was done must be in the book, however long the disk makes us wait: the chat is busy until then."""
        while True:
            try:
                return change()
            except JournalUnavailable as error:
                log.warning("the book of sent messages waits: %s", error.code)
                await asyncio.sleep(AGAIN)


def plain(content: Content) -> Content:
    """The same words and nothing else: no button, no mention, no kind of line that could be the trouble."""
    lines = tuple(
        Line(kind="text", text=" ".join(filter(None, (one.label, one.text)))) for one in content.lines
    )
    return msgspec.structs.replace(content, lines=lines, buttons=(), mentions=())


def _name(post: Post) -> str:
    """Under which key a platform keeps a message: a card that is posted afresh is another message."""
    return post.key if post.once else f"{post.key}/{post.at}"
