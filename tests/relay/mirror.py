"""Whether the chats equal the state: what the faces want, beside what people see."""

from __future__ import annotations

from bots.chat import faces
from bots.relay.drawing import Painter
from bots.relay.shown import span_of
from engine.journal.posts import Posts
from tests.relay.hall import Hall
from tests.relay.model import Message, ModelPlatform

__all__ = ["assert_equal", "told"]


def assert_equal(town: Hall) -> None:
    for platform in town.platforms:
        _cards(town, platform)
        _notices(town, platform)


def _cards(town: Hall, platform: ModelPlatform) -> None:
    assert town.relay is not None
    posts: Posts = town.relay._posts
    painter = Painter(town.home, faces, posts, town.clock)
    view = painter.view(town.state, platform.surface, town.relay._healths())
    standing: set[str] = set()
    for shown in painter.draw(view, []).cards:
        if shown.place.chat in platform.closed:
            continue
        copies = [
            one for one in platform.seen(shown.place.chat) if one.key.startswith(f"{shown.wanted.key}/")
        ]
        here = [one for one in copies if one.content == shown.wanted.content]
        if shown.wanted.only_edit:
            continue
        if not platform.finds and any(
            one.deleted and one.content == shown.wanted.content and one.key.startswith(f"{shown.wanted.key}/")
            for one in platform.messages
        ):
            continue  # Telegram doesn't tell that it was deleted, and nothing had to be edited since
        assert here, (platform.surface, shown.wanted.key, shown.wanted.content, copies)
        assert here[-1] is copies[-1], "the one to look at is the lowest"
        if shown.wanted.pin:
            assert here[-1].pinned
        standing.add(here[-1].id)
    if platform.finds:
        kept = {
            post.message for post in posts.of(town.incident)
            if post.surface == platform.surface and post.state == "sent"
        }  # fmt: skip
        stale = [
            one for one in platform.messages
            if "/n:" not in one.key and one.id not in standing and one.id not in kept
            and not one.deleted and one.content and one.content.buttons
            and one.place.chat not in platform.closed and one.place.chat not in platform.moved
        ]  # fmt: skip
        assert not stale, stale


def told(platform: ModelPlatform, chat: str, seq: int) -> list[Message]:
    """The messages of a chat that tell an entry."""
    return [
        one for one in platform.seen(chat, "/n:") if span_of(one.key)[0] <= seq <= span_of(one.key)[1]
    ]  # fmt: skip


def _notices(town: Hall, platform: ModelPlatform) -> None:
    assert town.relay is not None
    painter = Painter(town.home, faces, town.relay._posts, town.clock)
    view = painter.view(town.state, platform.surface, town.relay._healths())
    group = view.house.group(platform.surface, "crisis")
    assert group is not None
    chats = {group[0], *(old for old, new in platform.moved.items() if new == group[0])}
    order: list[int] = []
    for entry in town.home.journal.reader.entries(town.incident):
        for wanted in faces.notices(view, [entry]):
            if wanted.person:
                everywhere = [
                    one
                    for other in town.platforms
                    for account in [view.house.account(wanted.person, other.surface)]
                    for one in told(other, f"D{account}", entry.seq)
                ]
                firsts = [one for one in everywhere if not one.repeat]
                open_to = any(
                    f"D{view.house.account(wanted.person, other.surface)}" not in other.closed
                    for other in town.platforms
                    if view.house.account(wanted.person, other.surface)
                )
                assert not open_to or everywhere, (wanted.person, entry.seq)
                assert len(firsts) <= (len(town.platforms) if wanted.each else 1), everywhere
                continue
            copies = [one for chat in chats for one in told(platform, chat, entry.seq)]
            assert copies, (platform.surface, entry.seq, wanted.content.title)
            if platform.finds:
                assert len(copies) == 1, copies
            else:
                assert sum(not one.repeat for one in copies) <= 1, copies
            order.append(int(copies[0].id))
    assert order == sorted(order), "notices keep their order"
