"""What is ordered of the house: `Order(incident=HOUSE, …)`.

What a platform or the machine tells (a chat moved, an account that can't be written to, the bot's name, the channel it
has made for an incident) comes with an empty `by`. So does `Enroll`: who acts is whoever the code was drawn for.
"""

from __future__ import annotations

from engine.core.commands import Command
from engine.core.quantities import Instant

__all__ = [
    "Appoint", "AskReach", "BindGroup", "BindPlace", "ChangeNumber", "ConfirmReach", "Enroll", "HouseCommand",
    "Invite", "JudgeLesson", "Leave", "MarkReach", "MoveChat", "NameBot", "Remind", "Revoke", "SetPin",
]  # fmt: skip


class HouseCommand(Command, frozen=True, kw_only=True):
    """Base of what only the house takes."""


class Invite(HouseCommand, frozen=True, kw_only=True):
    """A one-time code was drawn for somebody: its salted digest (`engine.core.house.codes`), and until when."""

    person: str
    salt: str
    digest: str
    expires: Instant
    surface: str = ""
    """The only surface it may be given on; empty: any."""


class Enroll(HouseCommand, frozen=True, kw_only=True):
    """Somebody gives a code from an account: it becomes the account of the person that the code was drawn for."""

    surface: str
    account: str
    code: str


class Revoke(HouseCommand, frozen=True, kw_only=True):
    """Untie all the accounts of a person (or those of one surface), or the one account named."""

    person: str = ""
    surface: str = ""
    account: str = ""
    reason: str = ""


class BindGroup(HouseCommand, frozen=True, kw_only=True):
    """This group serves `purpose` (crisis, exercise, declare) from now on; without `chat`, none does any more."""

    surface: str
    purpose: str
    chat: str = ""
    thread: str = ""


class BindPlace(HouseCommand, frozen=True, kw_only=True):
    """This channel or topic is the place of one incident."""

    incident: str
    surface: str
    chat: str
    thread: str = ""


class MoveChat(HouseCommand, frozen=True, kw_only=True):
    """The platform has given a chat another identity (a Telegram group became a supergroup)."""

    surface: str
    old: str
    new: str


class MarkReach(HouseCommand, frozen=True, kw_only=True):
    """The bot may, or may no longer, write to an account in private. `why`: a code of the door's."""

    surface: str
    account: str
    open: bool
    why: str = ""


class NameBot(HouseCommand, frozen=True, kw_only=True):
    """The platform tells the bot's name, of which links to it are made."""

    surface: str
    name: str


class Remind(HouseCommand, frozen=True, kw_only=True):
    """Somebody was told of something that is due, and that the calendar names so."""

    person: str
    what: str
    on: str
    rung: int
    title: str


class SetPin(HouseCommand, frozen=True, kw_only=True):
    """Whoever acts has chosen a PIN: its salted digest (`engine.core.house.codes`)."""

    salt: str
    digest: str


class Appoint(HouseCommand, frozen=True, kw_only=True):
    """These people have a role from now on, the holder first, then the deputies in the order they are called."""

    role: str
    people: tuple[str, ...]


class ChangeNumber(HouseCommand, frozen=True, kw_only=True):
    """Whoever acts, or `person`, is called on this number from now on."""

    phone: str
    person: str = ""


class Leave(HouseCommand, frozen=True, kw_only=True):
    """Whoever acts, or `person`, no longer has their functions in the town."""

    person: str = ""


class AskReach(HouseCommand, frozen=True, kw_only=True):
    """Somebody was asked whether they can still be reached."""

    person: str


class ConfirmReach(HouseCommand, frozen=True, kw_only=True):
    """Whoever acts can still be reached, as the directory has it."""


class JudgeLesson(HouseCommand, frozen=True, kw_only=True):
    """What a closed incident proposed for the plan is taken (by a day), refused (with a reason), or done."""

    lesson: str
    """Its incident and its entry: `INC-2026-001/57`."""
    state: str
    owner: str
    """The role that it belongs to."""
    text: str = ""
    due: str = ""
    reason: str = ""
