"""What is due, said to whoever has it; the press that starts a review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bots.answering import answers
from bots.chat import showing
from bots.chat.declaring import named
from bots.chat.doing import Act, no, submit, told
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Answer, Content, Press
from bots.inbound.pressed import Intent, person_for, person_number
from bots.lines import Line
from engine.continuity.calendar import REVIEW, Due
from engine.continuity.reminders import DIRECTOR_TOLD, Call
from engine.continuity.town import Town
from engine.core import commands as c
from engine.home.duties import duties_of
from engine.i18n import Words, written_day

__all__ = ["pressed", "reminder"]


def reminder(town: Town, calls: Sequence[Call], words: Words) -> Content:
    """One line for each, and a button for each review. To a director, whose it was."""
    ignored = all(one.rung == DIRECTOR_TOLD for one in calls)
    return Content(
        title=words.say("due.reminder.ignored" if ignored else "due.reminder.title", count=len(calls)),
        lines=tuple(Line(kind="item", text=_line(town, one, words)) for one in calls),
        buttons=tuple((_start(one.what, words),) for one in calls if one.what.kind == REVIEW),
    )


def _line(town: Town, call: Call, words: Words) -> str:
    one, late = call.what, call.what.late_days(town.today)
    told = [words.say(f"due.title.{one.kind}", title=one.title)]
    if call.rung == DIRECTOR_TOLD:
        role = f"cards.role_name.{one.owner}"
        told.append(words.say(role) if words.has(role) else one.owner.replace("_", " "))
    told.append(words.say("due.on", day=written_day(one.on, words.lang)))
    told.append(words.say("due.late", count=late) if late else words.say("due.today"))
    if one.kind != REVIEW:
        told.append(words.say(f"due.start.{one.kind}", id=one.id))
    return " · ".join(filter(None, told))


def _start(one: Due, words: Words) -> Press:
    token = token_of(Intent(act="review", what=person_number(one.id)))
    return Press(label=words.say("due.reminder.start", title=one.title), token=token)


async def pressed(speaker: Speaker, intent: Intent) -> Answer:
    """Start the review, unless it goes on already or was done meanwhile: an old message keeps its button."""
    if shut := showing.shut(speaker):
        return shut
    office = speaker.office
    town, duties = duties_of(office.home, office.now())
    reviews = {one.id: one for one in duties if one.kind == REVIEW}
    one = reviews.get(person_for(intent.what, reviews))
    if one is None:
        return no(speaker.say("chat.refused.token"))
    if one.past.open:
        going_on = speaker.about(one.past.open)
        return no(speaker.say("due.reminder.going_on", review=named(speaker, going_on.incident)))
    if one.on > town.today:
        return no(
            speaker.say("due.reminder.done", title=one.title, when=" · ".join(_when(town, one, speaker)))
        )
    command = c.Declare(title=one.title, known_at=0, runbook=one.id)
    receipt = await submit(speaker, Act(commands=(command,)), command)
    if receipt.refused is not None:
        return told([answers.refused(receipt.refused, speaker.speech)], ok=False)
    about = speaker.about(receipt.incident)
    opened = Line(kind="ok", text=speaker.say("due.reminder.opened", review=named(about, about.incident)))
    return told([opened, Line(kind="hint", text=speaker.say("due.reminder.next"))])


def _when(town: Town, one: Due, speaker: Speaker) -> Iterator[str]:
    words = speaker.speech.words
    if one.past.done is not None:
        day = written_day(town.calendar.local(one.past.done.at).date(), words.lang)
        yield words.say("due.done", day=day, incident=one.past.done.incident)
    yield words.say("due.on", day=written_day(one.on, words.lang))
