"""What one person sees in private: the step that waits for them, whole, with its buttons; the rest in a line each.

When another step comes in front, its card is posted below, so that it is seen; the old one shrinks to a line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bots.chat.faces.approvals import sign_cards
from bots.chat.faces.buzz import signatories
from bots.chat.faces.calls import call_cards
from bots.chat.faces.closing import blank_rows
from bots.chat.faces.cut_off import cut_off_cards
from bots.chat.faces.directing import directs, is_lead, ways_on
from bots.chat.faces.fit import content
from bots.chat.faces.history import last_left, left_behind, step_name
from bots.chat.faces.lines import by_when, head, marked, step_lines
from bots.chat.faces.presses import ROWS, Rows, in_rows, opens, step_rows
from bots.chat.faces.suspect import suspect_content
from bots.chat.faces.wanted import CURRENT, LATE, Standing, View, Wanted, is_idle
from bots.chat.token import token_of
from bots.chat.values import Content, Press
from bots.inbound.pressed import of_incident
from bots.lines import Line, row_words
from engine.core.cards import Place, duties, heading, may_sign, mine, person_card, step_card
from engine.core.cards.values import Due, Row, Section
from engine.speech import Speech

__all__ = ["now_content", "private_wanted", "retired", "step_content"]

NOTHING: Final = "nothing"
CLOSED: Final = "closed"
_TASKS: Final = 2
"""Tasks that have a button under a card; the others are told."""
_BESIDE: Final = 3
"""Rows for what else waits: the step in front needs the others."""


def private_wanted(view: View, person: str, standing: Standing = None) -> tuple[Wanted, ...]:
    """All that concerns this person alone, as their chat on this platform should read it.

    `standing`: the keys of what stands there; what is only to be kept true and stands nowhere is left out then.
    """
    cards = (
        *_now(view, person, standing),
        *sign_cards(view, person, standing),
        *call_cards(view, person, standing),
    )
    if not view.suspect:
        return (*cards, *cut_off_cards(view, person))
    shown = suspect_content(view, person)
    return tuple(
        Wanted(person=person, key=one.key, content=shown, priority=one.priority, only_edit=True)
        for one in cards
    )


def _now(view: View, person: str, standing: Standing) -> Iterator[Wanted]:
    place = next(iter(mine(view.scene, person)), None) if view.incident.status == "open" else None
    due = view.scene.due(place) if place and place.cursor.awake else None
    late = due is not None and due.at <= view.scene.now
    waits = place is not None or bool(_owed(view, person))
    stands = waits or (view.incident.status == "open" and is_lead(view, person))
    if not stands and is_idle(view.key("now"), standing):
        return
    name = step_name(place) if place else NOTHING if view.incident.status == "open" else CLOSED
    yield Wanted(
        person=person,
        key=view.key("now"),
        content=now_content(view, person),
        priority=LATE if late else CURRENT,
        afresh=name,
        only_edit=not stands,
        silent=not waits,
    )


def now_content(view: View, person: str) -> Content:
    """Their "Et maintenant ?"."""
    if view.suspect:
        return suspect_content(view, person)
    if view.incident.status != "open":
        return _closed(view, person)
    places = mine(view.scene, person)
    if places:
        return step_content(view, places[0], person, beside=True)
    speech = view.speech(person)
    rows = _owed(view, person)
    card = person_card(view.public, person)
    nothing = card.find(Section)
    told = nothing.rows[0].label if isinstance(nothing, Section) and not rows else ""
    title = speech.phrase(told) if told else speech.say("faces.now.duties")
    lines = [Line(kind="head", text=head(heading(view.scene), speech)), *_beside(view, person, rows, speech)]
    if done := last_left(view, person, speech):
        lines.append(Line(kind="text", text=done))
    buttons = (
        *_elsewhere(view, person, speech),
        *_finish(view, rows, speech),
        *ways_on(view, person, speech),
    )
    return content(marked(title, view.incident, speech), lines, speech, buttons)


def step_content(view: View, place: Place, person: str, *, beside: bool = False) -> Content:
    """A step with its buttons. `beside`: what else waits for this person, a line each; else all its author wrote."""
    if view.suspect:
        return suspect_content(view, person)
    scene, speech = view.public, view.speech(person)
    card = step_card(scene, place)
    due = card.find(Due)
    step = place.step.title
    if place.cursor.visit > 1:
        step = speech.say("cards.heading.visit", step=step, count=place.cursor.visit)
    title = ", ".join((step, by_when(due, speech))) if isinstance(due, Due) else step
    lines = [
        Line(kind="head", text=_where(view, place, speech)),
        *step_lines(card.blocks, speech, whole=not beside),
    ]
    if place.step.paper and not beside:
        lines.append(
            Line(kind="more", label=speech.say("faces.step.paper"), text=_paper(view, place, speech))
        )
    rows = _owed(view, person) if beside else ()
    if beside:
        lines += _beside(view, person, rows, speech)
    more: Rows = _finish(view, rows, speech)
    if beside:
        directing = ways_on(view, person, speech) if directs(view, person) else ()
        more = (*_elsewhere(view, person, speech), *more, *directing)
    buttons = step_rows(scene, place, card, speech, room=ROWS - len(more), whole=not beside)
    return content(marked(title, view.incident, speech), lines, speech, (*buttons, *more)[:ROWS])


def _paper(view: View, place: Place, speech: Speech) -> str:
    return speech.text(view.public.text(place.step.paper or "", place.run, place.definition))


def _where(view: View, place: Place, speech: Speech) -> str:
    """`INC-2026-003 · Rançongiciel · Technique`."""
    first = heading(view.scene, place)
    return " · ".join(filter(None, (first.incident, first.title, first.place)))


def _owed(view: View, person: str) -> tuple[Row, ...]:
    return duties(view.public, person) if view.incident.status == "open" else ()


def _beside(view: View, person: str, rows: tuple[Row, ...], speech: Speech) -> Iterator[Line]:
    """What else waits for them: a signature, a duty, another step. Each has its own card, or comes in front later."""
    for one in view.incident.approvals.values():
        if may_sign(view.scene, one, person):
            key = "sign" if person in signatories(view.scene, one) else "may_sign"
            yield Line(kind="hand", text=speech.say(f"faces.now.{key}", number=one.id))
    for row in rows:
        told = row_words(row, speech)
        yield Line(kind=row.sign or "plain", label=speech.phrase(row.label), text=told, id=row.id)
    for place in mine(view.scene, person)[1:]:
        due = view.scene.due(place) if place.cursor.awake else None
        late = due is not None and due.at <= view.scene.now
        told = " · ".join(filter(None, (place.track_title, by_when(due, speech) if due else "")))
        yield Line(kind="late" if late else "now", label=place.step.title, text=told)


def _elsewhere(view: View, person: str, speech: Speech) -> Rows:
    """Opens each of their other steps, and what they may sign without having a card of it."""
    signs = (
        Press(
            label=speech.say("faces.button.approval", number=one.id),
            token=token_of(of_incident("view", view.scene, one.id)),
        )
        for one in view.incident.approvals.values()
        if may_sign(view.scene, one, person) and person not in signatories(view.scene, one)
    )
    others = (opens(view.scene, one, speech) for one in mine(view.scene, person)[1:])
    return tuple(in_rows((*signs, *others), 2))[:_BESIDE]


def _finish(view: View, rows: tuple[Row, ...], speech: Speech) -> Rows:
    """A button for each of their first tasks."""
    tasks = [int(row.id) for row in rows if row.id][:_TASKS]
    presses = (
        Press(
            label=speech.say("cards.button.finish", number=number),
            token=token_of(of_incident("finish", view.scene, number)),
        )
        for number in tasks
    )
    return tuple(in_rows(presses, _TASKS))


def _closed(view: View, person: str) -> Content:
    speech = view.speech(person)
    title = marked(head(heading(view.scene), speech), view.incident, speech)
    buttons = blank_rows(view, speech) if directs(view, person) else ()
    return content(title, [Line(kind="text", text=speech.say("faces.now.closed"))], speech, buttons)


def retired(view: View, key: str, afresh: str, person: str) -> Content:
    """What becomes of a message that is no longer the one to look at: it has no button any more.

    `afresh`: what it was posted for. A step that was really left stays as a line of history.
    """
    if view.suspect:
        return suspect_content(view, person)
    speech = view.speech(person)
    told = left_behind(view, afresh, speech) if key == view.key("now") else ""
    title = told or speech.say("faces.history.elsewhere", incident=view.incident.id)
    return content(marked(title, view.incident, speech), (), speech)
