"""What one platform should show of every incident, kept up to date: what was touched is drawn again, and planned."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from bots.chat.faces import View
from bots.chat.values import Content
from bots.relay.drawing import Painter
from bots.relay.notices import Told, gathered
from bots.relay.plan import Todo, plan
from bots.relay.shown import Drawing, Heard, span_of
from engine.core.incident import Incident
from engine.core.quantities import Instant
from engine.journal.posts import Post, Posts

__all__ = ["Sheet"]

SETTLE: Final = 0.1
"""Seconds that a change waits for those that come with it: a burst is drawn once."""
AGAIN: Final = 0.4
"""Seconds between two drawings of one incident."""

Healths = Callable[[], Mapping[str, Instant | None]]


class Sheet:
    """One platform's. Times are seconds of the loop, but `Instant`s."""

    def __init__(
        self,
        surface: str,
        posts: Posts,
        painter: Painter,
        incident: Callable[[str], Incident | None],
        healths: Healths,
        counts: Counter[str],
    ) -> None:
        self._surface, self._posts, self._painter = surface, posts, painter
        self._incident, self._healths, self._counts = incident, healths, counts
        self._due: dict[str, float] = {}
        """Touched incidents, and from when on they are drawn again."""
        self._drawn: dict[str, float] = {}
        self._drawings: dict[str, Drawing] = {}
        self._todos: dict[str, list[Todo]] = {}
        self._heard: dict[str, list[Heard]] = {}
        """Notices that were not told."""
        self._read: dict[str, int] = {}
        """Up to which entry notices were heard."""

    def touch(self, incident: str, now: float, *, at_once: bool = False) -> None:
        """Have an incident drawn again."""
        if incident in self._due:
            self._counts["coalesced"] += 1
        due = now if at_once else max(now + SETTLE, self._drawn.get(incident, 0.0) + AGAIN)
        self._due[incident] = min(due, self._due.get(incident, due))

    def postpone(self, incident: str, until: float) -> None:
        """Try again then: it couldn't be drawn."""
        self._due[incident] = until

    def due(self, now: float) -> str | None:
        """What is to be drawn now, that which has waited longest."""
        name = min(self._due, key=self._due.__getitem__, default=None)
        return name if name is not None and self._due[name] <= now else None

    def next_due(self) -> float | None:
        return min(self._due.values(), default=None)

    def changing(self, now: Instant) -> list[str]:
        """The incidents that read otherwise from now on, though nothing happened."""
        return [
            name
            for name, drawing in self._drawings.items()
            if drawing.next_change and drawing.view.scene.now < drawing.next_change <= now
        ]

    def ready(self) -> Iterator[Todo]:
        """What is to be done, of incidents that are drawn as they are now."""
        return (todo for name, todos in self._todos.items() if name not in self._due for todo in todos)

    def all(self) -> Iterator[Todo]:
        return (todo for todos in self._todos.values() for todo in todos)

    @property
    def behind(self) -> bool:
        """Whether something is still to be drawn."""
        return bool(self._due)

    def last_words(self, todo: Todo) -> Content | None:
        """What a message reads that is no longer the one to look at."""
        drawing = self._drawings.get(todo.incident)
        if drawing is None or todo.post is None:
            return None
        return self._painter.retired(drawing.view, todo.key, todo.post.afresh, todo.post.person)

    def draw(self, name: str, now: float) -> None:
        """Draw an incident as it is, and plan what is to be done."""
        incident = self._incident(name)
        self._drawn[name] = now
        self._due.pop(name, None)
        if incident is None:
            self._drop(name)
            return
        view = self._painter.view(incident, self._surface, self._healths())
        if self._posts.hushed(self._surface, name):
            self._drawings[name] = Drawing(view=view, hushed=True)
        else:
            self._hear(incident, view)
            self._heard[name] = [one for one in self._heard[name] if not self._painter.missed(view, one)]
            self._drawings[name] = self._painter.draw(view, self._heard[name])
        self._counts["drawn"] += 1
        self.replan(name)

    def replan(self, name: str) -> None:
        """Plan again what is to be done: something was, or the book was changed."""
        drawing = self._drawings.get(name)
        if drawing is None:
            return
        posts = self._posts.of(name)
        self._todos[name] = plan(drawing, posts, gathered)
        self._settle(drawing, posts)

    def _hear(self, incident: Incident, view: View) -> None:
        name, surface = incident.id, self._surface
        read = self._read.get(name, self._posts.told(surface, name))
        if read > incident.seq:
            self._rewind(incident)
            read = incident.seq
        heard, erased = self._painter.hear(view, read)
        self._heard.setdefault(name, []).extend(heard)
        if erased:
            self._erase(name, erased)
        self._read[name] = incident.seq

    def _rewind(self, incident: Incident) -> None:
        """The journal was put back to an earlier state: what it tells from here on was not told."""
        name = incident.id
        for post in self._posts.of(name):
            if post.once and post.surface == self._surface and span_of(post.key)[1] > incident.seq:
                self._posts.forget(post)
        self._posts.tell(self._surface, name, incident.seq)
        self._heard.pop(name, None)

    def _erase(self, name: str, erased: Iterable[int]) -> None:
        """Words that were erased must not stand in a chat either; a card no longer has them when it is drawn."""
        told = [
            post
            for post in self._posts.of(name)
            if post.once and post.surface == self._surface and _tells(post, erased)
        ]
        self._posts.empty(self._surface, name, told)

    def _settle(self, drawing: Drawing, posts: list[Post]) -> None:
        """Note what need not be looked at again: entries of which all is told, a closed incident that is shown."""
        incident, surface = drawing.view.incident, self._surface
        name = incident.id
        heard = self._heard.get(name, [])
        if heard:
            told = Told(posts, surface)
            placed = {(one.wanted.person, one.wanted.key) for one in drawing.notices}
            # What was to be told on each platform needn't be here any more once they have answered.
            heard[:] = [
                one for one in heard
                if not told.covers(one.wanted, anywhere=(one.wanted.person, one.wanted.key) not in placed)
            ]  # fmt: skip
            if not heard:
                self._posts.tell(surface, name, self._read[name])
        if incident.status == "closed" and not self._todos[name] and name not in self._due:
            if self._posts.settled(surface, name) != incident.seq:
                self._posts.settle(surface, name, incident.seq)
            self._drop(name)

    def _drop(self, name: str) -> None:
        for kept in (self._drawings, self._todos, self._heard, self._read):
            kept.pop(name, None)


def _tells(post: Post, entries: Iterable[int]) -> bool:
    first, last = span_of(post.key)
    return any(first <= seq <= last for seq in entries)
