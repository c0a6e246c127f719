"""The keys under a question: choices, days, boxes, and the ways out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2s
from typing import Final

from telegram import ForceReply, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bots.chat.values import Field
from bots.telegram.draft import Draft
from bots.telegram.render import clamped
from engine.core.quantities import Instant
from engine.core.world import Calendar
from engine.i18n import Words
from engine.visible import harmless

__all__ = [
    "ANSWER", "CANCEL", "DONE", "FLIP", "KEEP", "PASS", "PREFIX", "SUBMIT", "Reader", "chosen", "help_of", "markup",
    "ticked", "values_of",
]  # fmt: skip

PREFIX: Final = "q."
"""Begins the data of these keys: no token holds a dot."""
ANSWER, FLIP = "q.v.", "q.t."
CANCEL, DONE, KEEP, PASS, SUBMIT = "q.x", "q.d", "q.k", "q.p", "q.s"
MOST: Final = 30
"""Choices shown as keys; of more, the beginning is typed."""
_WIDE: Final = 16
_ON, _OFF = "☑", "☐"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Whoever is asked: their words, what day it is for them."""

    words: Words
    now: Instant
    calendar: Calendar

    def days(self) -> list[tuple[str, str]]:
        """The days that are meant most often; another one is typed."""
        today = self.calendar.local(self.now).date()
        names = enumerate(("today", "yesterday", "before_yesterday"))
        return [
            ((today - timedelta(days=ago)).isoformat(), self.words.say(f"telegram.day.{name}"))
            for ago, name in names
        ]


def _digest(value: str) -> str:
    return blake2s(value.encode(), digest_size=6).hexdigest()


def chosen(data: str, values: Iterable[str]) -> str | None:
    """Which of these values was pressed; None when it is offered no more."""
    digest = data.rpartition(".")[2]
    return next((one for one in values if _digest(one) == digest), None)


def markup(draft: Draft, reader: Reader, on: frozenset[str]) -> InlineKeyboardMarkup | ForceReply:
    """What stands under the question. `on`: the boxes that are ticked.

    A text that must be given is asked with the keyboard open (ForceReply): the reply carries our question back.
    """
    question = draft.question
    if question is not None and _is_open(question):
        hint = clamped(harmless(question.label), 64)
        return ForceReply(selective=True, input_field_placeholder=hint)
    rows = list(_choices(question, reader, on)) if question else []
    if question is not None and question.value and question.kind not in ("many", "choice", "person"):
        rows.append([_key(reader.words.say("telegram.form.keep", value=question.value), KEEP)])
    left = question is not None and question.optional
    alone = (
        len(draft.form.fields) == 1
    )  # to leave its only question is to give the form back; boxes have a key for it
    if draft.enough or question is None or (left and alone and question.kind != "many"):
        rows.append([_key(draft.form.submit, SUBMIT)])
    last = [_key(reader.words.say("telegram.form.skip"), PASS)] if left and not alone else []
    rows.append([*last, _key(reader.words.say("telegram.form.cancel"), CANCEL)])
    return InlineKeyboardMarkup(rows)


def _is_open(question: Field) -> bool:
    return not (question.optional or question.value) and question.kind in ("text", "long", "number", "file")


def _choices(question: Field, reader: Reader, on: frozenset[str]) -> Iterator[list[InlineKeyboardButton]]:
    match question.kind:
        case "choice" | "person":
            keys = [_key(label, ANSWER + _digest(value)) for value, label in question.choices[:MOST]]
            yield from _rows(keys)
        case "yes":
            yield [_key(reader.words.say("telegram.form.yes"), ANSWER + _digest("yes"))]
        case "many":
            boxes = enumerate(question.choices, 1)
            keys = [
                _key(f"{_ON if value in on else _OFF} {number}", FLIP + _digest(value))
                for number, (value, _) in boxes
            ]
            yield from (keys[first : first + 5] for first in range(0, len(keys), 5))
            yield [_key(reader.words.say("telegram.form.done"), DONE)]
        case "date":
            yield [_key(label, ANSWER + _digest(value)) for value, label in reader.days()]


def values_of(question: Field, reader: Reader) -> list[str]:
    """What the keys of this question stand for."""
    if question.kind == "yes":
        return ["yes"]
    if question.kind == "date":
        return [value for value, _ in reader.days()]
    return [value for value, _ in question.choices]


def ticked(question: Field, message: Message) -> frozenset[str]:
    """The boxes that the keys show ticked."""
    rows = message.reply_markup.inline_keyboard if message.reply_markup else ()
    on = {str(one.callback_data) for row in rows for one in row if one.text.startswith(_ON)}
    return frozenset(value for value, _ in question.choices if FLIP + _digest(value) in on)


def help_of(draft: Draft, words: Words) -> str:
    """How to answer: beside keys, a line may be typed too."""
    question = draft.question
    if question is None:
        return ""
    if question.kind == "many":
        return "\n".join(f"{number}. {label}" for number, (_, label) in enumerate(question.choices, 1))
    if question.kind in ("choice", "person") and len(question.choices) > MOST:
        return words.say("telegram.form.begin_name")
    if question.help and question.kind in ("text", "long"):
        return ""
    key = f"telegram.form.how.{question.kind}"
    return words.say(key) if words.has(key) else ""


def _rows(keys: list[InlineKeyboardButton]) -> Iterator[list[InlineKeyboardButton]]:
    """Short labels by two or three, long ones alone."""
    longest = max((len(one.text) for one in keys), default=0)
    width = 3 if longest <= _WIDE // 2 else 2 if longest <= _WIDE else 1
    yield from (keys[first : first + width] for first in range(0, len(keys), width))


def _key(label: str, data: str) -> InlineKeyboardButton:
    return InlineKeyboardButton(clamped(harmless(label), 60), callback_data=data)
