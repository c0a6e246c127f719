"""What the crisis group sees: the overview, kept at the top; and what is left of it on a channel that is suspect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bots.chat.faces.approvals import approval_cards
from bots.chat.faces.closing import blank_rows
from bots.chat.faces.fit import content
from bots.chat.faces.lines import head, marked, overview_lines
from bots.chat.faces.presses import in_rows
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import OVERVIEW, View, Wanted
from bots.chat.token import press_of
from bots.chat.values import Content
from bots.lines import Line
from engine.core.cards import heading, overview
from engine.speech import Speech

__all__ = ["group_wanted", "overview_content"]

_OVER: Final = ("cell", "report")
"""Of no more use once the incident is closed."""
_PLAYED: Final = (*_OVER, "approvals", "clocks", "activities")
"""And once an exercise is: nothing of it is owed."""


def group_wanted(view: View) -> tuple[Wanted, ...]:
    """The overview and the requests for signatures, as one platform's group should read them."""
    board = Wanted(
        key=view.key("overview"),
        content=overview_content(view),
        priority=OVERVIEW,
        pin=True,
        only_edit=view.incident.status == "closed",  # nobody who came since needs it
    )
    return (board, *approval_cards(view))


def overview_content(view: View) -> Content:
    """The whole incident in a dozen lines; nobody's number is among them."""
    if view.suspect:
        return suspect_content(view)
    scene, speech = view.public, view.speech()
    card = overview(scene)
    closed = view.incident.status == "closed"
    buttons = (
        blank_rows(view, speech)
        if closed
        else in_rows((press_of(one, scene, speech) for one in card.buttons), 2)
    )
    leave = _PLAYED if view.incident.played_out else _OVER if closed else ()
    lines = overview_lines(card.blocks, speech, leave=leave)
    title = marked(head(heading(scene), speech), view.incident, speech)
    return content(title, (*lines, *_health(view, speech)), speech, buttons)


def _health(view: View, speech: Speech) -> Iterator[Line]:
    """`Slack ✓ · Telegram injoignable depuis 14:03`."""
    told, ill = [], False
    for surface, since in view.health.items():
        name = speech.say(f"faces.surface.{surface}")
        if surface in view.incident.suspect:
            told.append(speech.say("faces.health.suspect", surface=name))
        elif since is not None:
            told.append(speech.say("faces.health.down", surface=name, at=speech.at(since)))
        else:
            told.append(speech.say("faces.health.well", surface=name))
            continue
        ill = True
    if told:
        yield Line(kind="late" if ill else "plain", text=" · ".join(told))
