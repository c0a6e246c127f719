"""A typed line, from any chat: understood by the one table of meanings, then done, answered, or asked about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bots.answering import answers, asks
from bots.answering.naming import named as names_of
from bots.chat import binding, bygone, contacting, declaring, quizzing, showing
from bots.chat.completing import line_form
from bots.chat.doing import Act, do, no, told
from bots.chat.forms import place_of
from bots.chat.speaker import Speaker
from bots.chat.steering import steered
from bots.chat.values import Answer
from bots.inbound import Asked, Context, Heard, Misheard, understand
from bots.inbound.pressed import At
from bots.inbound.steps import is_confirmed, split_reason
from bots.lines import Line
from engine.core import commands as c

__all__ = ["completed", "hear", "incidents", "stands", "which"]

PUBLIC = ("activities", "clocks", "help", "roster", "tasks", "timeline")
"""Questions whose answer everybody in the place may read, where the place is the cell's: elsewhere anybody may be."""


async def hear(speaker: Speaker, text: str) -> Answer:
    """Understand a line and do it."""
    found = understand(text, speaker.context)
    if (hidden := showing.away(speaker)) and not (isinstance(found, Heard) and not found.unsure):
        return hidden  # what was probably meant, what can't be undone: words of the procedure too
    if isinstance(found, Asked) and found.what == "bind":
        return await binding.bind(speaker, found.subject)
    if isinstance(found, Asked) and (answer := await _of_the_house(speaker, found)):
        return answer
    if isinstance(found, Heard) and isinstance(found.commands[0], c.Declare):
        return await _declare(speaker, found.commands[0], found, confirmed=is_confirmed(text))
    if not speaker.incident_id:
        return await _nowhere(speaker, found, text)
    match found:
        case Misheard():
            return steered(speaker, tuple(answers.misheard(found, speaker.speech, text)))
        case Asked():
            return _asked(speaker, found)
        case Heard():
            return await _heard(speaker, found, text)


async def _of_the_house(speaker: Speaker, found: Asked) -> Answer | None:
    """What is about no incident: the quiz, the directory."""
    match found.what:
        case "quiz":
            return quizzing.asked(speaker)
        case "details":
            return contacting.asked(speaker)
        case "holder":
            return await contacting.appoint(speaker, found.subject, found.by)
        case _:
            return None


async def _nowhere(speaker: Speaker, found: Heard | Asked | Misheard, text: str) -> Answer:
    """No incident is meant for sure: ask which, unless it is about none."""
    listed = incidents(speaker)
    if isinstance(found, Asked) and found.what in ("help", "directory") and not listed:
        return _asked(speaker, found)
    if not listed and bygone.is_about_one(found) and (over := bygone.closed(speaker)):
        if last := bygone.meant(speaker):
            return _naming(over[0][1], speaker, await hear(speaker.about(last), text))
        return no(speaker.say("chat.refused.which_closed"), form=line_form(speaker, text, incidents=over))
    if not listed:
        why = Line(kind="no", text=speaker.say("chat.refused.no_incident"))
        return steered(speaker, [why, Line(kind="hint", text=speaker.say("chat.refused.declare_first"))])
    form = line_form(speaker, text, incidents=listed)
    return no(which(speaker), form=form)


def _naming(name: str, speaker: Speaker, answer: Answer) -> Answer:
    """Say which incident was meant, where nothing else does: a card names its own."""
    if answer.content is not None:
        return answer
    about = Line(kind="hint", text=speaker.say("chat.about_closed", incident=name))
    return replace(answer, lines=(about, *answer.lines))


def which(speaker: Speaker) -> str:
    """Say that several incidents are open, or none."""
    key = "which_incident" if incidents(speaker) else "no_incident"
    return speaker.say(f"chat.refused.{key}")


def incidents(speaker: Speaker) -> tuple[tuple[str, str], ...]:
    """The open incidents that may be meant here, each as people tell it from the others.

    What is said in the group for exercises is about no real incident, nor the other way round. Beside an exercise, a
    real one says so too. In a crisis nothing is about a review, but what its own card says.
    """
    found = declaring.meant_here(speaker, "open")
    if any(not (one.readiness or one.exercise) for one in found):
        found = [one for one in found if not one.readiness]
    real = speaker.say("chat.note.real") if any(one.exercise for one in found) else ""
    return tuple(
        (one.id, f"{'' if one.exercise else real} {declaring.named(speaker, one)}".strip()) for one in found
    )


