"""The awareness quiz in a chat: a question in private, with a button for each choice; its answer and why."""

from __future__ import annotations

from bots.chat.doing import no, told
from bots.chat.speaker import Speaker
from bots.chat.token import token_of
from bots.chat.values import Answer, Content, Press
from bots.inbound.pressed import Intent, person_for, person_number
from bots.lines import Line
from engine.home.awareness import Awareness, arranged
from engine.journal.training import FEWEST

__all__ = ["NEXT", "asked", "pressed", "question_content"]

NEXT = token_of(Intent(act="quiz"))
"""The next question, please."""


def asked(speaker: Speaker) -> Answer:
    """The next question, to whoever asks for one in private. A crisis comes first."""
    if speaker.shared:
        return no(speaker.say("quiz.in_private"))
    if any(one.status == "open" and not one.exercise for one in speaker.office.home.desk.incidents()):
        return no(speaker.say("quiz.busy"))
    quiz = speaker.office.home.awareness
    name = quiz.next(speaker.person, speaker.office.now())
    if not name:
        return told([Line(kind="ok", text=speaker.say("quiz.done"))])
    return Answer(content=question_content(quiz, name, speaker.person, speaker.say("quiz.title")))


def question_content(quiz: Awareness, name: str, person: str, title: str) -> Content:
    """A question as it is shown: the choices in full, since a button cuts them, then their letters to press."""
    question = quiz.questions[name]
    choices = list(zip("ABCDEF", arranged(name, question, person), strict=False))
    lines = [Line(kind="text", text=question.question)]
    lines += [Line(kind="item", text=question.choices[choice], label=letter) for letter, choice in choices]
    row = tuple(Press(label=letter, token=_token(name, choice)) for letter, choice in choices)
    return Content(title=title, lines=tuple(lines), buttons=(row,))


def pressed(speaker: Speaker, intent: Intent) -> Answer:
    """What the choice was worth, told at once; the next question when there was none."""
    if not intent.what:
        return asked(speaker)
    quiz = speaker.office.home.awareness
    name = person_for(intent.what, quiz.questions)
    choice = person_for(intent.value, quiz.questions[name].choices) if name else ""
    if not choice:
        return no(speaker.say("quiz.gone"))
    now = speaker.office.now()
    verdict = quiz.answer(speaker.person, name, choice, now)
    right = verdict.question.choices[verdict.question.answer]
    lines = [
        Line(kind="text", text=verdict.question.question),
        Line(
            kind="ok" if verdict.right else "no",
            text=speaker.say("quiz.right" if verdict.right else "quiz.wrong", answer=right),
        ),
    ]
    if verdict.question.why:
        lines.append(Line(kind="text", text=verdict.question.why))
    key = "kept" if verdict.counted else "already"
    lines.append(Line(kind="hint", text=speaker.say(f"quiz.{key}", fewest=FEWEST)))
    more = ((Press(label=speaker.say("quiz.again"), token=NEXT),),)
    title = speaker.say("quiz.title")
    return Answer(
        content=Content(
            title=title, lines=tuple(lines), buttons=more if quiz.next(speaker.person, now) else ()
        )
    )


def _token(name: str, choice: str) -> str:
    return token_of(Intent(act="quiz", what=person_number(name), value=person_number(choice)))
