"""The directory from a chat: one's own line in it (still right, another number, gone), and who holds a role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bots.answering import answers
from bots.chat import showing
from bots.chat.doing import Act, do, no, told
from bots.chat.fields import text_field
from bots.chat.forms import form
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Answer, Content, Press
from bots.inbound import Misheard
from bots.inbound import lookup as look
from bots.inbound.pressed import Intent
from bots.lines import Line
from engine.core.directory import Directory
from engine.core.house import HOUSE
from engine.core.house import commands as h
from engine.speech import Speech

__all__ = ["appoint", "asked", "filled", "pressed", "question"]

_STILL, _NUMBER, _GONE = 1, 2, 3
"""What a `reach` token's value stands for."""


def question(speech: Speech, directory: Directory, person: str) -> Content:
    """Whether somebody's line in the directory is still right: their roles, their number, one press to say so."""
    known = directory.people[person]
    roles = [speech.role(role) for role in directory.roles_of(person)]
    lines = [Line(kind="text", text=speech.say("contact.question"))]
    if roles:
        lines.append(Line(kind="item", text=speech.say("contact.roles", roles=", ".join(roles))))
    key = "phone" if known.phone else "no_phone"
    lines.append(Line(kind="item", text=speech.say(f"contact.{key}", phone=known.phone)))
    presses = (("still", _STILL), ("number", _NUMBER), ("gone", _GONE))
    return Content(
        title=speech.say("contact.title"),
        lines=tuple(lines),
        buttons=tuple(
            (Press(label=speech.say(f"contact.{name}"), token=_token(value), form=value != _STILL),)
            for name, value in presses
        ),
    )


def _token(value: int) -> str:
    return token_of(Intent(act="reach", value=value))


def asked(speaker: Speaker) -> Answer:
    """One's own line, in private: a number is nobody else's."""
    if speaker.shared:
        return no(speaker.say("contact.in_private"))
    return showing.shut(speaker) or Answer(
        content=question(speaker.speech, speaker.office.home.world.directory, speaker.person)
    )


async def pressed(speaker: Speaker, intent: Intent) -> Answer:
    """Still right is one press; the rest asks first."""
    if shut := showing.shut(speaker):
        return shut
    match intent.value:
        case 1:
            return await _ordered(speaker, h.ConfirmReach())
        case 2:
            return Answer(form=form(speaker, intent, (text_field(speaker, "phone", kind="text"),)))
        case 3:
            note = (Line(kind="hand", text=speaker.say("contact.gone_means")),)
            return Answer(form=form(speaker, intent, (text_field(speaker, "confirm", kind="yes"),), note))
        case _:
            return no(speaker.say("chat.refused.token"))


async def filled(speaker: Speaker, intent: Intent, values: Mapping[str, str]) -> Answer:
    """The form of a press, given back."""
    if shut := showing.shut(speaker):
        return shut
    if intent.value == _NUMBER:
        answer = await _ordered(speaker, h.ChangeNumber(phone=values.get("phone", "")))
        return answer if answer.ok else replace(answer, errors={"phone": answer.short})
    if intent.value != _GONE:
        return no(speaker.say("chat.refused.token"))
    return await _ordered(speaker, h.Leave())


async def appoint(speaker: Speaker, subject: str, by: str = "") -> Answer:
    """`titulaire RÔLE PERSONNE, SUPPLÉANT…`: who has a role from now on. `by`: who is said to say so."""
    if shut := showing.shut(speaker):
        return shut
    found = _meant(speaker, subject)
    if isinstance(found, Misheard):
        return told(tuple(answers.misheard(found, speaker.speech, subject)), ok=False)
    return await _ordered(speaker, found, by)


def _meant(speaker: Speaker, subject: str) -> h.Appoint | Misheard:
    context, (first, *others) = speaker.context, subject.split(",")
    words = first.split()
    for count in range(min(len(words) - 1, 3), 0, -1):
        role = look.role(context, " ".join(words[:count]))
        if isinstance(role, str):
            names = [" ".join(words[count:]), *filter(str.strip, others)]
            people = [look.person(context, name) for name in names]
            wrong = next((one for one in people if isinstance(one, Misheard)), None)
            return wrong or h.Appoint(role=role, people=tuple(one for one in people if isinstance(one, str)))
    if len(words) > 1 and isinstance(misheard := look.role(context, words[0]), Misheard):
        return misheard
    return Misheard(code="usage", facts={"verb": "holder"})


async def _ordered(speaker: Speaker, command: h.HouseCommand, by: str = "") -> Answer:
    act = Act(commands=(command,), by=by, entered_by=speaker.person if by else "")
    return await do(speaker.about(HOUSE), act)
