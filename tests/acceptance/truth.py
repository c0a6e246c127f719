"""Whether both chats equal the state, and the journal is whole: what the faces want beside what people see."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from bots.chat import faces
from bots.chat.values import Content
from bots.relay.drawing import Painter
from bots.slack.render import escaped
from engine.core.cards import touched
from engine.core.deadlines import of
from engine.home import Home
from engine.i18n import Words
from engine.journal.audit import audit
from engine.journal.posts import open_posts
from engine.timers import SystemClock
from tests.acceptance.cell import Kept
from tests.acceptance.night import GROUP, SLACK, TELEGRAM, Night

__all__ = ["assert_kept", "assert_true"]

_REPEAT = Words("fr").say("telegram.repeat")
"""A message that may be a second copy says so."""


def assert_kept(night: Night, acknowledged: Sequence[Kept]) -> None:
    """The journal is whole, and holds each press that was acknowledged, once, however often it was delivered."""
    ran = night.town.tocsin("verify")
    assert ran.code == 0, ran
    with Home(night.town.path, reading=True) as home:
        reader = home.journal.reader
        verdicts, beside = audit(reader, lambda state: of(state, home.world), touched)
        assert [found for verdict in verdicts for found in verdict.breaks] == []
        assert beside == []
        last = {name: head.incident.seq for name in reader.incidents() if (head := reader.head(name))}
        assert len({one.key for one in acknowledged}) == len(acknowledged)
        claimed: set[tuple[str, int]] = set()
        for one in acknowledged:
            receipt = home.journal.receipt(f"{one.key}/0")
            assert receipt is not None, f"acknowledged, and lost: {one}"
            assert receipt.last <= last[receipt.incident], one
            entries = {(receipt.incident, seq) for seq in range(receipt.first, receipt.last + 1) if seq}
            assert not entries & claimed, f"two presses claim one entry: {one}"
            claimed |= entries


def assert_true(night: Night, incident: str) -> None:
    """Every card reads as the state, and every notice stands once; on Telegram a repeat is marked as one.

    A repeat answers for a lost answer or a crash: in no chat are there more than there were of those.
    """
    met = Counter(kind for _, kind in night.telegram.faults.met)
    for chat in (GROUP, *TELEGRAM.values()):
        repeats = [one for one in night.telegram.shown(chat) if _REPEAT in one.text]
        assert len(repeats) <= night.kills + met["lost"] + met["cut"] + met["500"], repeats
    with Home(night.town.path, reading=True) as home:
        posts = open_posts(night.town.path, 0)
        try:
            painter = Painter(home, faces, posts, SystemClock())
            state = home.desk.incident(incident)
            assert state is not None
            for surface in ("slack", "telegram"):
                view = painter.view(state, surface, {"slack": None, "telegram": None})
                for wanted in faces.group_wanted(view):
                    if wanted.only_edit:
                        continue
                    _stands(night, surface, "", wanted.content)
                for person in faces.people(view):
                    if surface in faces.speaks_on(person, view) and _has(surface, person):
                        for wanted in faces.private_wanted(view, person):
                            if not wanted.only_edit:
                                _stands(night, surface, person, wanted.content)
                for wanted in faces.notices(view, tuple(home.journal.reader.entries(incident)), {}):
                    if wanted.person == faces.GROUP:
                        _told_once(night, surface, wanted.content)
        finally:
            posts.close()


def _has(surface: str, person: str) -> bool:
    return person in (SLACK if surface == "slack" else TELEGRAM)


def _words(night: Night, surface: str, person: str) -> Iterator[str]:
    """What stands in the group, or with somebody in private, as they read it."""
    if surface == "telegram":
        chat = TELEGRAM[person] if person else GROUP
        yield from (one.text for one in night.telegram.shown(chat))
        return
    if person:
        yield from (one.words for one in night.slack.private(SLACK[person]))
        return
    for channel in night.slack.workspace.channels.values():
        if channel.name.startswith(("inc-", "ex-")):
            yield from (one.words for one in night.slack.messages(channel.id))


def _plain(text: str) -> str:
    return re.sub(r"[\s*_]+", " ", text).strip()


def _fits(surface: str, shown: str, content: Content) -> bool:
    """Whether the title and each line of the content are in what is shown."""
    read = _plain(shown)
    words = filter(None, (content.title, *(line.text for line in content.lines)))
    return all(_plain(escaped(one) if surface == "slack" else one) in read for one in words)


def _stands(night: Night, surface: str, person: str, content: Content) -> None:
    """A card stands; on Slack once, on Telegram once that is no repeat."""
    copies = [one for one in _words(night, surface, person) if _fits(surface, one, content)]
    assert copies, _missing(night, surface, content)
    assert surface == "telegram" or len(copies) == 1, copies


def _missing(night: Night, surface: str, content: Content) -> str:
    wanted = "\n".join((content.title, *(line.text for line in content.lines)))
    return f"{surface} lacks:\n{wanted}\n\n{night.seen()}"


def _told_once(night: Night, surface: str, content: Content) -> None:
    copies = [one for one in _words(night, surface, "") if _fits(surface, one, content)]
    first = [one for one in copies if _REPEAT not in one]
    assert copies, _missing(night, surface, content)
    assert len(first) <= 1, copies
    assert surface == "telegram" or len(copies) == 1, copies
