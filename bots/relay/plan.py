"""From what should stand in the chats and what stands there, to what is to be done. Pure.

One step at a time for each message: what follows is planned anew once that one is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from bots.chat.faces.wanted import OVERVIEW, View
from bots.chat.values import Place
from bots.relay.budget import Act
from bots.relay.notices import Told, by_place, in_doubt, together
from bots.relay.shown import Drawing, Shown
from engine.journal.posts import Post

__all__ = ["BURIED", "Gather", "Todo", "place_of", "plan"]

Gather = Callable[[View, Sequence[Shown]], Shown]

BURIED: Final = 12
"""With more messages below it, a card is out of sight."""
LAST: Final = OVERVIEW + 1
"""What nobody waits for: emptying, pinning, retiring."""


class Todo(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to do on a platform."""

    act: Act
    """post, edit, pin, blank, open; retire: edit it to its last words; look: find out whether it is there."""
    place: Place
    incident: str
    key: str
    priority: int
    account: str = ""
    shown: Shown | None = None
    """What should stand there."""
    post: Post | None = None
    """What stands there."""

    @property
    def urgent(self) -> bool:
        """Whether it may use what is kept back of the platform's budget."""
        return self.priority < OVERVIEW

    @property
    def counts_as(self) -> Act:
        """Which limit of the platform it counts against. Looking may end in posting."""
        return {"retire": "edit", "look": "post"}.get(self.act, self.act)

    @property
    def busy(self) -> str:
        """What it keeps busy: one message at a time in each chat."""
        return self.place.chat or f"account {self.account}"

    @property
    def at(self) -> Place:
        """Where it counts: a chat that is not known yet is its account's."""
        return self.place if self.place.chat else msgspec.structs.replace(self.place, chat=self.busy)


def place_of(post: Post) -> Place:
    """Where a message stands."""
    return Place(surface=post.surface, chat=post.chat, thread=post.thread, person=post.person)


def plan(drawing: Drawing, posts: Sequence[Post], digest: Gather) -> list[Todo]:
    """What is to be done now. `posts`: what is kept of the incident, on all platforms. `digest` makes one of many."""
    here = [post for post in posts if post.surface == drawing.view.surface]
    return [*_cards(drawing, here), *_leftovers(drawing, here), *_notices(drawing, posts, digest)]


# Cards


def _cards(drawing: Drawing, here: Sequence[Post]) -> Iterator[Todo]:
    standing = _standing(here)
    for shown in drawing.cards:
        if not shown.place.chat:
            if not shown.wanted.only_edit:
                yield _todo(drawing, "open", shown)
            continue
        post = standing.get(_spot(shown.place, shown.wanted.key))
        act = _next(shown, post)
        if act:
            follows = act == "post" and post is not None and not _anew(shown, post)
            yield _todo(drawing, act, _silent(shown) if follows else shown, post)


def _silent(shown: Shown) -> Shown:
    """A card that only follows its reader rings no phone: nothing has happened."""
    return msgspec.structs.replace(shown, wanted=msgspec.structs.replace(shown.wanted, silent=True))


def _next(shown: Shown, post: Post | None) -> Act:
    wanted = shown.wanted
    if post is None:
        return "" if wanted.only_edit else "post"
    if post.state != "sent":
        return "look"
    if _again(shown, post):
        return "post"
    if post.digest != shown.digest:
        return "edit"
    return "pin" if wanted.pin and not post.pinned else ""


def _again(shown: Shown, post: Post) -> bool:
    """Whether it is posted below what people wrote meanwhile, rather than edited where nobody sees it.

    In a group a card that reads the same stays where it is; a person's own card follows them.
    """
    wanted = shown.wanted
    if wanted.only_edit:
        return False
    if _anew(shown, post):
        return True
    hidden = post.below > BURIED and not wanted.pin
    return hidden and (bool(shown.place.person) or post.digest != shown.digest)


def _anew(shown: Shown, post: Post) -> bool:
    """Whether it is for something new: another visit of a step, another request."""
    return bool(shown.wanted.afresh) and shown.wanted.afresh != post.afresh


def _leftovers(drawing: Drawing, here: Sequence[Post]) -> Iterator[Todo]:
    """What stands and should not: copies that another one replaces, cards that nobody wants any more."""
    wanted = {_spot(shown.place, shown.wanted.key) for shown in drawing.cards}
    replaced = {spot for spot, post in _standing(here).items() if post.state == "sent"}
    for post in here:
        spot = (post.chat, post.thread, post.key)
        if post.state == "empty" or (drawing.hushed and post.message):
            yield _leftover("blank", post)
        elif post.once or post.state == "past":
            continue
        elif post.state == "old":
            if spot in replaced or spot not in wanted:
                yield _leftover("retire", post)
        elif spot not in wanted:
            yield _leftover("retire" if post.state == "sent" else "look", post)


def _leftover(act: Act, post: Post) -> Todo:
    return Todo(act=act, place=place_of(post), incident=post.incident, key=post.key, priority=LAST, post=post)


# Notices


def _notices(drawing: Drawing, posts: Sequence[Post], digest: Gather) -> Iterator[Todo]:
    """In each place, the first that it was not told. One in doubt comes first: those behind it wait for it."""
    here = [post for post in posts if post.surface == drawing.view.surface]
    told = Told(posts, drawing.view.surface)
    for waiting in by_place([shown for shown in drawing.notices if not told.covers(shown.wanted)]):
        first = waiting[0]
        if not first.place.chat:
            yield _todo(drawing, "open", first)
            continue
        doubt = in_doubt(waiting, here)
        shown = digest(drawing.view, together(waiting, drawing.view.scene.now, doubt))
        yield _todo(drawing, "look" if doubt or shown.doubtful else "post", shown, doubt)


def _todo(drawing: Drawing, act: Act, shown: Shown, post: Post | None = None) -> Todo:
    return Todo(
        act=act,
        place=shown.place,
        account=shown.account,
        incident=drawing.view.incident.id,
        key=shown.wanted.key,
        priority=LAST if act == "pin" else shown.wanted.priority,
        shown=shown,
        post=post,
    )


def _standing(here: Sequence[Post]) -> dict[tuple[str, str, str], Post]:
    return {
        (post.chat, post.thread, post.key): post
        for post in here
        if not post.once and post.state in ("intent", "unsure", "sent")
    }


def _spot(place: Place, key: str) -> tuple[str, str, str]:
    return place.chat, place.thread, key
