"""After a crisis, in private: what it proposes to change in the plan, to whoever it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bots.answering.learning import judging, told
from bots.chat import showing
from bots.chat.doing import Act, do, no
from bots.chat.fields import text_field
from bots.chat.forms import form
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Answer, Content, Press
from bots.inbound.pressed import Intent
from bots.lines import Line
from engine.continuity.lessons import Lesson
from engine.core.house import HOUSE
from engine.core.quantities import Duration
from engine.home.lessons import lessons_of
from engine.speech import Speech

__all__ = ["filled", "pressed", "proposal"]

_TAKE, _REFUSE = 1, 2
"""What a `lesson` token's value stands for."""
_BY = Duration(months=1)
"""By when what is taken with one press is to be done (proposal of the project)."""


def proposal(waiting: Sequence[Lesson], speech: Speech) -> Content:
    """The first of those that wait for somebody, with its two buttons."""
    first = waiting[0]
    lines = [
        Line(kind="text", text=speech.say("lessons.asked", incident=first.incident)),
        Line(kind="item", text=told(first, speech)),
    ]
    if first.exercise:
        lines.insert(0, Line(kind="exercise", text=speech.say("cards.heading.exercise")))
    if len(waiting) > 1:
        lines.append(Line(kind="hint", text=speech.say("lessons.more", count=len(waiting) - 1)))
    return Content(
        title=speech.say("lessons.title"),
        lines=tuple(lines),
        buttons=(
            (Press(label=speech.say("lessons.take"), token=_token(first, _TAKE)),),
            (Press(label=speech.say("lessons.refuse"), token=_token(first, _REFUSE), form=True),),
        ),
    )


def _token(lesson: Lesson, value: int) -> str:
    return token_of(Intent(act="lesson", incident=lesson.incident, what=lesson.seq, value=value))


async def pressed(speaker: Speaker, intent: Intent) -> Answer:
    """Taken with one press; a refusal says why."""
    if shut := showing.shut(speaker):
        return shut
    lesson = _meant(speaker, intent)
    if lesson is None:
        return no(speaker.say("lessons.gone"))
    if intent.value == _REFUSE:
        return Answer(form=form(speaker, intent, (text_field(speaker, "reason"),)))
    calendar = speaker.office.home.world.calendar
    due = calendar.local(calendar.add(speaker.office.now(), _BY)).date().isoformat()
    return await _judged(speaker, lesson, "taken", due=due)


async def filled(speaker: Speaker, intent: Intent, values: Mapping[str, str]) -> Answer:
    """The reason of a refusal."""
    if shut := showing.shut(speaker):
        return shut
    lesson = _meant(speaker, intent)
    if lesson is None:
        return no(speaker.say("lessons.gone"))
    answer = await _judged(speaker, lesson, "refused", reason=values.get("reason", ""))
    return answer if answer.ok else replace(answer, errors={"reason": answer.short})


def _meant(speaker: Speaker, intent: Intent) -> Lesson | None:
    found = lessons_of(speaker.office.home, speaker.office.now())
    return next((one for one, _ in found if (one.incident, one.seq) == (intent.incident, intent.what)), None)


async def _judged(speaker: Speaker, lesson: Lesson, state: str, *, due: str = "", reason: str = "") -> Answer:
    """What is kept beside is in the town's words: it is read by others later."""
    command = judging(lesson, state, speaker.town.speech(), due=due, reason=reason)
    return await do(speaker.about(HOUSE), Act(commands=(command,)))
