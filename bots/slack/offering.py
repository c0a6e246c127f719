"""A form that no gesture can open stands in a message, and its buttons carry it: it outlives a restart.

Slack opens a modal for a gesture alone, and a line written in private is none. A press alone can't tell what was
typed: the words go along in the button, so that nobody types them twice.
"""

from __future__ import annotations

from typing import Final

import msgspec
from msgspec.structs import replace

from bots.chat.doing import no
from bots.chat.token import read as intent_of
from bots.chat.values import Answer, Content, Form, Press
from bots.slack.render import VALUE, clamped
from engine.i18n import Words

__all__ = ["FILE", "KEPT", "Asked", "offered", "read", "with_file", "with_message"]

FILE, KEPT = "file", "kept"
"""Values that name a file that was brought, a message that is to be kept."""
FILE_TEXT: Final = 700
"""What is written with a file, as far as a button carries it: in JSON it may be twice as long."""
LINE: Final = "line"
"""The act of a form that its token alone can't make again."""


class Asked(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What such a button means: this form, to be opened; or these values, that fill the form of this token."""

    form: Form | None = None
    token: str = ""
    values: dict[str, str] = msgspec.field(default_factory=dict)


def read(value: str) -> Asked | None:
    """What a button carries; None when it is a token, as nearly all are."""
    try:
        return msgspec.json.decode(value, type=Asked)
    except msgspec.DecodeError:
        return None


def offered(answer: Answer, words: Words) -> Answer:
    """The same answer, with the buttons that take the place of its form."""
    form = answer.form
    if form is None:
        return answer
    intent = intent_of(form.token)
    carried = intent is not None and intent.act == LINE
    presses = _choices(form) if carried else ()
    if not presses:
        value = _packed(Asked(form=form)) if carried else form.token
        presses = (Press(label=form.title, token=value, style="primary", form=True),)
    if any(len(one.token) > VALUE for one in presses):
        return no(words.say("slack.too_long"))
    rows = tuple((one,) for one in presses)
    marks = (one for one in form.note if one.kind == "exercise")  # an exercise says so, whatever else is said
    lines = (*marks, *answer.lines) if answer.lines else form.note
    return Answer(content=Content(title=form.title, lines=lines, buttons=rows))


def with_message(answer: Answer, ts: str) -> Answer:
    """A question about a message that is to be kept: its buttons carry which."""
    if answer.content is None:
        return answer
    return Answer(ok=answer.ok, short=answer.short, content=_carrying(answer.content, {KEPT: ts}))


def _carrying(content: Content, values: dict[str, str]) -> Content:
    rows = (
        tuple(replace(one, token=_packed(Asked(token=one.token, values=values))) for one in row)
        for row in content.buttons
    )
    return replace(content, buttons=tuple(rows))


def with_file(answer: Answer, file: str, text: str, words: Words) -> Answer:
    """A question about a file that was brought: its buttons carry which, and what was written with it."""
    if answer.content is None:
        return answer
    content = _carrying(answer.content, {FILE: file, "text": clamped(text, FILE_TEXT)})
    leave = Press(label=words.say("chat.evidence.leave"), token=_packed(Asked()))
    return Answer(ok=False, content=replace(content, buttons=(*content.buttons, (leave,))))


def _choices(form: Form) -> tuple[Press, ...]:
    """A button for each choice, when the choice is all that the form still lacks."""
    lacks = [one for one in form.fields if not one.value and not one.optional]
    if len(lacks) != 1 or lacks[0].kind != "choice":
        return ()
    known = {one.name: one.value for one in form.fields if one.value}
    return tuple(
        Press(label=label, token=_packed(Asked(token=form.token, values={**known, lacks[0].name: value})))
        for value, label in lacks[0].choices
    )


def _packed(asked: Asked) -> str:
    return msgspec.json.encode(asked).decode()
