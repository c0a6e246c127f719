"""A proposal for the plan, in words; and the order that takes, refuses or finishes it."""

from __future__ import annotations

from dataclasses import replace

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


def judging(lesson: Lesson, state: str, speech: Speech, *, due: str = "", reason: str = "") -> JudgeLesson:
    """The order for it. What is proposed is kept beside, and where somebody's own words are: never a copy of them.

    They may name a citizen; erased in the incident, they are nowhere any more.
    """
    text = told(replace(lesson, text=lesson.id), speech)
    return JudgeLesson(lesson=lesson.id, state=state, owner=lesson.owner, text=text, due=due, reason=reason)
