"""One platform's lane: of what is to be done there, do the most urgent thing that the platform allows now.

Lanes share nothing but the book: a platform that is dead or slow holds up no other. Inside a lane one message at a time
is under way in each chat, so that what people read there keeps its order.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from bots.chat.values import Place
from bots.relay.budget import LIMITS, Budget
from bots.relay.health import Health
from bots.relay.plan import Todo
from bots.relay.port import Closed, Down, Gone, Moved, Platform, Rejected, Unsure, Wait
from bots.relay.sending import Sending
from bots.relay.sheet import Sheet
from engine.core.quantities import Instant
from engine.journal.errors import JournalUnavailable
from engine.journal.posts import Posts

__all__ = ["Lane"]

log = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds after which an answer is held to be lost, whatever the platform's door thinks."""
SHUT: Final = 600.0
"""Seconds until a chat that is shut to us is tried again."""
GRACE: Final = 5.0
"""Seconds that a clean stop leaves to what is under way."""
AGEING: Final = 20.0
"""Seconds of waiting that are worth one degree of priority: what is urgent comes first, but the rest comes too."""
MOST_AT_ONCE: Final = 16
"""Messages under way on one platform."""
REST: Final = 10
"""How many times as long as a drawing took the next one waits: in a storm of presses the presses come first."""

Tell = Callable[[Todo, Moved | Closed], Awaitable[bool]]
"""Tells the house what a platform made known: a chat that moved, an account that is shut to us. Whether it follows."""


