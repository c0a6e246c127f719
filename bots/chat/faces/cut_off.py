"""Those who have only a channel that is suspect: whoever directs is given their numbers, for nothing reaches them."""

from __future__ import annotations

from collections.abc import Iterator

from bots.chat.faces.buzz import directors_at_hand, first_here
from bots.chat.faces.calls import dialled, dials
from bots.chat.faces.fit import content
from bots.chat.faces.lines import head, marked
from bots.chat.faces.presses import ROWS
from bots.chat.faces.speaking import cut_off, people
from bots.chat.faces.wanted import LATE, View, Wanted
from bots.chat.values import Content, Press
from bots.lines import Line
from engine.core.cards import heading

__all__ = ["cut_off_cards"]


def cut_off_cards(view: View, person: str) -> Iterator[Wanted]:
    """For whoever directs and can be written to: whom to call, while it lasts."""
    missing = cut_off(view)
    if missing and view.incident.status == "open" and person in _caller(view, missing):
        yield Wanted(
            person=person,
            key=view.key("cut_off"),
            content=_content(view, person, missing),
            priority=LATE,
            afresh=" ".join(missing),
            silent=False,
        )


def _caller(view: View, missing: tuple[str, ...]) -> tuple[str, ...]:
    """Who directs the crisis now, of those who can read it here or elsewhere."""
    linked = people(view)
    able = tuple(one for one in directors_at_hand(view.scene) if one in linked and one not in missing)
    return first_here(able, view.scene)


def _content(view: View, person: str, missing: tuple[str, ...]) -> Content:
    speech = view.speech(person)
    lines = [Line(kind="head", text=head(heading(view.scene), speech))]
    numbers: list[tuple[Press, ...]] = []
    for one in missing:
        name, number = speech.person(one), dialled(view.scene.phone(one))
        told = number or speech.say("console.directory.no_number")
        lines.append(Line(kind="call", text=told, label=name, id=one))
        if number:
            numbers.append((dials(view, one, speech),))
    title = marked(speech.say("faces.cut_off.title"), view.incident, speech)
    return content(title, lines, speech, numbers[:ROWS])
