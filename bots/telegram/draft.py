"""A form that is being filled in a private chat. It stands in the message that asks: a restart forgets nothing.

The title links to the form (`t.me/bot?start=f-TOKEN`), each label to the same with the field's name after `#`, and
what was answered follows its label, in `code` or, when it is sensitive, behind a spoiler. Telegram hands our own
message back with each reply and each press: nothing needs to be kept elsewhere, and whoever touches a link begins the
form again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Final
from urllib.parse import quote, unquote

from telegram import Message, MessageEntity

from bots.chat.values import Field, Form
from bots.telegram.render import LONGEST, lines_html, plain, safe, units
from engine.i18n import Words

__all__ = ["FORM", "Draft", "form_link", "read_draft"]

FORM: Final = "f-"
"""Begins the start parameter that opens a form; the rest is its token."""
_ANSWERS: Final = (1200, 300, 60)
"""Units of an answer that is shown again, fewer when all would be too long for a message; a longer one is asked once
more after a restart."""
_LINK: Final = re.compile(r"https?://t\.me/\w+/?\?start=f-([A-Za-z0-9_-]{1,60})(?:#(.*))?")


def form_link(username: str, token: str) -> str:
    """Opens a private chat with the bot, and this form there."""
    return f"https://t.me/{username}?start={FORM}{token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was answered so far, and what is asked. `asked` is empty when nothing is left but to submit."""

    form: Form
    values: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    skipped: frozenset[str] = frozenset()
    wrong: str = ""
    """What is wrong with the answer just given."""

    @property
    def question(self) -> Field | None:
        return next((one for one in self.form.fields if one.name == self.asked), None)

    @property
    def enough(self) -> bool:
        """All that must be answered is: it may be given back as it is."""
        return bool(self.given) and all(
            one.optional or one.name in self.values for one in self.form.fields if one.kind != "file"
        )

    @property
    def settled(self) -> bool:
        """All that must be answered is: whoever wrote it is done, and is asked for nothing that may be left."""
        must = {one.name for one in self.form.fields if not one.optional or one.kind == "long"}
        return self.enough and not must.isdisjoint(self.given)

    @property
    def _goes_on(self) -> bool:
        """Whether an answer to this question is not the end of the form, or was not its beginning."""
        then = self.answered("?")
        return bool(self.values) or not (then.settled or then.question is None)

    @property
    def given(self) -> Mapping[str, str]:
        """The values to give back."""
        return {name: value for name, value in self.values.items() if name not in self.skipped}

    def answered(self, value: str) -> Draft:
        """With this answer, what is asked next."""
        return replace(self, values={**self.values, self.asked: value.strip()}, wrong="").onward()

    def without(self) -> Draft:
        """The optional question left aside."""
        return replace(self, skipped=self.skipped | {self.asked}, wrong="").onward()

    def onward(self) -> Draft:
        """On to the next question: what is known already and may stay is not asked again."""
        done = self.values.keys() | self.skipped
        alone = len(self.form.fields) == 1
        values, asked = dict(self.values), ""
        for one in self.form.fields:
            if one.name in done:
                continue
            if one.value and not one.optional and not alone and one.kind != "many":
                values[one.name] = one.value
                continue
            asked = one.name
            break
        return replace(self, values=values, asked=asked)

    def again(self, errors: Mapping[str, str]) -> Draft:
        """Ask once more for the first answer that could not be read."""
        wrong = next((one.name for one in self.form.fields if one.name in errors), next(iter(errors)))
        kept = {name: value for name, value in self.values.items() if name not in errors}
        return replace(
            self, values=kept, asked=wrong, wrong=errors[wrong], skipped=self.skipped - errors.keys()
        )

    # As a message

    def html(self, words: Words, username: str, help_: str) -> str:
        """What is read: the title, what to know first, the answers so far, the question."""
        link = form_link(username, self.form.token)
        title = f'<b><a href="{link}">{safe(self.form.title)}</a></b>'
        last = [f"✗ <b>{safe(self.wrong)}</b>"] if self.wrong else []
        if question := self.question:
            last.append(f'\n<b><a href="{link}#{quote(question.name)}">{safe(question.label)}</a></b>')
            unsaved = words.say("telegram.form.unsaved") if self._goes_on else ""
            last += [f"<i>{safe(one)}</i>" for one in (question.help, help_, unsaved) if one]
        text = title
        for longest in _ANSWERS:
            answers = [
                _answer(one, self.values[one.name], link, words, longest)
                for one in self.form.fields
                if one.name in self.values
            ]
            text = "\n".join([title, *answers, *last])
            if units(plain(text)) <= LONGEST:
                break
        if self.form.note and not self._begun:
            note = lines_html(self.form.note, LONGEST - units(plain(text)) - 2)
            return "\n".join([title, note, *answers, *last])
        return text

    @property
    def _begun(self) -> bool:
        """Whether something was answered: what is to be read first was, then. What was known already doesn't count."""
        known = {one.name: one.value for one in self.form.fields}
        return any(known.get(name) != value for name, value in self.values.items())


def _answer(one: Field, value: str, link: str, words: Words, longest: int) -> str:
    shown = dict(one.choices).get(value, value) if one.kind in ("choice", "person") else value
    if one.kind == "yes":
        shown = words.say("telegram.form.yes")
    whole = units(shown) <= longest
    tag = "tg-spoiler" if one.sensitive else "code"
    shown = shown if whole else f"{shown[: longest // 2]}…"
    name = quote(one.name if whole else f"{one.name}!")
    return f'<a href="{link}#{name}">{safe(one.label)}</a> : <{tag}>{escape(shown, quote=False)}</{tag}>'


def read_draft(message: Message, form: Form | None = None) -> tuple[str, Draft | None]:
    """The token that a question of ours carries, and, with its form, where it was; ("", None) if it is none."""
    links = [(one, _LINK.fullmatch(one.url or "")) for one in message.entities if one.type == "text_link"]
    found = [(one, match) for one, match in links if match]
    if not found or (form is not None and found[0][1][1] != form.token):
        return "", None
    token = found[0][1][1]
    if form is None:
        return token, None
    values: dict[str, str] = {}
    asked = ""
    for entity, match in found[1:]:
        name = unquote(match[2] or "")
        value = _value_after(message, entity)
        one = next((one for one in form.fields if one.name == name), None)
        if value is None:
            asked = name
        elif one is not None:
            values[name] = _back(one, value)
    names = [one.name for one in form.fields]
    if asked not in names:
        return token, Draft(form=form, values=values).onward()
    passed = frozenset(names[: names.index(asked)]) - values.keys()
    return token, Draft(form=form, values=values, asked=asked, skipped=passed)


def _value_after(message: Message, label: MessageEntity) -> str | None:
    """What stands in `code` or behind a spoiler right after a label; None after the question itself."""
    end = label.offset + label.length
    near = [
        one for one in message.entities if one.type in ("code", "spoiler") and end < one.offset <= end + 3
    ]
    return message.parse_entity(near[0]) if near else None


def _back(one: Field, shown: str) -> str:
    """The value of what was shown."""
    if one.kind in ("choice", "person"):
        return next((value for value, label in one.choices if label == shown), shown)
    return "yes" if one.kind == "yes" else shown
