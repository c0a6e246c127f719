"""What a press shows without writing anything: what waits for me, a step in whole, whom to call."""

from __future__ import annotations

from bots.answering import answers
from bots.chat.doing import no, told
from bots.chat.faces import (
    View,
    cell_content,
    now_content,
    sign_content,
    step_content,
    steps_content,
    suspect_content,
)
from bots.chat.speaker import Speaker
from bots.chat.values import Answer
from bots.inbound import Asked, Misheard
from bots.inbound.lookup import here, place_named
from bots.inbound.pressed import Intent, place_at
from bots.lines import Line
from engine.core.cards import Place

__all__ = ["asked", "away", "mine", "shown", "shut"]


def view_of(speaker: Speaker) -> View:
    """The incident as this platform shows it."""
    return View(
        scene=speaker.scene,
        house=speaker.office.home.house,
        surface=speaker.surface,
        lang=speaker.town.words.lang,
        titles=speaker.office.titles,
    )


def shown(speaker: Speaker, intent: Intent) -> Answer | None:
    """What this press shows; None when it is one that does something."""
    if intent.act in ("me", "status", "cell", "view", "steps") and (hidden := away(speaker)):
        return hidden
    match intent.act:
        case "me" | "status":
            return mine(speaker)
        case "cell":
            return Answer(content=cell_content(view_of(speaker), speaker.person))
        case "steps":
            return Answer(content=steps_content(view_of(speaker), speaker.person))
        case "view" if approval := None if intent.run else speaker.incident.approvals.get(intent.what):
            return Answer(content=sign_content(view_of(speaker), approval, speaker.person))
        case "view":
            at = place_at(intent, speaker.scene)
            place = speaker.scene.place(at.run, at.track) if at is not None else None
            return _step(speaker, place) if place is not None else no(speaker.say("chat.refused.no_step"))
        case _:
            return None


def asked(speaker: Speaker, question: Asked) -> Answer | None:
    """The same, typed."""
    if hidden := away(speaker):
        return hidden
    match question.what:
        case "me" | "status":
            return mine(speaker)
        case "view":
            place = (
                place_named(speaker.context, question.subject) if question.subject else here(speaker.context)
            )
            if isinstance(place, Misheard):
                return told(tuple(answers.misheard(place, speaker.speech, question.subject)), ok=False)
            return _step(speaker, place)
        case _:
            return None


def away(speaker: Speaker) -> Answer | None:
    """On a suspect platform nothing is shown but where to go: whoever else reads there learns no more."""
    view = view_of(speaker)
    if not view.suspect:
        return None
    shown = suspect_content(view, speaker.person)
    return told([Line(kind="no", text=shown.title), *shown.lines], ok=False)


def shut(speaker: Speaker) -> Answer | None:
    """Where to go, when a real incident that is open holds this platform suspect: nothing is declared there either.

    Nor is a group tied. What an exercise plays shuts nothing.
    """
    for one in speaker.office.home.desk.incidents():
        if one.status == "open" and not one.exercise and speaker.surface in one.suspect:
            return away(speaker.about(one.id))
    return None


def mine(speaker: Speaker) -> Answer:
    """Each person's own "Et maintenant ?", with its buttons."""
    return Answer(content=now_content(view_of(speaker), speaker.person))


def _step(speaker: Speaker, place: Place) -> Answer:
    return Answer(content=step_content(view_of(speaker), place, speaker.person))
