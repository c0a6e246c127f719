"""Make the chats equal to the state: what was touched is drawn, and each platform converges on it in its own lane.

The relay only reads the journal. It learns of a change by the desk's commit, of another program's by looking once a
second, of a threshold by the hour. What it has sent is in its own book (`engine.journal.posts`).
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from bots.chat import faces as chat_faces
from bots.chat.values import Content, Place
from bots.relay.drawing import Faces, Painter
from bots.relay.lane import Lane
from bots.relay.plan import BURIED, Todo
from bots.relay.port import Closed, Moved, Platform
from bots.relay.sheet import Sheet
from bots.relay.whispers import Whispers
from engine.core.commands import Order
from engine.core.events import Entry
from engine.core.house import HOUSE
from engine.core.house.commands import MarkReach, MoveChat
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.home import Home
from engine.journal.errors import JournalUnavailable
from engine.journal.posts import Post, open_posts
from engine.timers import Clock

__all__ = ["Relay"]

log = logging.getLogger(__name__)

TICK: Final = 1.0
"""Seconds between two looks at what nobody tells us: another program's commits, the hour, a platform's silence."""


@contextlib.contextmanager
def _beside() -> Iterator[None]:
    """What a door tells beside its work must not undo it: people who were told "not recorded" would see it done later.

    A book that can't be written only leaves a card further up for a while, or a copy with its buttons.
    """
    try:
        yield
    except JournalUnavailable as error:
        log.warning("the book of sent messages can't be written: %s", error.code)


class Relay:
    """One town's. To be run once; `close` it after."""

    def __init__(
        self, home: Home, platforms: Sequence[Platform], clock: Clock, *, faces: Faces = chat_faces
    ) -> None:
        self._home, self._clock = home, clock
        self._posts = open_posts(home.path, clock.now())
        painter = Painter(home, faces, self._posts, clock)
        self._painter = painter
        self._lanes = {platform.surface: self._lane(platform, painter) for platform in platforms}
        self._whispers = {
            platform.surface: Whispers(platform, self._posts, self._lanes[platform.surface])
            for platform in platforms
        }
        self._seen: dict[str, int] = {}
        """How far each open incident had come when it was last looked at."""
        self._known: set[str] = set()
        self._house = 0
        """How far the house had come."""
        self._told: Mapping[str, Instant | None] = {}
        self._running = False
        home.desk.on_commit(self._follow)

    def _lane(self, platform: Platform, painter: Painter) -> Lane:
        counts: Counter[str] = Counter()
        sheet = Sheet(platform.surface, self._posts, painter, self._home.desk.incident, self._healths, counts)
        return Lane(platform, self._posts, sheet, self._clock.now, self._tell, counts)

    def close(self) -> None:
        """Shut the book."""
        self._posts.close()

    # The work

    async def run(self) -> None:
        """Keep the chats equal to the state until cancelled."""
        self._running = True
        try:
            self._begin()
            async with asyncio.TaskGroup() as tasks:
                for lane in self._lanes.values():
                    tasks.create_task(lane.run(), name=f"relay {lane.surface}")
                tasks.create_task(self._look_around(), name="relay")
        finally:
            self._running = False

    def _begin(self) -> None:
        """Look at all that may not be shown as it is: what is open, what was closed since it was last shown."""
        kept = self._posts.incidents()
        for incident in self._home.desk.incidents():
            if incident.status == "open":
                self._seen[incident.id] = incident.seq
            for lane in self._lanes.values():
                if self._unfinished(incident, lane.surface, incident.id in kept):
                    lane.touch([incident.id], at_once=True)
            self._known.add(incident.id)
        self._house, self._told = self._house_seq(), self._healths()

    def _unfinished(self, incident: Incident, surface: str, kept: bool) -> bool:
        if incident.status == "open":
            return True
        if incident.closed is None or not (kept or incident.closed.at >= self._posts.born):
            return False
        return self._posts.settled(surface, incident.id) != incident.seq

    async def _look_around(self) -> None:
        while True:
            try:
                self.look()
            except JournalUnavailable as error:
                log.warning("the relay waits for the journal: %s", error.code)
            await asyncio.sleep(TICK)

    def look(self) -> None:
        """See what nobody tells: what another program committed, what the hour changed, who fell silent."""
        desk, house, healths = self._home.desk, self._house_seq(), self._healths()
        names = self._home.journal.reader.incidents()
        watched = [name for name in names if name in self._seen or name not in self._known]
        self._known.update(names)
        touched = {
            name for name in watched if (found := desk.incident(name)) is not None and self._moved(found)
        }
        if house != self._house or healths != self._told:
            touched |= self._seen.keys()
        for lane in self._lanes.values():
            lane.touch(touched)
            lane.touch(lane.sheet.changing(self._clock.now()), at_once=True)
            if house != self._house:
                lane.reopen()
        self._house, self._told = house, healths

    def refresh(self) -> None:
        """Draw all that is open again: the town's files have changed."""
        for lane in self._lanes.values():
            lane.touch(self._seen)

    def _moved(self, incident: Incident) -> bool:
        """Whether an incident has come further than when it was last looked at."""
        before = self._seen.get(incident.id)
        if incident.status == "closed":
            self._seen.pop(incident.id, None)
        else:
            self._seen[incident.id] = incident.seq
        return before != incident.seq

    def _follow(self, _: Incident | None, after: Incident, __: Sequence[Entry]) -> None:
        if not self._running:
            return
        if after.id == HOUSE:
            self._house = after.seq
            self.refresh()
            for lane in self._lanes.values():
                lane.reopen()
        elif self._moved(after):
            for lane in self._lanes.values():
                lane.touch([after.id])

    def _house_seq(self) -> int:
        book = self._home.desk.incident(HOUSE)
        return book.seq if book else 0

    async def _tell(self, todo: Todo, trouble: Moved | Closed) -> bool:
        """Let the house know where a chat is now, or that an account is shut to us. Whether it took it."""
        surface = todo.place.surface
        match trouble:
            case Moved(chat=new):
                self._posts.move(surface, todo.place.chat, new)
                command: MoveChat | MarkReach = MoveChat(surface=surface, old=todo.place.chat, new=new)
            case Closed(why=why) if account := self._account(todo):
                command = MarkReach(surface=surface, account=account, open=False, why=why)
            case _:
                return False
        now = self._clock.now()
        key = f"relay:{surface}:{todo.place.chat or todo.account}:{type(command).__name__}:{now}"
        receipt = await self._home.desk.submit(
            Order(incident=HOUSE, command=command, by="", at=now, key=key, source=surface)
        )
        return receipt.refused is None

    def _account(self, todo: Todo) -> str:
        return todo.account or (
            self._home.house.account(todo.place.person, todo.place.surface) if todo.place.person else ""
        )

    # What doors tell and ask

    def seen(self, place: Place) -> None:
        """Somebody wrote in this place: the cards there are one message further up."""
        with _beside():
            hidden = self._posts.seen(place.surface, place.chat, place.thread, BURIED)
            self._lanes[place.surface].touch(hidden)

    def opened(self, place: Place) -> None:
        """A chat that was shut is open again."""
        self._lanes[place.surface].reopen(place.chat)

    def gone(self, place: Place, message: str) -> None:
        """Somebody has deleted this message. A card is posted anew; a notice was told."""
        with _beside():
            post = self._posts.at(place.surface, place.chat, message)
            if post is not None:
                (self._posts.emptied if post.once else self._posts.forget)(post)
                self._lanes[place.surface].touch([post.incident])

    def spend(self, place: Place, act: str = "post") -> None:
        """A door has used the same bot for something else: it counts against the same limits."""
        self._lanes[place.surface].spend(act, place)

    def stray(self, place: Place, message: str, incident: str) -> bool:
        """A button of this message was pressed. If it is none that stands, it is emptied; True then.

        After a lost answer a copy may stand of which nobody knows; an old one keeps its buttons until it is edited.
        """
        with _beside():
            post = self._posts.at(place.surface, place.chat, message)
            if post is None or not (post.once or post.state in ("sent", "empty")):
                self._empty(post, place, message, incident)
                return True
        return False

    def _empty(self, post: Post | None, place: Place, message: str, incident: str) -> None:
        if post is None:
            post = Post(
                surface=place.surface,
                chat=place.chat,
                thread=place.thread,
                person=place.person,
                incident=incident,
                key=f"{incident}/stray",
                state="empty",
                message=message,
                at=self._clock.now(),
            )
            self._posts.add(post)
        else:
            self._posts.empty(place.surface, incident, [post])
        self._lanes[place.surface].touch([incident], at_once=True)

    async def blank(self, incident: str, surface: str) -> int:
        """Have our words taken out of a platform's chats of this incident, for good; how many messages that is.

        It is done in the background, and resumed after a restart. The journal keeps what was said.
        """
        posts = [post for post in self._posts.of(incident) if post.surface == surface and post.message]
        self._posts.empty(surface, incident, posts, hush=True)
        if surface in self._lanes:
            self._lanes[surface].touch([incident], at_once=True)
        return len(posts)

    async def whisper(self, person: str, content: Content, key: str, *, silent: bool = True) -> bool:
        """Say something to somebody in private, beside all incidents (`bots.relay.whispers`); whether it was taken."""
        house, book = self._home.house, self._home.desk.incident(HOUSE)
        if book is None or not self._lanes:
            return False
        view = self._painter.view(book, next(iter(self._lanes)), self._healths())
        for surface in chat_faces.speaks_on(person, view):
            account = house.account(person, surface)
            if surface in self._whispers and house.reachable(surface, account):
                return await self._whispers[surface].say(person, account, content, key, silent=silent)
        return False

    # How it is

    def _healths(self) -> Mapping[str, Instant | None]:
        now = self._clock.now()
        return {surface: lane.health.told(now) for surface, lane in self._lanes.items()}

    def converged(self) -> bool:
        """Whether every chat equals the state, wherever its platform lets us."""
        now = self._clock.now()
        return (
            self._running
            and self._healths() == self._told
            and all(lane.converged and not lane.sheet.changing(now) for lane in self._lanes.values())
        )

    def health(self) -> dict[str, dict[str, Any]]:
        """Each platform: whether it answers, what is left to do, what was done."""
        return {
            surface: {
                "down_since": lane.health.since or None,
                "why": lane.health.why,
                "fatal": lane.health.fatal,
                "last_good": lane.health.last_good or None,
                "left": sum(1 for _ in lane.sheet.all()),
                "shut": lane.shut,
                "counts": dict(lane.counts),
            }
            for surface, lane in self._lanes.items()
        }