class Lane:
    """One platform's."""

    def __init__(
        self,
        platform: Platform,
        posts: Posts,
        sheet: Sheet,
        now: Callable[[], Instant],
        tell: Tell,
        counts: Counter[str],
    ) -> None:
        self.surface, self.sheet, self.health, self.counts = platform.surface, sheet, Health(), counts
        self._now, self._tell = now, tell
        self._budget = Budget(LIMITS[platform.surface])
        self._sending = Sending(platform, posts, now, counts)
        self._wake = asyncio.Event()
        self._waiting: dict[tuple[str, str, str], float] = {}
        """Since when a todo waits."""
        self._tasks: dict[str, asyncio.Task[None]] = {}
        """What is under way, by the chat that it keeps busy."""
        self._shut: dict[str, float] = {}
        self._refused: dict[tuple[str, str], bytes] = {}
        """By chat and key: what the platform will not take, not even plain."""
        self._pause = 0.0
        """Until when nothing is drawn."""
        self._lost: Counter[str] = Counter()
        """Answers lost in a row, by chat."""

    # What others say

    def touch(self, incidents: Iterable[str], *, at_once: bool = False) -> None:
        """Have these drawn again."""
        now = asyncio.get_running_loop().time()
        for name in incidents:
            self.sheet.touch(name, now, at_once=at_once)
            self._wake.set()

    def reopen(self, chat: str = "") -> None:
        """Try this chat again, or all that were shut."""
        for name in [chat] if chat else list(self._shut):
            self._shut.pop(name, None)
        self._wake.set()

    def spend(self, act: str, place: Place) -> None:
        """Count what somebody else does with the same bot."""
        self._budget.spend(act, place, asyncio.get_running_loop().time())

    def free_at(self, act: str, place: Place) -> float:
        """When somebody else may do this with the same bot; in the past, now."""
        return self._budget.free_at(act, place)

    @property
    def converged(self) -> bool:
        """Whether this platform shows what it should, wherever it lets us."""
        return not (self.sheet.behind or self._tasks or any(map(self._open, self.sheet.all())))

    @property
    def shut(self) -> list[str]:
        """Chats that are shut to us."""
        return sorted(self._shut)

    # The work

    async def run(self) -> None:
        """Work until cancelled; what is under way then is given a moment to end."""
        try:
            while True:
                self._wake.clear()
                self._draw()
                # Not `wait_for`: Python 3.11 loses a cancellation that comes as the event is set.
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._start()):
                        await self._wake.wait()
        finally:
            await self._stop()

    async def _stop(self) -> None:
        tasks = list(self._tasks.values())
        try:
            if tasks:
                await asyncio.wait(tasks, timeout=GRACE)
        finally:
            for task in tasks:
                task.cancel()

    def _draw(self) -> None:
        """Draw the incident that has waited longest, if it is time; then leave the loop to those who press."""
        loop = asyncio.get_running_loop()
        now, began = loop.time(), time.perf_counter()
        name = self.sheet.due(now) if now >= self._pause else None
        if name is None:
            return
        try:
            self.sheet.draw(name, now)
        except JournalUnavailable as error:
            log.warning("%s waits for the journal: %s", self.surface, error.code)
            self.sheet.postpone(name, now + 1)
        except Exception:
            # One incident that can't be drawn must not keep the others from being shown.
            log.exception("%s can't be drawn for %s", name, self.surface)
            self.counts["undrawn"] += 1
            self.sheet.postpone(name, now + 5)
        self._pause = now + REST * (time.perf_counter() - began)

    def _start(self) -> float | None:
        """Start all that may be done now; how long until there may be more."""
        now = asyncio.get_running_loop().time()
        if self.health.fatal:
            return None
        self._shut = {chat: until for chat, until in self._shut.items() if until > now}
        following = [*self._shut.values()]
        if (due := self.sheet.next_due()) is not None:
            following.append(max(due, self._pause))
        todos = [todo for todo in self.sheet.ready() if self._open(todo)]
        known = {_name(todo): now for todo in todos}
        self._waiting = {name: self._waiting.get(name, at) for name, at in known.items()}
        todos.sort(key=lambda todo: todo.priority - (now - self._waiting[_name(todo)]) // AGEING)
        most = 1 if self.health.since else MOST_AT_ONCE  # one is enough to see whether it is back
        for todo in todos:
            if todo.busy in self._tasks or len(self._tasks) >= most:
                continue  # the end of one wakes us
            free = self._budget.free_at(todo.counts_as, todo.at, todo.urgent)
            if free > now:
                following.append(free)
                continue
            self._budget.spend(todo.counts_as, todo.at, now)
            self._tasks[todo.busy] = asyncio.create_task(self._do(todo))
        return max(min(following) - now, 0.001) if following else None

    def _open(self, todo: Todo) -> bool:
        """Whether it can be done at all."""
        if todo.busy in self._shut:
            return False
        refused = self._refused.get((todo.busy, todo.key))
        return refused is None or todo.shown is None or todo.shown.digest != refused

    async def _do(self, todo: Todo) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._sending.do(todo, self.sheet.last_words(todo))
        except Exception as error:  # noqa: BLE001 - each is dealt with, an unknown one as a lost answer
            await self._fell(todo, error)
        else:
            self._lost.pop(todo.busy, None)
            self._answered()
        finally:
            self._tasks.pop(todo.busy, None)
            self._wake.set()
        self._plan_again(todo)

    def _plan_again(self, todo: Todo) -> None:
        if todo.act == "open":
            self.touch([todo.incident], at_once=True)
            return
        try:
            self.sheet.replan(todo.incident)
        except JournalUnavailable:
            self.touch([todo.incident])

    # Trouble

    async def _fell(self, todo: Todo, error: Exception) -> None:
        now, key = self._now(), f"{todo.act} {todo.key}"
        match error:
            case Wait():
                self.counts["waits"] += 1
                self._answered()
                self._rest(error.seconds, error.scope, todo)
            case Gone() if todo.post is not None:
                self._answered()  # it is posted afresh, or was to go anyway
            case Rejected():
                self._answered()
                log.error("%s will not take %s, not even plain: it is left out there", self.surface, todo.key)
                if todo.shown is not None:
                    self._refused[todo.busy, todo.key] = todo.shown.digest
            case Moved() | Closed():
                self._answered()
                await self._elsewhere(todo, error)
            case Down():
                level = logging.DEBUG if self.health.since else logging.WARNING
                level = logging.CRITICAL if error.fatal else level
                self.health.down(now, error.why, fatal=error.fatal)
                log.log(level, "%s is out of reach (%s): %s", self.surface, key, error.why)
                self._rest(self.health.pause(random.random()), "all", todo)
            case JournalUnavailable():
                log.warning("%s waits for the book of sent messages: %s", self.surface, error.code)
                self._rest(1.0, "all", todo)
            case _:
                self._unanswered(todo, error)

    async def _elsewhere(self, todo: Todo, error: Moved | Closed) -> None:
        try:
            follows = await self._tell(todo, error)
        except JournalUnavailable as unavailable:
            log.warning("%s could not be told to the house: %s", type(error).__name__, unavailable.code)
            self._rest(1.0, "place", todo)
            return
        if isinstance(error, Closed) or not follows:
            log.warning("%s: a chat is shut to us (%s)", self.surface, error)
            self._shut[todo.busy] = asyncio.get_running_loop().time() + SHUT

    def _unanswered(self, todo: Todo, error: Exception) -> None:
        """An answer was lost, or its door failed: perhaps done, perhaps not."""
        known = isinstance(error, Unsure | TimeoutError)
        log.log(
            logging.WARNING if known else logging.ERROR,
            "%s gave no answer to %s %s: %s", self.surface, todo.act, todo.key, type(error).__name__,
            exc_info=None if known else error,
        )  # fmt: skip
        self.counts["lost"] += 1
        self._lost[todo.busy] += 1
        self._rest(min(60.0, 2.0 ** (self._lost[todo.busy] - 1)) * random.uniform(0.75, 1.25), "place", todo)
        if self.health.lost(self._now()):
            self._rest(self.health.pause(random.random()), "all", todo)

    def _answered(self) -> None:
        self.health.good(self._now())

    def _rest(self, seconds: float, scope: str, todo: Todo) -> None:
        until = asyncio.get_running_loop().time() + seconds
        self._budget.rest(until, scope, todo.counts_as, todo.at)


def _name(todo: Todo) -> tuple[str, str, str]:
    return todo.busy, todo.key, todo.act
