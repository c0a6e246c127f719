"""Declare from a chat: "I don't know yet" first, then the procedures in plain words, since when; real or exercise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bots.answering import answers
from bots.chat import showing, since
from bots.chat.doing import Act, no, shortened, submit, told
from bots.chat.fields import text_field
from bots.chat.filling import Wrong, moment_of
from bots.chat.speaker import Speaker
from bots.chat.token import DECLARE
from bots.chat.values import Answer, Content, Field, Form
from bots.lines import Line
from engine.core import commands as c
from engine.core.house import CRISIS, EXERCISES
from engine.core.incident import Incident

__all__ = ["declare", "declare_form", "declared", "meant_here", "named", "setting"]

UNSURE = "je-ne-sais-pas-encore"
"""The procedure of whoever doesn't know yet what is happening."""
REAL, EXERCISE = "real", "exercise"


def setting(speaker: Speaker) -> str:
    """What this place is for: `real`, `exercise`, or empty when it is for both and must be said."""
    caller, house = speaker.caller, speaker.office.home.house
    if known := speaker.office.incident(caller.incident) if caller.incident else None:
        return EXERCISE if known.exercise else REAL
    return {EXERCISES: EXERCISE, CRISIS: REAL}.get(house.purpose(speaker.surface, caller.place.chat), "")


def meant_here(speaker: Speaker, status: str) -> list[Incident]:
    """The incidents of this status that may be meant in this place: real ones, exercises, or both."""
    kind = setting(speaker)
    return [
        one
        for one in speaker.office.home.desk.incidents()
        if one.status == status and kind in ("", EXERCISE if one.exercise else REAL)
    ]


def declare_form(speaker: Speaker, command: c.Declare | None = None) -> Form:
    """The questions of a declaration, answered as far as a line did."""
    runbooks = tuple(speaker.office.runbooks.items())
    fields = [
        Field(
            name="runbook",
            label=speaker.say("chat.field.runbook"),
            kind="choice",
            choices=runbooks,
            value=command.runbook if command else "",
        ),
        text_field(speaker, "since", kind="text", optional=True),
        text_field(speaker, "title", kind="text", optional=True, value=command.title if command else ""),
    ]
    if not setting(speaker):
        kinds = tuple((kind, speaker.say(f"chat.setting.{kind}")) for kind in (REAL, EXERCISE))
        fields.append(Field(name="kind", label=speaker.say("chat.field.kind"), kind="choice", choices=kinds))
    return Form(
        token=DECLARE,
        title=speaker.say("chat.form.declare"),
        fields=tuple(fields),
        submit=speaker.say("chat.form.submit_declare"),
        note=tuple(_already_open(speaker)),
    )


def _already_open(speaker: Speaker) -> Iterator[Line]:
    """What goes on already: it may be the same."""
    for one in meant_here(speaker, "open"):
        yield Line(kind="hand", text=speaker.say("chat.note.already_open", incident=named(speaker, one)))


def named(speaker: Speaker, incident: Incident) -> str:
    """An incident as people tell it from another."""
    mark = speaker.say("cards.heading.exercise") if incident.exercise else ""
    title = speaker.say(
        "chat.note.incident", id=incident.id, title=incident.title, at=_since(speaker, incident)
    )
    return f"{mark} {title}".strip()


def _since(speaker: Speaker, incident: Incident) -> str:
    return speaker.speech.at(incident.known_at or incident.declared_at)


async def declared(speaker: Speaker, values: Mapping[str, str]) -> Answer:
    """The form of a declaration, filled in. Wrong for a field that can't be read."""
    runbook = values.get("runbook", "").strip() or UNSURE
    kind = setting(speaker) or values.get("kind", "").strip()
    if kind not in (REAL, EXERCISE):
        raise Wrong("kind", speaker.say("chat.wrong.empty"))
    when = values.get("since", "").strip()
    at = moment_of(speaker, when, "since") if when else 0
    title = values.get("title", "").strip() or speaker.office.runbooks.get(runbook, runbook)
    command = c.Declare(title=title, known_at=at, runbook=runbook, exercise=kind == EXERCISE)
    return await declare(speaker, command, at, asked=True)


async def declare(speaker: Speaker, command: c.Declare, at: int = 0, *, asked: bool = False) -> Answer:
    """Open the incident; a place for exercises declares nothing else, and that of the crisis no exercise.

    `asked`: since when was asked before; else it is, once the incident is open. In the cell's own place any of them may
    say it, and a press there takes the question away.
    """
    kind = setting(speaker)
    if elsewhere := showing.shut(speaker):
        return elsewhere
    if kind and command.exercise != (kind == EXERCISE):
        return no(speaker.say(f"chat.refused.only_{kind}"))
    receipt = await submit(speaker, Act(commands=(command,), occurred_at=at or None), command)
    if receipt.refused is not None:
        return told([answers.refused(receipt.refused, speaker.speech)], ok=False)
    asks = not (asked or at or command.known_at)
    public = asks and speaker.shared and bool(kind)
    about = speaker.about(receipt.incident)
    about = about.aloud() if public else about
    text = about.say("chat.declared", incident=named(about, about.incident))
    following = Line(kind="hint", text=about.say("chat.declared_next"))
    if not asks:
        return told([Line(kind="loud", text=text), following])
    ask = Line(kind="hand", text=about.say("chat.since.ask"))
    shown = Content(title=text, lines=(following, ask), buttons=(since.asked(about),))
    return Answer(short=shortened(f"{text} {ask.text}"), content=shown, public=public)
