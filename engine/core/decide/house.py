"""The house's rules: which account becomes whose, which group serves what.

A code links at most one account, once, in its time; an account is one person's until it is revoked; a person has one
account a surface. A group of exercises never serves the real thing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from engine.core import commands as c
from engine.core import events as e
from engine.core.decide import record, staff
from engine.core.decide.draft import Draft, refuse
from engine.core.house import EXERCISES, PURPOSES, SURFACES, House, Link
from engine.core.house import commands as h
from engine.core.house.staff import amended
from engine.core.house.state import account_key, group_key, place_key
from engine.core.names import EXERCISE, REAL, is_exercise
from engine.core.quantities import DAY
from engine.core.world import World

__all__ = ["act"]

LONGEST_INVITATION: Final = 7 * DAY
_LONGEST_NAME: Final = 200
_TOLD_BY_THE_MACHINE: Final = (
    h.Enroll,
    h.BindPlace,
    h.MoveChat,
    h.MarkReach,
    h.NameBot,
    h.AskReach,
    h.Remind,
)
"""Nobody has to stand behind these: see `engine.core.house.commands`."""


def act(draft: Draft) -> None:
    """Decide an order of the house."""
    order, command = draft.order, draft.order.command
    draft.world = _as_said(draft)
    if order.by or order.entered_by or not isinstance(command, _TOLD_BY_THE_MACHINE):
        for person in (order.by, order.entered_by) if order.entered_by else (order.by,):
            draft.need_known(person)
    if order.occurred_at is not None:
        draft.need_past(order.occurred_at)
    match command:
        case h.Invite():
            _invite(draft, command)
        case h.Enroll():
            _enroll(draft, command)
        case h.Revoke():
            _revoke(draft, command)
        case h.SetPin():
            _set_pin(draft, command)
        case h.BindGroup():
            _bind_group(draft, command)
        case h.BindPlace():
            _bind_place(draft, command)
        case h.MoveChat():
            _move_chat(draft, command)
        case h.MarkReach():
            _mark_reach(draft, command)
        case h.NameBot():
            _name_bot(draft, command)
        case h.Remind():
            _remind(draft, command)
        case h.Appoint():
            staff.appoint(draft, command)
        case h.ChangeNumber():
            staff.change_number(draft, command)
        case h.Leave():
            staff.leave(draft, command)
        case h.AskReach():
            staff.ask_reach(draft, command)
        case h.ConfirmReach():
            staff.confirm_reach(draft)
        case h.JudgeLesson():
            staff.judge_lesson(draft, command)
        case c.Erase():
            record.erase(draft, command)
        case _:
            raise refuse("no_incident", incident=order.incident)


def _house(draft: Draft) -> House:
    return draft.incident.house or House()


def _as_said(draft: Draft) -> World:
    """The town with all that the book says of its people: orders that come together are decided one after the other."""
    file = draft.world.written
    return replace(draft.world, directory=amended(file, _house(draft).staff), file=file).at(draft.now)


def _need_surface(surface: str) -> None:
    if surface not in SURFACES:
        raise refuse("unknown_surface", surface=surface, choices=SURFACES)


# People and their accounts


def _invite(draft: Draft, command: h.Invite) -> None:
    directory = draft.world.directory
    if command.person not in directory.left:
        draft.need_role("invite")
        draft.need_known(command.person)
    elif directory.directors():
        draft.need_director("invite")  # who had left is back with it, and with the roles that they had
    else:
        draft.need_role("invite")
    if command.surface:
        _need_surface(command.surface)
    if not draft.now < command.expires <= draft.now + LONGEST_INVITATION:
        raise refuse("unlikely_date", at=command.expires)
    _need_digest(command.salt, command.digest)
    draft.emit(
        e.PersonInvited(
            person=command.person,
            salt=command.salt,
            digest=command.digest,
            surface=command.surface,
            expires=command.expires,
        )
    )


def _need_digest(salt: str, digest: str) -> None:
    """What can't be compared with later would be an open door, or a shut one."""
    try:
        sound = len(bytes.fromhex(salt)) == 16 and len(bytes.fromhex(digest)) == 32
    except ValueError:
        sound = False
    if not sound:
        raise refuse("unusable_digest")


def _enroll(draft: Draft, command: h.Enroll) -> None:
    """Whoever holds the code acts: the order itself names nobody."""
    _need_surface(command.surface)
    house = _house(draft)
    invitation = house.invitation(command.surface, command.code)
    if invitation is None or not command.account.strip():
        raise refuse("code_wrong")
    if invitation.expires <= draft.now:
        raise refuse("code_expired", at=invitation.expires)
    draft.need_known(invitation.person)
    owner = house.person(command.surface, command.account)
    if owner and owner != invitation.person:
        raise refuse("account_taken", person=owner)
    draft.speak_for(invitation.person, "")
    draft.emit(e.AccountLinked(person=invitation.person, surface=command.surface, account=command.account))


