"""The house after an event. Erased leaves read as empty: what they named is then nobody's."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from engine.core import events as e
from engine.core.folds import with_item, without
from engine.core.house.staffing import returned, staffed
from engine.core.house.state import (
    Chat,
    House,
    Invitation,
    Link,
    Pin,
    Reminder,
    account_key,
    group_key,
    place_key,
)

__all__ = ["housed"]


def housed(house: House, entry: e.Entry, event: e.HouseEvent) -> House:
    """What is true of the house after this entry."""
    match event:
        case e.PersonInvited() | e.InvitationCancelled() | e.PinSet():
            return _of_a_person(house, event)
        case e.AccountLinked() | e.AccountRevoked() | e.ReachChanged():
            return _of_an_account(house, entry, event)
        case e.GroupBound():
            key = group_key(event.surface, event.purpose)
            if not event.chat:
                return replace(house, groups=without(house.groups, key))
            chat = _chat(entry, event, event.purpose)
            return replace(house, groups=with_item(house.groups, key, chat))
        case e.PlaceBound():
            key = place_key(event.surface, event.place_of)
            place = _chat(entry, event, event.place_of)
            return replace(house, places=with_item(without(house.places, key), key, place))
        case e.ChatMoved():
            return replace(house, groups=_moved(house.groups, event), places=_moved(house.places, event))
        case e.Reminded():
            reminder = Reminder(on=event.on, rung=event.rung, at=entry.at)
            return replace(house, reminded=with_item(house.reminded, event.what, reminder))
        case e.BotNamed():
            return replace(house, bots=with_item(house.bots, event.surface, event.name))
        case (
            e.LessonJudged() | e.RoleAppointed() | e.NumberChanged() | e.PersonLeft() | e.ReachAsked()
            | e.ReachConfirmed()
        ):  # fmt: skip
            return replace(house, staff=staffed(house.staff, entry, event))


def _chat(entry: e.Entry, event: e.GroupBound | e.PlaceBound, serves: str) -> Chat:
    return Chat(surface=event.surface, serves=serves, chat=event.chat, thread=event.thread, since=entry.at)


def _of_a_person(house: House, event: e.PersonInvited | e.InvitationCancelled | e.PinSet) -> House:
    person = event.person
    if not person:
        return house
    match event:
        case e.PersonInvited():
            invitation = Invitation(
                person=person,
                salt=event.salt,
                digest=event.digest,
                expires=event.expires,
                surface=event.surface,
            )
            return replace(
                house,
                invitations=with_item(house.invitations, person, invitation),
                staff=returned(house.staff, person),
            )
        case e.InvitationCancelled():
            return replace(house, invitations=without(house.invitations, person))
        case e.PinSet():
            return replace(house, pins=with_item(house.pins, person, Pin(event.salt, event.digest)))


def _of_an_account(
    house: House, entry: e.Entry, event: e.AccountLinked | e.AccountRevoked | e.ReachChanged
) -> House:
    if not (event.person and event.account):
        return house
    key = account_key(event.surface, event.account)
    match event:
        case e.AccountLinked():
            link = Link(person=event.person, surface=event.surface, account=event.account, since=entry.at)
            return replace(
                house,
                links={**_others(house, event.person, event.surface), key: link},
                invitations=without(house.invitations, event.person),
            )
        case e.AccountRevoked():
            return replace(house, links=without(house.links, key))
        case e.ReachChanged():
            found = house.links.get(key)
            if found is None:
                return house
            return replace(
                house, links=with_item(house.links, key, replace(found, open=event.open, why=event.why))
            )


def _others(house: House, person: str, surface: str) -> dict[str, Link]:
    return {key: one for key, one in house.links.items() if (one.person, one.surface) != (person, surface)}


def _moved(chats: Mapping[str, Chat], event: e.ChatMoved) -> Mapping[str, Chat]:
    return {
        key: replace(one, chat=event.new) if (one.surface, one.chat) == (event.surface, event.old) else one
        for key, one in chats.items()
    }
