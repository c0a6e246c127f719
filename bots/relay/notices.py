"""Notices: each told once in each place, in order; after a long silence many in one message. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from bots.chat.faces import GROUP, View, Wanted
from bots.chat.values import Content
from bots.lines import Line
from bots.relay.shown import Shown, digest_of, span_of
from engine.core.quantities import MINUTE, Instant
from engine.journal.posts import Post

__all__ = ["Told", "by_place", "gathered", "in_doubt", "together"]

LATE: Final = 30 * MINUTE
"""Once one is so late, those behind it are told with it: a phone that comes back must not buzz forty times."""
FRESH: Final = 5 * MINUTE
"""What happened so lately is told by itself."""
LONGEST: Final = 2_400
"""Characters of one digest: it fits one message on every platform, whatever marks are added."""
MOST: Final = 30
"""Notices of one digest."""


class Told:
    """Which notices were told: to a group by this platform, to a person by any, unless each is to tell them."""

    def __init__(self, posts: Sequence[Post], surface: str) -> None:
        self._spans: dict[tuple[str, bool], list[tuple[int, int]]] = {}
        """By person, and whether it was on this platform."""
        for post in posts:
            if post.once and post.state not in ("intent", "unsure"):
                here = post.surface == surface
                self._spans.setdefault((post.person, here), []).append(span_of(post.key))

    def covers(self, wanted: Wanted, *, anywhere: bool = False) -> bool:
        """Whether this one was. `anywhere`: to a person on any platform, even if each is to tell them."""
        anywhere = wanted.person != GROUP and (anywhere or not wanted.each)
        spans = (self._spans.get((wanted.person, here), ()) for here in (True, False) if here or anywhere)
        return any(_within(wanted, span) for some in spans for span in some)


def by_place(notices: Sequence[Shown]) -> Iterator[list[Shown]]:
    """The same, those of one place together."""
    places: dict[tuple[str, str], list[Shown]] = {}
    for shown in notices:
        places.setdefault((shown.place.chat or shown.account, shown.place.thread), []).append(shown)
    yield from places.values()


def in_doubt(waiting: Sequence[Shown], posts: Sequence[Post]) -> Post | None:
    """The message that may have told the first of these."""
    first = waiting[0]
    return next(
        (
            post
            for post in posts
            if post.once
            and post.state in ("intent", "unsure")
            and (post.chat, post.thread) == (first.place.chat, first.place.thread)
            and _within(first.wanted, span_of(post.key))
        ),
        None,
    )


def together(waiting: Sequence[Shown], now: Instant, doubt: Post | None) -> Sequence[Shown]:
    """Those that are told in the next message of a place: the first alone, or the late ones, or what was kept back.

    What a message in doubt may have told is told again as it was.
    """
    if doubt is not None:
        return [shown for shown in waiting if _within(shown.wanted, span_of(doubt.key))]
    kept_back = waiting[0].meanwhile
    if waiting[0].doubtful or not (kept_back or waiting[0].at <= now - LATE):
        return waiting[:1]
    late: list[Shown] = []
    length = 0
    for shown in waiting[:MOST]:
        length += sum(len(text) + 4 for text in _texts(shown))
        fresh = shown.at > now - FRESH and not kept_back
        if fresh or shown.meanwhile is not kept_back or shown.doubtful or (late and length > LONGEST):
            break
        late.append(shown)
    return late


def gathered(view: View, notices: Sequence[Shown]) -> Shown:
    """One message for these: itself if there is one, else each in its lines under a title that says what they are."""
    if len(notices) == 1:
        return notices[0]
    first, last = notices[0], notices[-1]
    speech = view.speech(first.place.person)
    why = "meanwhile" if first.meanwhile else "digest"
    title = speech.say(
        f"relay.{why}.exercise" if view.incident.exercise else f"relay.{why}.title",
        incident=view.incident.id,
        count=len(notices),
        first=span_of(first.wanted.key)[0],
        last=span_of(last.wanted.key)[1],
        since=speech.at(first.at),
        until=speech.at(last.at),
    )
    content = Content(
        title=title,
        lines=tuple(Line(kind="text", text=text) for shown in notices for text in _texts(shown)),
        mentions=tuple(dict.fromkeys(name for shown in notices for name in shown.wanted.content.mentions)),
    )
    key = f"{view.key('n:')}{span_of(first.wanted.key)[0]}-{span_of(last.wanted.key)[1]}"
    wanted = msgspec.structs.replace(first.wanted, key=key, content=content, silent=False)
    return msgspec.structs.replace(first, wanted=wanted, digest=digest_of(content))


def _texts(shown: Shown) -> Iterator[str]:
    content = shown.wanted.content
    yield content.title
    yield from (line.text for line in content.lines if line.text != content.title)


def _within(wanted: Wanted, span: tuple[int, int]) -> bool:
    return span[0] <= span_of(wanted.key)[0] <= span[1]