def _revoke(draft: Draft, command: h.Revoke) -> None:
    """Untie accounts: anybody who holds a role may, and everybody their own. A code that waits falls with them."""
    house = _house(draft)
    links = [link for link in house.links.values() if _is_meant(link, command)]
    waits = bool(command.person) and not command.account and command.person in house.invitations
    if not links and not waits:
        raise refuse("nothing_to_revoke", person=command.person or command.account)
    if not draft.in_person or {link.person for link in links} | {command.person or draft.by} != {draft.by}:
        draft.need_role("revoke")
    for link in links:
        draft.emit(
            e.AccountRevoked(
                person=link.person,
                surface=link.surface,
                account=link.account,
                reason=command.reason.strip(),
            )
        )
    if waits:
        draft.emit(e.InvitationCancelled(person=command.person))


def _is_meant(link: Link, command: h.Revoke) -> bool:
    if command.account:
        return (link.surface, link.account) == (command.surface, command.account)
    return link.person == command.person and command.surface in ("", link.surface)


def _set_pin(draft: Draft, command: h.SetPin) -> None:
    if not draft.in_person:
        raise refuse("in_person_only", what="pin", people=(draft.by,))
    _need_digest(command.salt, command.digest)
    draft.emit(e.PinSet(person=draft.by, salt=command.salt, digest=command.digest))


def _mark_reach(draft: Draft, command: h.MarkReach) -> None:
    """Of an account that is nobody's, nothing is kept."""
    link = _house(draft).links.get(account_key(command.surface, command.account))
    why = "" if command.open else command.why[:_LONGEST_NAME]
    if link is not None and (link.open, link.why) != (command.open, why):
        draft.emit(
            e.ReachChanged(
                person=link.person, surface=link.surface, account=link.account, open=command.open, why=why
            )
        )


def _remind(draft: Draft, command: h.Remind) -> None:
    """Once for each rung of an occurrence, whoever asks."""
    draft.need_known(command.person)
    known = _house(draft).reminded.get(command.what)
    if known is None or known.on != command.on or known.rung < command.rung:
        draft.emit(
            e.Reminded(
                person=command.person,
                what=command.what,
                on=command.on,
                rung=command.rung,
                title=command.title,
            )
        )


# Groups and places


def _bind_group(draft: Draft, command: h.BindGroup) -> None:
    draft.need_role("bind")
    _need_surface(command.surface)
    if command.purpose not in PURPOSES:
        raise refuse("unknown_purpose", purpose=command.purpose, choices=PURPOSES)
    house, chat = _house(draft), command.chat.strip()
    if chat:
        _keep_apart(house, command.surface, chat, exercise=command.purpose == EXERCISES)
    bound = house.groups.get(group_key(command.surface, command.purpose))
    if (bound.where if bound else ("", "")) != (chat, command.thread):
        draft.emit(
            e.GroupBound(surface=command.surface, purpose=command.purpose, chat=chat, thread=command.thread)
        )


def _bind_place(draft: Draft, command: h.BindPlace) -> None:
    if draft.by:
        draft.need_role("bind")
    _need_surface(command.surface)
    if not command.incident.startswith((f"{REAL}-", f"{EXERCISE}-")) or not command.chat.strip():
        raise refuse("no_incident", incident=command.incident)
    house = _house(draft)
    _keep_apart(house, command.surface, command.chat, exercise=is_exercise(command.incident))
    bound = house.places.get(place_key(command.surface, command.incident))
    if bound is None or bound.where != (command.chat, command.thread):
        draft.emit(
            e.PlaceBound(
                place_of=command.incident,
                surface=command.surface,
                chat=command.chat,
                thread=command.thread,
            )
        )


def _keep_apart(house: House, surface: str, chat: str, *, exercise: bool) -> None:
    """The chat of exercises never serves the real thing, in any of its topics; nor the other way round."""
    for one in house.groups.values():
        if (one.surface, one.chat) == (surface, chat) and (one.serves == EXERCISES) is not exercise:
            raise refuse("group_is_for", purpose=one.serves)
    for one in house.places.values():
        if (one.surface, one.chat) == (surface, chat) and is_exercise(one.serves) is not exercise:
            raise refuse("place_is_of", incident=one.serves)


def _move_chat(draft: Draft, command: h.MoveChat) -> None:
    house = _house(draft)
    known = (*house.groups.values(), *house.places.values())
    if command.new and any((one.surface, one.chat) == (command.surface, command.old) for one in known):
        both = (command.old, command.new)
        serves = {one.serves for one in known if one.surface == command.surface and one.chat in both}
        if EXERCISES in serves and any(one != EXERCISES and not is_exercise(one) for one in serves):
            # Bound from the new chat before the move was told: it is the same chat, and the real thing keeps it.
            draft.emit(e.GroupBound(surface=command.surface, purpose=EXERCISES, chat="", thread=""))
        draft.emit(e.ChatMoved(surface=command.surface, old=command.old, new=command.new))


def _name_bot(draft: Draft, command: h.NameBot) -> None:
    _need_surface(command.surface)
    name = command.name.strip()[:_LONGEST_NAME]
    if name and _house(draft).bots.get(command.surface) != name:
        draft.emit(e.BotNamed(surface=command.surface, name=name))
