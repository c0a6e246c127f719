"""What whoever directs may do at any time, in a row of their own: call everybody, give a role, see every open step."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bots.chat.faces.buzz import directors_at_hand
from bots.chat.faces.fit import content
from bots.chat.faces.lines import by_when, head, marked
from bots.chat.faces.presses import ROWS, Rows, in_rows, opens
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import View
from bots.chat.token import token_of
from bots.chat.values import Content, Press
from bots.inbound.pressed import of_incident
from bots.lines import Line
from engine.core.cards import heading
from engine.core.permissions import directors
from engine.speech import Speech

__all__ = ["directs", "is_lead", "steps_content", "ways_on"]

_ALL: Final = ("rollcall", "role", "steps")
_ANYBODY: Final = ("rollcall", "steps")


def directs(view: View, person: str) -> bool:
    """Whether this person directs, a deputy and who stands in too."""
    return person in directors(view.incident, view.scene.world.directory)


def is_lead(view: View, person: str) -> bool:
    """Whether they are the first to direct: they have a card from the start, though no step is theirs.

    A review has nothing to direct.
    """
    return not view.incident.readiness and person in directors_at_hand(view.scene)[:1]


def ways_on(view: View, person: str, speech: Speech) -> Rows:
    """What they have a right to beside any step, in one row."""
    if view.incident.status != "open":
        return ()
    acts = _ALL if directs(view, person) else _ANYBODY
    presses = (
        Press(
            label=speech.say(f"faces.button.{act}"),
            token=token_of(of_incident(act, view.scene)),
            form=act == "role",
        )
        for act in acts
    )
    return tuple(in_rows(presses, len(_ALL)))


def steps_content(view: View, person: str) -> Content:
    """Every open step in a line, each with a button that shows it."""
    if view.suspect:
        return suspect_content(view, person)
    speech, places = view.speech(person), tuple(view.scene.places())
    lines = [Line(kind="head", text=head(heading(view.scene), speech)), *_lines(view, speech)]
    each = -(-len(places) // ROWS)
    buttons = in_rows((opens(view.scene, one, speech) for one in places), each) if places else ()
    return content(marked(speech.say("faces.steps.title"), view.incident, speech), lines, speech, buttons)


def _lines(view: View, speech: Speech) -> Iterator[Line]:
    scene = view.scene
    for place in scene.places():
        taken, due = place.cursor.taken, scene.due(place) if place.cursor.awake else None
        who = taken.by if taken else scene.first_for(place.step.role) if place.step.role else ""
        told = (place.track_title, scene.name(who) if who else "", by_when(due, speech) if due else "")
        late = due is not None and due.at <= scene.now
        yield Line(
            kind="late" if late else "now",
            label=place.step.title,
            text=" · ".join(filter(None, told)),
            id=f"{place.run.id}:{place.track}",
        )
