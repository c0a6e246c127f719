"""What passes between the chat room's rules and a platform's door: places, contents, forms, answers.

A door turns what its platform delivers into a `Caller` and a token, a line or a filled form; what comes back is an
`Answer`. What is to be shown is a `Content`: words already in the reader's language, escaped by nobody yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from bots.lines import Line

__all__ = ["Account", "Answer", "Attachment", "Caller", "Content", "Field", "Form", "Kept", "Place", "Press"]


class Account(msgspec.Struct, frozen=True):
    """An account of a platform. `id`: Slack `T…/U…`, Telegram the numeric id; never a name, which changes."""

    surface: str
    id: str


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where messages stand: a channel, a group (with its topic), or somebody's private chat."""

    surface: str
    """slack or telegram."""
    chat: str
    """The channel or chat of the platform. Slack: `C…`, `G…` or, in private, `D…`."""
    thread: str = ""
    """The topic of a forum."""
    person: str = ""
    """In private: whose chat it is. Empty: seen by the whole cell."""


class Press(msgspec.Struct, frozen=True, kw_only=True):
    """A button. `token`: at most 60 characters of A-Z a-z 0-9 _ -, the same on every platform (`bots.chat.token`)."""

    label: str
    token: str = ""
    style: str = ""
    """primary, danger, or nothing."""
    url: str = ""
    """Opens a page or a number to call (`tel:`) instead; there is no token then."""
    form: bool = False
    """What is asked before it is done: in a shared chat of Telegram the answer is given in private."""


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """A message as it should read. Two equal contents are the same message: nothing is sent."""

    title: str
    """One line of plain words: the notification of a phone."""
    lines: tuple[Line, ...] = ()
    buttons: tuple[tuple[Press, ...], ...] = ()
    """In rows, most likely first."""
    mentions: tuple[str, ...] = ()
    """People of the directory whose phone is to buzz, when they are linked to this platform."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One question of a form. `kind`: text, long, choice, many, number, date, datetime, person, yes, file."""

    name: str
    label: str
    kind: str = "text"
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    """Value and label."""
    value: str = ""
    optional: bool = False
    sensitive: bool = False
    """Asked in private only, shown nowhere."""


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """What must be asked before a press is done: a modal in Slack, questions in a private chat of Telegram."""

    token: str
    """The press that it completes: given back with the values."""
    title: str
    fields: tuple[Field, ...]
    submit: str
    note: tuple[Line, ...] = ()
    """Read before the fields: what can't be undone, who else must sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who speaks, from where, and the delivery's own identity."""

    account: Account
    place: Place
    """`place.person` is empty in a shared chat, whoever speaks."""
    key: str
    """Idempotency key: the same delivery has the same key, two presses have two."""
    sent_at: int = 0
    """When the platform says it was sent, milliseconds since 1970 UTC; 0 if it doesn't say."""
    incident: str = ""
    """The incident that the place belongs to, when the door knows it (a channel or topic of its own)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is told to whoever spoke, once what they did is durable. In the person's own language."""

    lines: tuple[Line, ...] = ()
    ok: bool = True
    short: str = ""
    """The same in at most 200 characters, for a popup."""
    form: Form | None = None
    """What is still to be asked."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """Of a filled form: field to what is wrong with it; nothing was done."""
    content: Content | None = None
    """Something to show to this person alone, with its buttons."""
    public: bool = False
    """The lines may be shown to everybody in the place (a typed question in the group)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that somebody brings. `open` reads it once; `photo`: the platform has compressed it."""

    name: str
    size: int
    media: str
    path: str
    """Where the door has put it: a temporary file that the room takes over."""
    photo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A message of somebody, made an entry with one gesture: the copy taken is the evidence."""

    text: str
    author: Account
    author_name: str
    sent_at: int
    message: str
    """Its identity on the platform: what is later told of its edit or deletion is recorded beside it."""