def stands(speaker: Speaker, at: At) -> bool:
    """Whether the track still stands where a token says."""
    return place_of(speaker, at) is not None


async def completed(speaker: Speaker, values: Mapping[str, str]) -> Answer:
    """A line given back with what it lacked: its incident, a reason, a yes."""
    incident = values.get("incident", "").strip() or speaker.incident_id
    line = values.get("line", "").strip()
    if (
        incident
        and incident not in dict((*incidents(speaker), *bygone.closed(speaker)))
        and incident != speaker.incident_id
    ):
        return Answer(ok=False, errors={"incident": speaker.say("chat.refused.token")})
    head, colon, said = line.partition(" : ")
    if values.get("confirm", "").strip() and not split_reason(line)[2]:
        head = f"{head} !"
    reason = values.get("reason", "").strip()
    said = " ".join(filter(None, (said, reason)))
    return await hear(speaker.about(incident), f"{head} : {said}" if said or colon else head)


# Done


async def _heard(speaker: Speaker, heard: Heard, text: str) -> Answer:
    if speaker.shared and any(_is_sensitive(speaker.context, one) for one in heard.commands):
        surface = speaker.say(f"chat.surface.{speaker.surface}")
        seen = Line(kind="hint", text=speaker.say("chat.refused.already_seen", surface=surface))
        return told([Line(kind="no", text=speaker.say("chat.refused.sensitive")), seen], ok=False)
    if heard.unsure:
        return _unsure(speaker, heard, text)
    act = Act(
        commands=heard.commands,
        by=heard.by,
        entered_by=heard.entered_by,
        occurred_at=heard.occurred_at,
        line=text,
    )
    return await do(speaker, act)


def _is_sensitive(context: Context, command: c.Command) -> bool:
    """An answer that only its author should see, typed where others read."""
    if not isinstance(command, c.SetFact) or not command.value:
        return False
    scene = context.scene
    specs = (scene.definition(run).facts.get(command.name) for run in scene.incident.runs.values())
    return any(spec is not None and spec.sensitive for spec in specs)


def _unsure(speaker: Speaker, heard: Heard, text: str) -> Answer:
    """What can't be undone is done once it is said again."""
    facts = names_of(speaker.scene, heard.commands[0])
    key = f"console.unsure.{heard.unsure}"
    if not facts.get("people", "-"):
        key = f"{key}_without_people"
    why = Line(kind="hand", text=speaker.say(key, **facts))
    return told([why], ok=False, form=line_form(speaker, text, (why,), confirm=True))


async def _declare(speaker: Speaker, command: c.Declare, heard: Heard, *, confirmed: bool) -> Answer:
    """A line that says which procedure declares at once, unless something is open already; else its form."""
    kind = declaring.setting(speaker)
    if elsewhere := showing.shut(speaker):
        return elsewhere
    if kind:
        command = replace_exercise(command, exercise=kind == declaring.EXERCISE or command.exercise)
    open_now = [one for one in speaker.office.home.desk.incidents() if one.status == "open"]
    same = [one for one in open_now if one.exercise == command.exercise]
    if not command.runbook or (same and not confirmed):
        return Answer(form=declaring.declare_form(speaker, command))
    return await declaring.declare(speaker, command, heard.occurred_at or 0)


def replace_exercise(command: c.Declare, *, exercise: bool) -> c.Declare:
    """The same declaration, for real or not."""
    return c.Declare(
        title=command.title, known_at=command.known_at, runbook=command.runbook, exercise=exercise
    )  # fmt: skip


# Answered


def _asked(speaker: Speaker, asked: Asked) -> Answer:
    """The answer to whoever asks, in private; some may be read by all, in the town's language then."""
    asker = replace(speaker, person=asked.by) if asked.by else speaker
    shown = showing.asked(asker, asked)
    if shown is not None:
        return shown
    if asked.what in ("quit", "speaker"):
        asked = Asked(what="help")
    public = speaker.shared and asked.what in PUBLIC and bool(declaring.setting(speaker))
    asker = asker.aloud() if public else asker
    found = asks.answer(asker, asked)
    if isinstance(found, Misheard):
        return told(tuple(answers.misheard(found, asker.speech, "")), ok=False)
    nothing = Line(kind="hint", text=asker.say("chat.nothing_found"))
    return replace(told(tuple(found) or (nothing,)), public=public)
