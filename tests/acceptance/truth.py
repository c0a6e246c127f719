"""Whether both chats equal the state, and the journal is whole: what the faces want beside what people see."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bots.chat import faces
from bots.chat.values import Content
from bots.relay.drawing import Painter
from bots.slack.render import escaped
from engine.home import Home
from engine.journal.posts import open_posts
from engine.journal.verify import verify_incident
from engine.timers import SystemClock
from tests.acceptance.night import GROUP, SLACK, TELEGRAM, Night

__all__ = ["assert_true"]

_REPEAT = "répét"
"""A message that may be a second copy says so."""


def assert_true(night: Night, incident: str) -> None:
    """The journal is whole; every card reads as the state; every notice stands once (Telegram: a repeat is marked)."""
    with Home(night.town.path, reading=True) as home:
        verdict = verify_incident(home.journal.reader, incident)
        assert verdict.whole, verdict
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
                    assert _last_with(night, surface, "", wanted.content), _missing(
                        night, surface, wanted.content
                    )
                for person in faces.people(view):
                    if surface in faces.speaks_on(person, view) and _has(surface, person):
                        for wanted in faces.private_wanted(view, person):
                            if not wanted.only_edit:
                                shown = _last_with(night, surface, person, wanted.content)
                                assert shown, (person, _missing(night, surface, wanted.content))
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
    """Whether each line of the content is in what is shown."""
    read = _plain(shown)
    return all(
        _plain(escaped(line.text) if surface == "slack" else line.text) in read
        for line in content.lines
        if line.text
    )


def _last_with(night: Night, surface: str, person: str, content: Content) -> str:
    return next((one for one in _words(night, surface, person) if _fits(surface, one, content)), "")


def _missing(night: Night, surface: str, content: Content) -> str:
    wanted = "\n".join(line.text for line in content.lines)
    return f"{surface} lacks:\n{wanted}\n\n{night.seen()}"


def _told_once(night: Night, surface: str, content: Content) -> None:
    copies = [one for one in _words(night, surface, "") if _fits(surface, one, content)]
    first = [one for one in copies if _REPEAT not in one]
    assert copies, _missing(night, surface, content)
    assert len(first) <= 1, copies
    assert surface == "telegram" or len(copies) == 1, copies
