"""A proposal for the plan, in words; and the order that takes, refuses or finishes it."""

from __future__ import annotations

from engine.continuity.lessons import Lesson
from engine.core.house.commands import JudgeLesson
from engine.i18n import duration
from engine.speech import Speech

__all__ = ["judging", "told"]


def told(lesson: Lesson, speech: Speech) -> str:
    """What is proposed, and what shows it."""
    lang = speech.words.lang
    about = lesson.about
    if lesson.kind in ("silent", "number"):
        about = speech.person(lesson.about)
    elif lesson.kind in ("activity", "clock"):
        about = speech.titles.get(lesson.about, lesson.about)
    return speech.say(
        f"lessons.kind.{lesson.kind}",
        about=about,
        took=duration(lesson.took_ms, lang),
        limit=duration(lesson.limit_ms, lang),
        text=lesson.text,
    )


def judging(lesson: Lesson, state: str, text: str, *, due: str = "", reason: str = "") -> JudgeLesson:
    """The order for it: `text`, as it was told, is kept beside."""
    return JudgeLesson(lesson=lesson.id, state=state, owner=lesson.owner, text=text, due=due, reason=reason)
